import type { EventLog, LogRecord, Snapshot, Subscription } from '@opensqt/event-log';
import { snapshotChecksum } from '@opensqt/event-log';
import type { TradingEvent } from '@opensqt/trading-events';
import { EmissionOrder } from './emission-order';
import { type AnyProjection, type LoggedFact, ProjectedState, type Projection } from './projection';
import { ReplayError } from './replay-error';
import { startingPoint } from './snapshot-choice';
import { copiedState, stateText } from './state-text';

/** When snapshots are written, whichever comes first. Only when something was committed since the last one. */
export interface SnapshotSchedule {
  /** Events since the last one: bounds what a restart reads. */
  readonly events: number;
  /** Milliseconds since the last one: bounds what a crash takes from the histograms of live events. */
  readonly intervalMs: number;
}

/** What a restart began with and had to read. */
export interface Restored {
  /** The position of the oldest snapshot that was used; 0 when some projection had none. */
  readonly from: number;
  /** Events after it that were read from the log. */
  readonly events: number;
  /** The position that was reached. */
  readonly position: number;
  /** Why snapshots were passed over, a sentence each. */
  readonly refusals: readonly string[];
}

/** Who is told how a restart goes. */
export interface RestoreListener {
  /** Called now and then with the position that was reached. */
  readonly onProgress?: (position: number) => void;
  /** Called with the records at the log's end, some of which the snapshots hold already. */
  readonly onRecord?: (record: LogRecord) => void;
}

/** Told what goes wrong, in words. */
export interface SnapshotLogger {
  warn(message: string): void;
}

/** Ids of so many events at the log's end are read again at a restart, to know a fact that is told twice. */
const IDS_REMEMBERED = 20_000;
const CLOSE_PATIENCE_MS = 5_000;

/**
 * The projections as of the last committed position: what snapshots are made of, and what a restart begins with. They follow
 * the log, not the emitter, so that a snapshot at a position holds exactly the events up to it, whatever the log refused,
 * knew already or was told by others; live events take the turn that they had among the logged ones.
 *
 * @example
 * const committed = new CommittedProjections([metricsProjection], log, logger);
 * await committed.restore();
 * committed.follow({ events: 50_000, intervalMs: 30_000 });
 */
export class CommittedProjections {
  private readonly states: readonly ProjectedState<unknown>[];
  private readonly order = new EmissionOrder();
  private readonly reported = new Set<string>();
  private readonly foldLive = (event: TradingEvent): void => this.each((projected) => projected.apply(event));
  private schedule: SnapshotSchedule | undefined;
  private onRecord: (record: LogRecord) => void = () => undefined;
  private subscription: Subscription | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** Folding and encoding take turns: a state that is being written does not change. */
  private turn: Promise<void> = Promise.resolve();
  private encoding = false;
  private saving: Promise<void> | undefined;
  private head = 0;
  private snapshotAt = 0;

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
    const head = this.log.status().position;
    const refusals: string[] = [];
    for (const projected of this.states) {
      const { projection } = projected;
      const start = startingPoint(projection, await this.log.snapshots(projection.name), head);
      projected.resume(start.state, start.position);
      refusals.push(...start.refusals);
    }
    const from = Math.min(...this.states.map(({ position }) => position));
    this.head = from;
    for await (const records of this.log.read({ from: from + 1 })) {
      for (const record of records) this.foldLogged(record);
      onProgress?.(this.head);
    }
    if (onRecord !== undefined) {
      for await (const records of this.log.read({ from: Math.max(1, head - IDS_REMEMBERED) }))
        for (const record of records) onRecord(record);
    }
    this.snapshotAt = from;
    return { from, events: this.head - from, position: this.head, refusals };
  }

  /**
   * Goes on with what is committed from now on, and writes snapshots.
   *
   * @param onRecord told of each record, in order
   */
  follow(schedule: SnapshotSchedule, onRecord: (record: LogRecord) => void = () => undefined): void {
    this.schedule = schedule;
    this.onRecord = onRecord;
    this.subscription = this.log.subscribe(this.head + 1, (records) => this.take(records), {
      onError: (error) => this.failed(error),
    });
    this.timer = setInterval(() => void this.snapshot(), schedule.intervalMs);
    this.timer.unref();
  }

  /** Takes in an event as it is emitted, before it is handed to the log. */
  emitted(event: TradingEvent): void {
    if (this.subscription === undefined) return;
    this.order.emitted(event);
    if (this.order.isOverfull && !this.encoding) this.order.giveUp(this.foldLive);
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
    await this.snapshot();
    await subscription.close();
  }

  /** Writes a snapshot of every projection, unless nothing has been committed since the last one. */
  async snapshot(): Promise<void> {
    await this.inTurn(() => this.write());
    await this.saving;
  }

  private async take(records: readonly LogRecord[]): Promise<void> {
    await this.inTurn(async () => {
      for (const record of records) {
        this.order.committed(record.event, this.foldLive);
        this.foldLogged(record);
        this.onRecord(record);
      }
      if (this.head - this.snapshotAt >= (this.schedule?.events ?? Infinity)) await this.write();
    });
  }

  private foldLogged(logged: LoggedFact): void {
    this.each((projected) => projected.follow(logged));
    this.head = Math.max(this.head, logged.position);
  }

  /** One projection that throws must not cost the others theirs; only a gap concerns them all. */
  private each(fold: (projected: ProjectedState<unknown>) => void): void {
    for (const projected of this.states) {
      try {
        fold(projected);
      } catch (error) {
        if (error instanceof ReplayError) throw error;
        const { name } = projected.projection;
        if (this.reported.has(name)) continue;
        this.reported.add(name);
        this.logger.warn(`The ${name} projection failed on a committed event; said once: ${String(error)}`);
      }
    }
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async write(): Promise<void> {
    if (this.saving !== undefined || this.head === this.snapshotAt) return;
    this.snapshotAt = this.head;
    this.encoding = true;
    try {
      this.order.settled(this.foldLive);
      const snapshots: Snapshot[] = [];
      for (const { projection, current } of this.states)
        snapshots.push(await this.snapshotOf(projection, current));
      this.saving = this.save(snapshots).finally(() => (this.saving = undefined));
    } catch (error) {
      this.logger.warn(`A state could not be written down as a snapshot: ${String(error)}`);
    } finally {
      this.encoding = false;
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
      for (const snapshot of snapshots) await this.log.saveSnapshot(snapshot);
    } catch (error) {
      this.logger.warn(
        `Snapshots could not be written; a restart reads more of the log instead: ${String(error)}`,
      );
    }
  }

  /** What can't be read now may be later; a gap stays, and a snapshot over it would hide it. */
  private failed(error: unknown): void {
    if (error instanceof ReplayError) {
      clearInterval(this.timer);
      void this.subscription?.close();
      this.subscription = undefined;
      this.logger.warn(`No more snapshots are made: ${error.message}`);
    } else if (!this.reported.has('log')) {
      this.reported.add('log');
      this.logger.warn(`The log could not be followed and is tried again; said once: ${String(error)}`);
    }
  }
}
