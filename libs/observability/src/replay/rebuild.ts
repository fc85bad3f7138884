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
      for await (const { from, facts } of this.log.readFacts({ from: this.position + 1, to })) {
        facts.forEach((event, index) => {
          this.projected.foldLogged({ position: from + index, event });
          this.latest = Math.max(this.latest, event.occurredAt);
        });
        progress?.advance(facts.length);
      }
    } finally {
      progress?.end();
    }
  }
}
