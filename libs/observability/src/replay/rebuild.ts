import type { EventLog, LogRecord, Snapshot } from '@opensqt/event-log';
import { type AnyProjection, ProjectedState, type Projection } from '../projections/projection';
import { startingPoint } from '../projections/snapshot-choice';
import { latestTime } from './log-reading';

/** The progress of a rebuild. */
export interface RebuildProgress {
  advance(events: number): void;
  end(): void;
}

/** A projection that is folded from the events of the log's bot: from the first one on, or from a snapshot. */
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
   * Begins with the log's first event. Where older ones have been dropped, with the oldest snapshot that is kept; it says so, and of each
   * that can't be used why.
   *
   * @param to the position that it is to go up to
   */
  async begin(to: number): Promise<readonly string[]> {
    const { first } = this.log.status();
    if (first === 1) return [];
    const { name } = this.projected.projection;
    let oldest: Snapshot | undefined;
    for (let until = to; until >= first - 1;) {
      const older = (await this.log.snapshots(name, until))
        .filter(({ position }) => position >= first - 1)
        .at(-1);
      if (older === undefined) break;
      oldest = older;
      until = older.position - 1;
    }
    const refusals = await this.beginWith(oldest === undefined ? [] : [oldest]);
    const notice = `The log begins at position ${first}, as older events have been dropped: the ${name} state is rebuilt from the snapshot at position ${this.position}.`;
    return oldest === undefined ? refusals : [notice, ...refusals];
  }

  /** Begins with the nearest kept snapshot at or before that position, and says of each that can't be used why. */
  async beginNear(to: number): Promise<readonly string[]> {
    return this.beginWith(await this.log.snapshots(this.projected.projection.name, to));
  }

  private async beginWith(snapshots: readonly Snapshot[]): Promise<readonly string[]> {
    const { first, position: head } = this.log.status();
    const { state, position, refusals } = startingPoint(this.projected.projection, snapshots, head, first);
    this.projected.resume(state, position);
    this.latest = Math.max(this.latest, (await latestTime(this.log, position)) ?? 0);
    return refusals;
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
          this.projected.foldLogged(record, this.log.bot);
          this.see(record);
        }
        progress?.advance(records.length);
      }
    } finally {
      progress?.end();
    }
  }

  private see({ bot, event }: LogRecord): void {
    if (bot === this.log.bot) this.latest = Math.max(this.latest, event.occurredAt);
  }
}
