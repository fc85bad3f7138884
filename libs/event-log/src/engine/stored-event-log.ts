import type { AnyEvent } from '@opensqt/trading-events';
import {
  type Checkpoint,
  type EventLog,
  EventLogError,
  type EventLogStatus,
  type Lease,
  type LeaseOptions,
  type LogRecord,
  type ReadOptions,
  type RecordHandler,
  type Snapshot,
  type SubscribeOptions,
  type Subscription,
} from '../event-log';
import type { LogIdentity } from './identity';
import { HeldLease, LocalLeases, untilGranted } from './leases';
import { LogMaintenance } from './log-maintenance';
import {
  type Awaitable,
  type LogStore,
  type LogWriter,
  type LogWriterFactory,
  type LogWriterStatus,
  type OnCommit,
  recordsOf,
} from './log-store';
import { LogSubscription, type RecordSource } from './log-subscription';
import { RecentRecords } from './recent-records';

/** Positions that are read from the store at a time; the event loop turns in between. */
const CHUNK = 2_000;
const RECENT = 4 * CHUNK;
const POLL_MS = 250;

/** The numbers of a writer's status. */
type Countable = Exclude<keyof LogWriterStatus, 'failure'>;

/** The ways in which a log works on its store. */
export interface StoredEventLogOptions {
  readonly identity: LogIdentity;
  /** Makes the writer. Absent in a log that is only read: another process writes. */
  readonly writer?: LogWriterFactory | undefined;
  /** Other processes write to it too, so that its end is theirs to move. @default false */
  readonly shared?: boolean | undefined;
}

/** A log over any store: the store keeps records, the rest of what a log promises is here, once for all backends. */
export class StoredEventLog implements EventLog {
  private readonly commits: LogWriter | undefined;
  private readonly recent = new RecentRecords(RECENT);
  private readonly subscriptions = new Set<LogSubscription>();
  private readonly source: RecordSource;
  private readonly maintenance: LogMaintenance | undefined;
  private readonly leases = new Set<HeldLease>();
  private readonly waits = new Set<Promise<HeldLease>>();
  private readonly localLeases = new LocalLeases();
  private readonly stopping = new AbortController();
  /** Others move the log's end too. */
  readonly shared: boolean;
  readonly bot: string;
  readonly writer: string;
  private closing: Promise<void> | undefined;

  /** @param position the store's last position */
  constructor(
    private readonly store: LogStore,
    private position: number,
    private readonly options: StoredEventLogOptions,
  ) {
    const { identity, writer, shared = false } = options;
    this.bot = identity.bot;
    this.writer = identity.writer;
    this.shared = shared || writer === undefined;
    this.source = {
      name: store.name,
      first: () => this.first,
      end: () => this.end(),
      next: (from) => this.next(from),
      pollMs: this.shared ? POLL_MS : undefined,
    };
    store.watch?.((position) => this.committed({ position }));
    this.commits = writer?.(this.committed);
    this.maintenance = this.commits && LogMaintenance.of(store);
  }

  admit(events: readonly AnyEvent[]): EventLogError | undefined {
    try {
      return this.openWriter().admit(events);
    } catch (error) {
      if (error instanceof EventLogError) return error;
      throw error;
    }
  }

  // Not an async function, nor are the others that write: what is refused is refused before the call returns.
  append(events: readonly AnyEvent[], checkpoint?: Checkpoint): Promise<void> {
    try {
      const writer = this.openWriter();
      if (events.length === 0 && checkpoint === undefined) return Promise.resolve();
      return writer.append(events, checkpoint);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  read(options: ReadOptions = {}): AsyncIterable<readonly LogRecord[]> {
    const { from = 1, to = Number.MAX_SAFE_INTEGER, types } = options;
    return this.kept(firstPosition(from), checkPosition(to, 'to'), this.end(), types);
  }

  subscribe(from: number, handler: RecordHandler, options: SubscribeOptions = {}): Subscription {
    this.assertOpen();
    const subscription = new LogSubscription(
      this.source,
      Math.max(firstPosition(from), this.first),
      handler,
      options,
    );
    this.subscriptions.add(subscription);
    return {
      caughtUp: () => subscription.caughtUp(),
      close: () => {
        this.subscriptions.delete(subscription);
        return subscription.close();
      },
    };
  }

  async bots(): Promise<readonly string[]> {
    this.assertOpen();
    return this.store.bots();
  }

  async checkpoint(consumer: string): Promise<number> {
    this.assertOpen();
    return this.store.checkpoint(consumer);
  }

  saveCheckpoint(checkpoint: Checkpoint): Promise<void> {
    return this.append([], checkpoint);
  }

  async saveSnapshot(snapshot: Snapshot, history?: number): Promise<void> {
    this.openWriter();
    await this.store.saveSnapshot(snapshot, history);
  }

  async snapshots(projection: string, to = Number.MAX_SAFE_INTEGER): Promise<readonly Snapshot[]> {
    this.assertOpen();
    return this.store.snapshots(projection, checkPosition(to, 'to'));
  }

  async lease(name: string, options: LeaseOptions = {}): Promise<Lease> {
    this.openWriter();
    const { signal, onError, onHeld } = options;
    const waiting = AbortSignal.any([this.stopping.signal, ...(signal === undefined ? [] : [signal])]);
    const lease = await this.pending(
      untilGranted(() => this.acquire(name, waiting, onHeld), waiting, onError),
    );
    this.leases.add(lease);
    lease.lost.addEventListener('abort', () => this.leases.delete(lease), { once: true });
    return lease;
  }

  status(): EventLogStatus {
    const writers = [...(this.commits === undefined ? [] : [this.commits]), ...this.leases];
    const each = writers.map((writer) => writer.status());
    const failure = each.find((status) => status.failure !== undefined)?.failure ?? this.maintenance?.failure;
    const storage = this.maintenance?.storage;
    const sum = (of: Countable): number => each.reduce((total, status) => total + status[of], 0);
    const max = (of: Countable): number => Math.max(0, ...each.map((status) => status[of]));
    return {
      first: this.first,
      position: this.position,
      queueDepth: sum('queueDepth'),
      queueCapacity: max('queueCapacity'),
      refused: sum('refused'),
      writerRestarts: this.store.writerRestarts ?? 0,
      lagMs: max('lagMs'),
      appendMs: max('appendMs'),
      ...(failure === undefined ? {} : { failure }),
      ...(storage === undefined ? {} : { storage }),
    };
  }

  async flush(): Promise<void> {
    await Promise.all([this.commits?.flush(), ...[...this.leases].map((lease) => lease.flush())]);
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    const subscriptions = [...this.subscriptions];
    for (const subscription of subscriptions) subscription.stop();
    this.stopping.abort(this.closed());
    try {
      await Promise.allSettled(this.waits);
      await Promise.allSettled([...this.leases].map((lease) => lease.release()));
      await this.commits?.close();
    } finally {
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
      this.maintenance?.stop();
      await this.store.close();
    }
  }

  private readonly committed: OnCommit = (commit) => {
    if ('events' in commit) this.recent.add(recordsOf(commit, this));
    this.position = Math.max(this.position, commit.position);
    for (const subscription of this.subscriptions) subscription.wake();
  };

  private pending(wait: Promise<HeldLease>): Promise<HeldLease> {
    this.waits.add(wait);
    return wait.finally(() => this.waits.delete(wait));
  }

  /** Another process can overtake a lease that the store grants: what waits for it has a queue of its own. */
  private async acquire(
    name: string,
    signal: AbortSignal,
    onHeld: LeaseOptions['onHeld'],
  ): Promise<HeldLease> {
    const granted = await this.store.lease?.(name, signal, onHeld);
    if (granted === undefined || this.options.writer === undefined)
      return new HeldLease(await this.localLeases.acquire(name, signal), sharing(this.openWriter()));
    return new HeldLease(granted, this.options.writer(this.committed, granted));
  }

  private get first(): number {
    return this.store.firstPosition ?? 1;
  }

  /** The log's end: known where only this process writes, looked up where others do. */
  private end(): Awaitable<number> {
    return this.shared && this.closing === undefined ? this.lookUpEnd() : this.position;
  }

  private async lookUpEnd(): Promise<number> {
    this.position = Math.max(this.position, await this.store.lastPosition());
    return this.position;
  }

  private async next(from: number): Promise<readonly LogRecord[]> {
    const end = from <= this.position ? this.position : await this.end();
    if (from > end) return [];
    return this.recent.from(from, CHUNK) ?? this.firstFrom(from, end);
  }

  private async firstFrom(from: number, end: number): Promise<readonly LogRecord[]> {
    for await (const records of this.chunks(from, end)) return records;
    return [];
  }

  /** The rest of a part of the log. */
  private async *kept(
    from: number,
    to: number,
    end: Awaitable<number>,
    types: ReadOptions['types'],
  ): AsyncGenerator<readonly LogRecord[]> {
    const last = Math.min(to, await end);
    yield* this.chunks(Math.max(from, this.first), last, types);
  }

  private async *chunks(
    from: number,
    last: number,
    types?: ReadOptions['types'],
  ): AsyncGenerator<readonly LogRecord[]> {
    for (let start = from; start <= last; start += CHUNK) {
      this.assertOpen();
      const records = await this.store.read(start, Math.min(last, start + CHUNK - 1), types);
      if (records.length > 0) yield records;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private openWriter(): LogWriter {
    this.assertOpen();
    if (this.commits !== undefined) return this.commits;
    const message = `${this.store.name} was opened to be read only. Open it for writing to record anything.`;
    throw new EventLogError('LOG_READ_ONLY', message);
  }

  private assertOpen(): void {
    if (this.closing !== undefined) throw this.closed();
  }

  private closed(): EventLogError {
    return new EventLogError('LOG_CLOSED', `${this.store.name} has been closed and accepts no more calls.`);
  }
}

/** The log's own writer, for somebody who must not close it and whose status is the log's. */
function sharing(writer: LogWriter): LogWriter {
  const idle = { queueDepth: 0, queueCapacity: 0, refused: 0, lagMs: 0, appendMs: 0 };
  return {
    admit: (events) => writer.admit(events),
    append: (events, checkpoint) => writer.append(events, checkpoint),
    status: () => idle,
    flush: () => writer.flush(),
    close: () => writer.flush(),
  };
}

function firstPosition(from: number): number {
  return Math.max(1, checkPosition(from, 'from'));
}

/** 0 is the end of an empty log: up to there, there is nothing to read. */
function checkPosition(position: number, what: string): number {
  if (Number.isSafeInteger(position) && position >= 0) return position;
  throw new RangeError(`'${what}' must be a position in the log, a whole number from 0, found ${position}.`);
}
