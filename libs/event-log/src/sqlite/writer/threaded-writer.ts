import type { TradingEvent } from '@opensqt/trading-events';
import { admits, checkCheckpoint, fullError } from '../../engine/admission';
import { AppendQueue, type QueuedAppend } from '../../engine/append-queue';
import { backoffMs } from '../../engine/backoff';
import { encodeEvent } from '../../engine/event-codec';
import {
  type Checkpoint,
  EventLogError,
  type EventLogStatus,
  type LogRecord,
  type LogStorage,
  type Snapshot,
} from '../../event-log';
import type { Commit, CommitBatch, EncodedEvent } from '../../engine/log-store';
import type { LogWriter } from '../../engine/log-writer';
import type { FileWriter } from '../archive/archived-store';
import { HandOver } from './hand-over';
import { PendingCalls } from './pending-calls';
import type { WriterReport, WriterRequest, WriterThreadData } from './writer-messages';
import { WriterThread, errorOf } from './writer-thread-handle';

export interface ThreadedWriterOptions {
  /** How messages call the log. */
  readonly name: string;
  readonly path: string;
  readonly archive: WriterThreadData['archive'];
  readonly maxQueued: number;
  /** Called when the file has been let go of. */
  readonly release: () => void;
}

interface Waiter {
  /** So many appends must have left the queue. */
  readonly end: number;
  /** The number of its request to write at once. */
  readonly request: number;
  resolve(): void;
  reject(error: Error): void;
}

/**
 * Hands events over to a thread that writes them. Each stays in the queue here, too, until it is acknowledged: that is where
 * subscribers get it from, and what is handed over again when the thread dies.
 */
export class ThreadedWriter implements LogWriter, FileWriter {
  private readonly queue: AppendQueue;
  private readonly waiters = new Set<Waiter>();
  private readonly calls = new PendingCalls();
  private readonly handOver: HandOver;
  private thread: WriterThread | undefined;
  private starting: NodeJS.Timeout | undefined;
  private restarting: Promise<void> | undefined;
  private failure: EventLogError | undefined;
  private deaths = 0;
  private restarts = 0;
  private refused = 0;
  private appendMs = 0;
  private position: number;
  private closed = false;
  private onCommit: (commit: Commit) => void = () => undefined;

  constructor(
    thread: WriterThread,
    private readonly options: ThreadedWriterOptions,
  ) {
    this.queue = new AppendQueue(options.maxQueued);
    this.handOver = new HandOver(this.queue);
    this.position = thread.position;
    this.attach(thread);
  }

  /** Says who is to be told of commits. */
  connect(onCommit: (commit: Commit) => void): this {
    this.onCommit = onCommit;
    return this;
  }

  append(events: readonly TradingEvent[], checkpoint?: Checkpoint): Promise<void> {
    this.assertRoomFor(events);
    if (checkpoint !== undefined) checkCheckpoint(checkpoint);
    return this.queued(events.map(encodeEvent), checkpoint === undefined ? [] : [checkpoint]);
  }

  /** Commits a batch that was put together elsewhere, in its turn. Its records are told as those of any commit are. */
  async commit({ events, checkpoints }: CommitBatch): Promise<Commit> {
    this.assertRoomFor(events.map(({ event }) => event));
    await this.queued(events, checkpoints);
    return { records: [], position: this.position };
  }

  maintain(): Promise<LogStorage> {
    return this.ask(false, (call) => ({ kind: 'maintain', call }));
  }

  private assertRoomFor(events: readonly TradingEvent[]): void {
    const { depth, maxSize } = this.queue;
    if (admits(depth, maxSize, events)) return;
    this.refused += events.length;
    const counts = { events: events.length, waiting: depth, capacity: maxSize };
    throw fullError(this.options.name, counts, this.failure);
  }

  private queued(events: readonly EncodedEvent[], checkpoints: readonly Checkpoint[]): Promise<void> {
    const { depth } = this.queue;
    return new Promise((resolve, reject) => {
      this.queue.add({ events, checkpoints, queuedAt: performance.now(), resolve, reject });
      if (depth === 0) this.holdProcess();
      if (this.handOver.lacksOnlyTheLast) this.pushOn();
    });
  }

  async saveSnapshot(snapshot: Snapshot): Promise<void> {
    await this.ask(true, (call) => ({ kind: 'snapshot', call, snapshot }));
  }

  status(): Omit<EventLogStatus, 'position'> {
    const oldest = this.queue.at(0);
    return {
      queueDepth: this.queue.depth,
      queueCapacity: this.queue.maxSize,
      refused: this.refused,
      writerRestarts: this.restarts,
      lagMs: oldest === undefined ? 0 : performance.now() - oldest.queuedAt,
      appendMs: this.appendMs,
      ...(this.failure === undefined ? {} : { failure: this.failure }),
    };
  }

  flush(): Promise<void> {
    const { end } = this.queue;
    if (this.queue.start >= end) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const request = this.thread?.ring.urge() ?? 0;
      this.waiters.add({ end, request, resolve, reject });
      if (this.thread === undefined) this.restart();
    });
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const message = `${this.options.name} was closed with ${this.queue.depth} events that are lost. ${why}`;
      const error = new EventLogError('LOG_WRITE_FAILED', message, { cause });
      for (const append of this.queue.take(Infinity)) append.reject(error);
      throw error;
    }
  }

  /** Ends the thread, which lets go of the file. */
  async end(): Promise<void> {
    this.closed = true;
    clearTimeout(this.starting);
    await this.restarting;
    await this.thread?.close();
    this.options.release();
  }

  private attach(thread: WriterThread): void {
    this.thread = thread;
    this.handOver.restart();
    thread.listen({
      onReport: (report) => this.take(report),
      onDeath: (cause) => this.died(cause),
    });
    this.holdProcess();
    this.pushOn();
    if (this.waiters.size > 0) thread.ring.urge();
  }

  /** While somebody waits for the thread, the process does not end by itself. */
  private holdProcess(): void {
    this.thread?.holdProcess(this.queue.depth > 0 || this.calls.holdProcess);
  }

  private pushOn(): void {
    if (this.thread !== undefined) this.handOver.push(this.thread.ring);
  }

  private take(report: Exclude<WriterReport, { kind: 'opened' | 'unopened' }>): void {
    switch (report.kind) {
      case 'committed':
        return this.committed(report);
      case 'failed':
        return this.failed(errorOf(report.failure), report.urgent);
      case 'room':
        return this.pushOn();
      case 'answered':
      case 'maintained':
        this.calls.settle(report);
        this.holdProcess();
    }
  }

  private ask(holdsProcess: boolean, request: (call: number) => WriterRequest): Promise<LogStorage> {
    const { thread } = this;
    if (thread === undefined) return Promise.reject(this.failure ?? this.givenUp());
    const answer = this.calls.add(holdsProcess, (call) => thread.send(request(call)));
    this.holdProcess();
    return answer;
  }

  private committed(report: Extract<WriterReport, { kind: 'committed' }>): void {
    const { position, repeats, committedAt, tookMs } = report;
    this.appendMs = tookMs;
    this.position = position;
    this.failure = undefined;
    this.deaths = 0;
    const appends = this.queue.take(report.appends);
    this.handOver.acknowledged(appends.length);
    this.onCommit({ records: recordsOf(appends, position, repeats, committedAt), position });
    for (const append of appends) append.resolve();
    for (const waiter of this.waiters) {
      if (waiter.end > this.queue.start) continue;
      this.waiters.delete(waiter);
      waiter.resolve();
    }
    this.holdProcess();
  }

  private failed(cause: EventLogError, urgent: number): void {
    const waiting = `${this.queue.depth} events are waiting; they are kept and tried again.`;
    this.failure = new EventLogError('LOG_WRITE_FAILED', `${cause.message} ${waiting}`, { cause });
    for (const waiter of this.waiters) {
      if (waiter.request > urgent) continue;
      this.waiters.delete(waiter);
      waiter.reject(this.failure);
    }
  }

  private died(cause: Error): void {
    const message = `The thread that writes to ${this.options.path} has died (${cause.message}) and is started again.`;
    this.thread = undefined;
    this.restarts += 1;
    this.lost(new EventLogError('LOG_WRITE_FAILED', message, { cause }));
    this.calls.rejectAll(this.failure ?? cause);
  }

  /** There is no thread; another one is started, later each time that none could be. */
  private lost(cause: EventLogError): void {
    this.failed(cause, Infinity);
    if (this.closed) return;
    this.deaths += 1;
    this.starting = setTimeout(() => this.restart(), backoffMs(this.deaths));
    if (this.queue.depth === 0) this.starting.unref();
  }

  private restart(): void {
    clearTimeout(this.starting);
    this.restarting ??= this.startThread().finally(() => (this.restarting = undefined));
  }

  private async startThread(): Promise<void> {
    try {
      const thread = await WriterThread.start(this.options.path, this.options.archive);
      if (this.closed) return await thread.close();
      this.attach(thread);
      this.failure = undefined;
      this.onCommit({ records: [], position: thread.position });
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      this.lost(new EventLogError('LOG_WRITE_FAILED', why, { cause }));
    }
  }

  private givenUp(): EventLogError {
    return new EventLogError('LOG_WRITE_FAILED', `${this.options.name} has no thread that writes.`);
  }
}

/** The records that a commit has made, in order: its events but those that the log held before. */
function recordsOf(
  appends: readonly QueuedAppend[],
  position: number,
  repeats: readonly number[],
  committedAt: number,
): readonly LogRecord[] {
  const events = appends.flatMap((append) => append.events);
  const known = new Set(repeats);
  let next = position - (events.length - known.size);
  const records: LogRecord[] = [];
  events.forEach(({ event }, index) => {
    if (known.has(index)) return;
    next += 1;
    records.push({ position: next, committedAt, event });
  });
  return records;
}
