import type { EventLog } from '@opensqt/event-log';
import { type AnyProjection, ProjectedState, type Projection } from '../projections/projection';

/** The progress of a rebuild. */
export interface RebuildProgress {
  advance(events: number): void;
  end(): void;
}

/** A projection that is folded from a log, from its first event on and without snapshots. */
export class Rebuild<State> {
  private readonly projected: ProjectedState<State>;
  private latest = 0;

  constructor(
    private readonly log: EventLog,
    projection: Pick<Projection<State>, 'initial'> & AnyProjection,
    private readonly progressOf?: (events: number) => RebuildProgress,
  ) {
    this.projected = ProjectedState.of(projection as unknown as Projection<State>);
  }

  get state(): State {
    return this.projected.current;
  }

  get position(): number {
    return this.projected.position;
  }

  /** The latest time that an event was stamped with. */
  get now(): number {
    return this.latest;
  }

  /**
   * Goes on up to that position.
   *
   * @throws ReplayError (rejects) `LOG_GAP`
   */
  async advance(to: number): Promise<void> {
    if (to <= this.position) return;
    const progress = this.progressOf?.(to - this.position);
    try {
      for await (const records of this.log.read({ from: this.position + 1, to })) {
        for (const record of records) {
          this.projected.foldLogged(record);
          this.latest = Math.max(this.latest, record.event.occurredAt);
        }
        progress?.advance(records.length);
      }
    } finally {
      progress?.end();
    }
  }
}
