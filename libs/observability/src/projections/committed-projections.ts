import type { EventLog, LogRecord, Snapshot, Subscription } from '@opensqt/event-log';
import { EventLogError, snapshotChecksum } from '@opensqt/event-log';
import { type AnyProjection, type LoggedFact, ProjectedState, type Projection } from './projection';
import { ReplayError } from './replay-error';
import { startingPoint } from './snapshot-choice';
import { copiedState, stateText } from './state-text';

/** The intervals of snapshots, whichever ends first. None is written while nothing is committed. */
export interface SnapshotSchedule {
  /** Events since the last one: the most that a restart reads. */
  readonly events: number;
  /** Milliseconds since the last one. */
  readonly intervalMs: number;
  /** Positions of which one snapshot is kept for good. Absent: none is. */
  readonly history?: number;
}

/** The beginning of a restart: its snapshot and what it had to read. */
export interface Restored {
  /** The position of the oldest snapshot that was used; 0 when some projection had none. */
  readonly from: number;
  /** Events after it that were read from the log. */
  readonly events: number;
  /** Those of them that are this bot's. */
  readonly own: number;
  /** The position that was reached. */
  readonly position: number;
  /** The reasons that snapshots were passed over, a sentence each. */
  readonly refusals: readonly string[];
}

export interface RestoreListener {
  /** Called now and then with the position that was reached. */
  readonly onProgress?: (position: number) => void;
  /** Called with the records at the log's end, some of which the snapshots hold already. */
  readonly onRecord?: (record: LogRecord) => void;
}

/** Takes what goes wrong, in words. */
export interface SnapshotLogger {
  warn(message: string): void;
}

/** The consumer whose checkpoint says from where on the log is needed for snapshots. */
export const SNAPSHOTS = 'snapshots';

/** Ids of so many events at the log's end are read again at a restart, to recognise a repeated one. */
const IDS_REMEMBERED = 20_000;
const CLOSE_PATIENCE_MS = 5_000;

/**
 * The projections as of the last committed position: what snapshots are made of, and what a restart begins with. They fold
 * the log, not what is emitted: a snapshot at a position holds this bot's logged events up to it and nothing else, whatever the
 * log refused, knew already or was given by other processes of the bot.
 *
 * @example
 * const committed = new CommittedProjections([metricsProjection], log, logger);
 * await committed.restore();
 * committed.subscribe({ events: 50_000, intervalMs: 30_000, history: 250_000 });
 */
export class CommittedProjections {
  private readonly states: readonly ProjectedState<unknown>[];
  private readonly reported = new Set<string>();
  private schedule: SnapshotSchedule | undefined;
  private onRecord: (record: LogRecord) => void = () => undefined;
  private subscription: Subscription | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Folding and encoding alternate: a state that is being written does not change. */
  private turn: Promise<void> = Promise.resolve();
  private saving: Promise<void> | undefined;
  private head = 0;
  private snapshotAt = 0;
  /** Position of the snapshots before the newest ones: what comes after it is still needed where one of the newest is damaged. */
  private keptFrom = 0;

  constructor(
    projections: readonly AnyProjection[],
    private readonly log: EventLog,
    private readonly logger: SnapshotLogger,
  ) {
    this.states = projections.map((projection) => ProjectedState.of(projection as Projection<unknown>));
  }

  /**
   * Begins where the snapshots end and folds the rest of the log.
   *
   * @throws ReplayError (rejects) `LOG_GAP`
   */
  async restore({ onProgress, onRecord }: RestoreListener = {}): Promise<Restored> {
    const { first, position: head } = this.log.status();
    const refusals: string[] = [];
    for (const projected of this.states) {
      const { projection } = projected;
      const start = startingPoint(projection, await this.log.snapshots(projection.name), head, first);
      projected.resume(start.state, start.position);
      refusals.push(...start.refusals);
    }
    const from = Math.min(...this.states.map(({ position }) => position));
    this.head = from;
    let own = 0;
    for await (const records of this.log.read({ from: from + 1 })) {
      for (const record of records) {
        this.fold(record);
        if (record.bot === this.log.bot) own += 1;
      }
      onProgress?.(this.head);
    }
    if (onRecord !== undefined) {
      for await (const records of this.log.read({ from: Math.max(1, head - IDS_REMEMBERED) }))
        for (const record of records) onRecord(record);
    }
    this.snapshotAt = this.keptFrom = from;
    return { from, events: this.head - from, own, position: this.head, refusals };
  }

  /**
   * Folds what is committed from now on, and writes snapshots.
   *
   * @param schedule undefined: none is written
   * @param onRecord called with each record, in order
   */
  subscribe(
    schedule: SnapshotSchedule | undefined,
    onRecord: (record: LogRecord) => void = () => undefined,
  ): void {
    this.schedule = schedule;
    this.onRecord = onRecord;
    this.subscription = this.log.subscribe(this.head + 1, (records) => this.foldAll(records), {
      onError: (error) => this.failed(error),
    });
    if (schedule !== undefined) this.timer = setInterval(() => void this.snapshot(), schedule.intervalMs);
    this.timer?.unref();
  }

  /** The last committed position that is folded. */
  get position(): number {
    return this.head;
  }

  /**
   * A copy of a projection's state as of the last committed position.
   *
   * @throws ReplayError `UNKNOWN_PROJECTION` when it is none of those that are kept
   */
  stateOf<State>(projection: Pick<Projection<State, never>, 'name' | 'encode' | 'decode'>): State {
    return copiedState(projection, this.viewOf(projection));
  }

  /**
   * The state itself, to look at only.
   *
   * @throws ReplayError `UNKNOWN_PROJECTION`
   */
  viewOf<State>(projection: Pick<Projection<State, never>, 'name'>): State {
    const found = this.states.find((projected) => projected.projection.name === projection.name);
    if (found !== undefined) return found.current as State;
    const message = `No projection ${projection.name} is kept. Name it in the option projections.`;
    throw new ReplayError('UNKNOWN_PROJECTION', message);
  }

  /** Resolves when everything committed before the call is folded. */
  async caughtUp(): Promise<void> {
    await this.subscription?.caughtUp();
  }

  /** Folds what was committed and writes a last snapshot; a log that can't be read is waited for briefly. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    const { subscription } = this;
    if (subscription === undefined) return;
    const patience = setTimeout(() => void subscription.close(), CLOSE_PATIENCE_MS);
    await subscription.caughtUp().catch((error: unknown) => this.failed(error));
    clearTimeout(patience);
    await this.saving;
    if (this.schedule !== undefined) await this.snapshot();
    await subscription.close();
  }

  /** Writes a snapshot of every projection, unless nothing has been committed since the last one. */
  async snapshot(): Promise<void> {
    await this.inTurn(() => this.write());
    await this.saving;
  }

  private async foldAll(records: readonly LogRecord[]): Promise<void> {
    await this.inTurn(async () => {
      for (const record of records) {
        this.fold(record);
        this.onRecord(record);
      }
      if (this.head - this.snapshotAt >= (this.schedule?.events ?? Infinity)) await this.write();
    });
  }

  /** One projection that throws must not cost the others theirs; only a gap concerns them all. */
  private fold(logged: LoggedFact): void {
    for (const projected of this.states) {
      try {
        projected.foldLogged(logged, this.log.bot);
      } catch (error) {
        if (error instanceof ReplayError) throw error;
        const { name } = projected.projection;
        if (this.reported.has(name)) continue;
        this.reported.add(name);
        this.logger.warn(`The ${name} projection failed on a committed event; said once: ${String(error)}`);
      }
    }
    this.head = Math.max(this.head, logged.position);
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async write(): Promise<void> {
    if (this.saving !== undefined || this.head === this.snapshotAt) return;
    this.snapshotAt = this.head;
    try {
      const snapshots: Snapshot[] = [];
      for (const { projection, current } of this.states)
        snapshots.push(await this.snapshotOf(projection, current));
      this.saving = this.save(snapshots).finally(() => (this.saving = undefined));
    } catch (error) {
      this.logger.warn(`A state could not be written down as a snapshot: ${String(error)}`);
    }
  }

  private async snapshotOf(projection: Projection<unknown>, state: unknown): Promise<Snapshot> {
    const { name, version } = projection;
    const position = this.head;
    const snapshot = { projection: name, version, position, state: await stateText(projection, state) };
    return { ...snapshot, checksum: snapshotChecksum(snapshot) };
  }

  private async save(snapshots: readonly Snapshot[]): Promise<void> {
    try {
      for (const snapshot of snapshots) await this.log.saveSnapshot(snapshot, this.schedule?.history);
      await this.release(snapshots[0]?.position);
    } catch (error) {
      this.logger.warn(
        `Snapshots could not be written; a restart reads more of the log instead: ${String(error)}`,
      );
    }
  }

  /** Lets a log with a retention drop what no snapshot needs any more. */
  private async release(saved = 0): Promise<void> {
    if (this.log.shared) await this.log.saveCheckpoint({ consumer: SNAPSHOTS, position: this.keptFrom });
    this.keptFrom = saved;
  }

  /** A log that can't be read now may be later; a gap stays, and a snapshot over it would hide it. */
  private failed(error: unknown): void {
    if (error instanceof ReplayError || (error instanceof EventLogError && error.code === 'LOG_DROPPED')) {
      clearInterval(this.timer);
      void this.subscription?.close();
      this.subscription = undefined;
      this.logger.warn(`No more snapshots are made: ${error.message}`);
    } else if (!this.reported.has('log')) {
      this.reported.add('log');
      this.logger.warn(`The log could not be read and is tried again; said once: ${String(error)}`);
    }
  }
}
