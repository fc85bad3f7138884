import { type Clock, type TradingEvent, systemClock } from '@opensqt/trading-events';
import {
  type Checkpoint,
  type EventLog,
  EventLogError,
  type EventLogStatus,
  type FactBatch,
  type LogRecord,
  type ReadOptions,
  type RecordHandler,
  type Snapshot,
  type SubscribeOptions,
  type Subscription,
} from './event-log';
import { GroupCommit } from './group-commit';
import type { Awaitable, Commit, LogStore } from './log-store';
import { LogSubscription, type RecordSource } from './log-subscription';
import type { LogWriter, LogWriterFactory } from './log-writer';
import { RecentRecords } from './recent-records';

/** Positions that are read from the store at a time; the event loop turns in between. */
const CHUNK = 2_000;
const RECENT = 4 * CHUNK;
const POLL_MS = 250;

/** The status of a log that is only read. */
const NOTHING_WRITTEN = {
  queueDepth: 0,
  queueCapacity: 0,
  refused: 0,
  writerRestarts: 0,
  lagMs: 0,
  appendMs: 0,
} as const;

/** How a log works on its store. */
export interface StoredEventLogOptions {
  /** Wall clock that commits are stamped with. @default the machine's */
  readonly clock?: Clock | undefined;
  /** How many events may wait to be committed. @default 200_000 */
  readonly maxQueued?: number | undefined;
  /** How long a commit waits for more events, in milliseconds. @default 0: until the next turn of the event loop */
  readonly commitDelayMs?: number | undefined;
  /** Another process writes; this one only reads. @default false */
  readonly readOnly?: boolean | undefined;
  /** What writes. @default group commits to the store, in this thread */
  readonly writer?: LogWriterFactory | undefined;
}

/** A log over any store: the store keeps records, the rest of what a log promises is here, once for all backends. */
export class StoredEventLog implements EventLog {
  private readonly writer: LogWriter | undefined;
  private readonly recent = new RecentRecords(RECENT);
  private readonly subscriptions = new Set<LogSubscription>();
  private readonly source: RecordSource;
  private closing: Promise<void> | undefined;

  /** @param position the store's last position */
  constructor(
    private readonly store: LogStore,
    private position: number,
    options: StoredEventLogOptions = {},
  ) {
    const {
      clock = systemClock,
      maxQueued = 200_000,
      commitDelayMs: delayMs = 0,
      readOnly = false,
      writer = (onCommit) => new GroupCommit(store, { clock, maxQueued, delayMs }, onCommit),
    } = options;
    this.source = {
      name: store.name,
      end: () => this.end(),
      next: (from) => this.next(from),
      pollMs: readOnly ? POLL_MS : undefined,
    };
    if (readOnly) return;
    this.writer = writer((commit) => this.committed(commit));
  }

  // Not an async function, nor are the others that write: what is refused is refused before the call returns.
  append(events: readonly TradingEvent[], checkpoint?: Checkpoint): Promise<void> {
    try {
      const writer = this.openWriter();
      if (events.length === 0 && checkpoint === undefined) return Promise.resolve();
      return writer.append(events, checkpoint);
    } catch (error) {
      return Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
  }

  read(options: ReadOptions = {}): AsyncIterable<readonly LogRecord[]> {
    const from = checkPosition(options.from ?? 1, 'from');
    const to = checkPosition(options.to ?? Number.MAX_SAFE_INTEGER, 'to');
    return this.chunks(from, to, this.end(), options.types);
  }

  readFacts({ from = 1, to = Number.MAX_SAFE_INTEGER }: ReadOptions = {}): AsyncIterable<FactBatch> {
    return this.factBatches(checkPosition(from, 'from'), checkPosition(to, 'to'), this.end());
  }

  subscribe(from: number, handler: RecordHandler, options: SubscribeOptions = {}): Subscription {
    this.assertOpen();
    const subscription = new LogSubscription(this.source, checkPosition(from, 'from'), handler, options);
    this.subscriptions.add(subscription);
    return {
      caughtUp: () => subscription.caughtUp(),
      close: () => {
        this.subscriptions.delete(subscription);
        return subscription.close();
      },
    };
  }

  async checkpoint(consumer: string): Promise<number> {
    this.assertOpen();
    return this.store.checkpoint(consumer);
  }

  saveCheckpoint(checkpoint: Checkpoint): Promise<void> {
    return this.append([], checkpoint);
  }

  async saveSnapshot(snapshot: Snapshot): Promise<void> {
    await this.openWriter().saveSnapshot(snapshot);
  }

  async snapshots(projection: string): Promise<readonly Snapshot[]> {
    this.assertOpen();
    return this.store.snapshots(projection);
  }

  status(): EventLogStatus {
    return { position: this.position, ...(this.writer?.status() ?? NOTHING_WRITTEN) };
  }

  async flush(): Promise<void> {
    await this.writer?.flush();
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    const subscriptions = [...this.subscriptions];
    for (const subscription of subscriptions) subscription.stop();
    try {
      await this.writer?.close();
    } finally {
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
      await this.store.close();
    }
  }

  private committed({ records, position }: Commit): void {
    this.recent.add(records);
    this.position = position;
    for (const subscription of this.subscriptions) subscription.wake();
  }

  /** The log's end: known where this process writes, looked up where another one does. */
  private end(): Awaitable<number> {
    if (this.writer !== undefined || this.closing !== undefined) return this.position;
    return this.lookUpEnd();
  }

  private async lookUpEnd(): Promise<number> {
    this.position = await this.store.lastPosition();
    return this.position;
  }

  private async next(from: number): Promise<readonly LogRecord[]> {
    const end = await this.end();
    if (from > end) return [];
    return this.recent.from(from, CHUNK) ?? this.firstFrom(from, end);
  }

  private async firstFrom(from: number, end: number): Promise<readonly LogRecord[]> {
    for await (const records of this.chunks(from, end, end)) return records;
    return [];
  }

  private async *chunks(
    from: number,
    to: number,
    end: Awaitable<number>,
    types?: ReadOptions['types'],
  ): AsyncGenerator<readonly LogRecord[]> {
    const last = Math.min(to, await end);
    for (let start = from; start <= last; start += CHUNK) {
      this.assertOpen();
      const records = await this.store.read(start, Math.min(last, start + CHUNK - 1), types);
      if (records.length > 0) yield records;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private async *factBatches(from: number, to: number, end: Awaitable<number>): AsyncGenerator<FactBatch> {
    const last = Math.min(to, await end);
    if (this.store.readFacts === undefined) {
      for await (const records of this.chunks(from, last, last)) {
        yield { from: records[0]?.position ?? from, facts: records.map(({ event }) => event) };
      }
      return;
    }
    for (let start = from; start <= last;) {
      this.assertOpen();
      const facts = await this.store.readFacts(start, last);
      if (facts.length === 0) return;
      yield { from: start, facts };
      start += facts.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private openWriter(): LogWriter {
    this.assertOpen();
    if (this.writer !== undefined) return this.writer;
    const message = `${this.store.name} was opened to be read only. Open it for writing to record anything.`;
    throw new EventLogError('LOG_READ_ONLY', message);
  }

  private assertOpen(): void {
    if (this.closing === undefined) return;
    throw new EventLogError('LOG_CLOSED', `${this.store.name} has been closed and takes no more calls.`);
  }
}

function checkPosition(position: number, what: string): number {
  if (Number.isSafeInteger(position) && position >= 0) return Math.max(1, position);
  throw new RangeError(`'${what}' must be a position in the log, a whole number from 1, found ${position}.`);
}
