import type { TradingEvent } from '@opensqt/trading-events';
import { admits, checkCheckpoint, fullError } from '../../admission';
import { AppendQueue, type QueuedAppend } from '../../append-queue';
import { backoffMs } from '../../backoff';
import { encodeEvent } from '../../event-codec';
import {
  type Checkpoint,
  EventLogError,
  type EventLogStatus,
  type LogRecord,
  type Snapshot,
} from '../../event-log';
import type { Commit } from '../../log-store';
import type { LogWriter } from '../../log-writer';
import type { WriterReport } from './writer-messages';
import { WriterThread, errorOf } from './writer-thread-handle';

export interface ThreadedWriterOptions {
  /** How messages call the log. */
  readonly name: string;
  readonly path: string;
  readonly maxQueued: number;
}

interface Waiter {
  /** So many appends must have left the queue. */
  readonly end: number;
  /** The number of its request to write at once. */
  readonly request: number;
  resolve(): void;
  reject(error: Error): void;
}

interface Call {
  resolve(): void;
  reject(error: Error): void;
}

/**
 * Hands events over to a thread that writes them. Each stays in the queue here, too, until it is acknowledged: that is where
 * subscribers get it from, and what is handed over again when the thread dies.
 */
export class ThreadedWriter implements LogWriter {
  private readonly queue: AppendQueue;
  private readonly waiters = new Set<Waiter>();
  private readonly calls = new Map<number, Call>();
  private thread: WriterThread | undefined;
  private starting: NodeJS.Timeout | undefined;
  private restarting: Promise<void> | undefined;
  /** Appends at the head of the queue that are in the thread's hands, and frames of the one after them. */
  private handedAppends = 0;
  private handedFrames = 0;
  private lastCall = 0;
  private failure: EventLogError | undefined;
  private deaths = 0;
  private restarts = 0;
  private refused = 0;
  private appendMs = 0;
  private closed = false;

  constructor(
    thread: WriterThread,
    private readonly options: ThreadedWriterOptions,
    private readonly onCommit: (commit: Commit) => void,
  ) {
    this.queue = new AppendQueue(options.maxQueued);
    this.attach(thread);
  }

  append(events: readonly TradingEvent[], checkpoint?: Checkpoint): Promise<void> {
    const { depth, maxSize } = this.queue;
    if (!admits(depth, maxSize, events)) {
      this.refused += events.length;
      const counts = { events: events.length, waiting: depth, capacity: maxSize };
      throw fullError(this.options.name, counts, this.failure);
    }
    if (checkpoint !== undefined) checkCheckpoint(checkpoint);
    const encoded = events.map(encodeEvent);
    return new Promise((resolve, reject) => {
      this.queue.add({ events: encoded, checkpoint, queuedAt: performance.now(), resolve, reject });
      if (depth === 0) this.holdProcess();
      if (this.handedAppends === this.queue.length - 1) this.handOver();
    });
  }

  saveSnapshot(snapshot: Snapshot): Promise<void> {
    const { thread } = this;
    if (thread === undefined) return Promise.reject(this.failure ?? this.givenUp());
    const call = (this.lastCall += 1);
    return new Promise((resolve, reject) => {
      this.calls.set(call, { resolve, reject });
      this.holdProcess();
      thread.send({ kind: 'snapshot', call, snapshot });
    });
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
    } finally {
      this.closed = true;
      clearTimeout(this.starting);
    }
  }

  /** Ends the thread, which lets go of the file. */
  async end(): Promise<void> {
    await this.restarting;
    await this.thread?.close();
  }

  private attach(thread: WriterThread): void {
    this.thread = thread;
    this.handedAppends = 0;
    this.handedFrames = 0;
    thread.listen({
      onReport: (report) => this.take(report),
      onDeath: (cause) => this.died(cause),
    });
    this.holdProcess();
    this.handOver();
    if (this.waiters.size > 0) thread.ring.urge();
  }

  /** While somebody waits for the thread, the process does not end by itself. */
  private holdProcess(): void {
    this.thread?.holdProcess(this.queue.depth > 0 || this.calls.size > 0);
  }

  /** Puts as much into the ring as it has room for; the thread tells when there is room for more. */
  private handOver(): void {
    const { thread } = this;
    if (thread === undefined) return;
    for (;;) {
      const append = this.queue.at(this.handedAppends);
      if (append === undefined) return;
      const frames = append.events.length + (append.checkpoint === undefined ? 0 : 1);
      for (; this.handedFrames < frames; this.handedFrames++) {
        const last = this.handedFrames === frames - 1;
        if (!putFrame(thread, append, this.handedFrames, last)) return thread.ring.askForRoom();
      }
      this.handedFrames = 0;
      this.handedAppends += 1;
    }
  }

  private take(report: Exclude<WriterReport, { kind: 'opened' | 'unopened' }>): void {
    switch (report.kind) {
      case 'committed':
        return this.committed(report);
      case 'failed':
        return this.failed(errorOf(report.failure), report.urgent);
      case 'room':
        return this.handOver();
      case 'answered': {
        const call = this.calls.get(report.call);
        this.calls.delete(report.call);
        this.holdProcess();
        if (report.failure === undefined) call?.resolve();
        else call?.reject(errorOf(report.failure));
      }
    }
  }

  private committed(report: Extract<WriterReport, { kind: 'committed' }>): void {
    const { position, repeats, committedAt, tookMs } = report;
    this.appendMs = tookMs;
    this.failure = undefined;
    this.deaths = 0;
    const appends = this.queue.take(report.appends);
    this.handedAppends -= appends.length;
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
    for (const call of this.calls.values()) call.reject(this.failure ?? cause);
    this.calls.clear();
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
      const thread = await WriterThread.start(this.options.path);
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

function putFrame({ ring }: WriterThread, append: QueuedAppend, index: number, last: boolean): boolean {
  const event = append.events[index];
  if (event !== undefined) return ring.putEvent(event, last);
  return append.checkpoint === undefined || ring.putCheckpoint(append.checkpoint);
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
