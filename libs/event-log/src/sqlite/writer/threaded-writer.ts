import type { AnyEvent } from '@opensqt/trading-events';
import { AppendQueue, sizeOf } from '../../engine/append-queue';
import { backoffMs } from '../../engine/backoff';
import { encodeAppend } from '../../engine/event-codec';
import { MAX_QUEUED, refusalOf } from '../../engine/group-commit';
import type { LogWriter, LogWriterStatus, OnCommit } from '../../engine/log-store';
import { type Checkpoint, EventLogError, type LogStorage, type Snapshot } from '../../event-log';
import type { FileWriter } from '../archive/archived-store';
import { type WriterReport, type WriterThreadData, errorOf, flatten } from './writer-messages';
import { type WriterCall, WriterThread } from './writer-thread-handle';

/**
 * Events that the thread may have and not have acknowledged: three transactions, so that it need not wait for more. The rest
 * waits here, not in both threads, where it would cost memory and garbage collection twice.
 */
const MAX_IN_FLIGHT = 6_000;

/** Maintenance of a thread that had none to report about. */
const NO_STORAGE: LogStorage = { walBytes: 0, archivedThrough: 0 };

export interface ThreadedWriterOptions {
  /** The log in messages. */
  readonly name: string;
  readonly path: string;
  readonly archive?: WriterThreadData['archive'];
  /** Events that may wait to be committed. @default 200_000 */
  readonly maxQueued?: number | undefined;
  /** Called when the file is closed. */
  readonly release: () => void;
}

/**
 * Sends events to a thread that writes them: at the end of each turn of the event loop, those of the turn in one message. Each
 * stays in the queue here, too, until it is acknowledged: that is where subscribers get it from, and what is sent again when
 * the thread dies.
 */
export class ThreadedWriter implements LogWriter, FileWriter {
  private readonly queue: AppendQueue;
  /** Appends at the head of the queue that the thread has. */
  private sent = 0;
  /** Their events. */
  private inFlight = 0;
  private sending: NodeJS.Immediate | undefined;
  private thread: WriterThread | undefined;
  private starting: NodeJS.Timeout | undefined;
  private restarting: Promise<void> | undefined;
  private failure: EventLogError | undefined;
  private deaths = 0;
  private restarts = 0;
  private appendMs = 0;
  private closed = false;
  private onCommit: OnCommit = () => undefined;

  constructor(
    thread: WriterThread,
    private readonly options: ThreadedWriterOptions,
  ) {
    this.queue = new AppendQueue(options.name, options.maxQueued ?? MAX_QUEUED);
    this.attach(thread);
  }

  /** Sets the listener for commits. */
  connect(onCommit: OnCommit): this {
    this.onCommit = onCommit;
    return this;
  }

  append(events: readonly AnyEvent[], checkpoint?: Checkpoint): Promise<void> {
    this.queue.admit(events, this.failure);
    const append = encodeAppend(events, checkpoint);
    this.sending ??= setImmediate(() => this.send());
    return new Promise((resolve, reject) => this.queue.add(append, { resolve, reject }));
  }

  async maintain(): Promise<LogStorage> {
    return (await this.call({ kind: 'maintain' })) ?? NO_STORAGE;
  }

  async saveSnapshot(snapshot: Snapshot): Promise<void> {
    await this.call({ kind: 'snapshot', snapshot });
  }

  status(): LogWriterStatus {
    return {
      ...this.queue.status(),
      writerRestarts: this.restarts,
      appendMs: this.appendMs,
      ...(this.failure === undefined ? {} : { failure: this.failure }),
    };
  }

  async flush(): Promise<void> {
    const { end } = this.queue;
    while (this.queue.start < end) {
      if (this.thread === undefined) await this.restart();
      this.send();
      await this.call({ kind: 'flush' });
    }
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } catch (failure) {
      throw this.queue.abandon(refusalOf(failure), failure);
    }
  }

  /** Ends the thread, which closes the file. */
  async end(): Promise<void> {
    this.closed = true;
    clearTimeout(this.starting);
    await this.restarting;
    await this.thread?.close();
    this.options.release();
  }

  private attach(thread: WriterThread): void {
    this.thread = thread;
    this.sent = 0;
    this.inFlight = 0;
    thread.listen({
      onReport: (report) =>
        report.kind === 'committed' ? this.committed(report) : (this.failure = errorOf(report.failure)),
      onDeath: (cause) => this.died(cause),
    });
    this.send();
  }

  private send(): void {
    clearImmediate(this.sending);
    this.sending = undefined;
    this.starting?.ref(); // now something waits for it
    const room = MAX_IN_FLIGHT - this.inFlight;
    if (this.thread === undefined || room <= 0 || this.sent === this.queue.length) return;
    const appends = this.queue.next(room, this.sent);
    this.thread.send({ kind: 'append', appends: flatten(appends) });
    this.thread.setWriting(true);
    this.sent += appends.length;
    this.inFlight = appends.reduce((sum, append) => sum + sizeOf(append), this.inFlight);
  }

  private async call(request: WriterCall): Promise<LogStorage | undefined> {
    const { thread } = this;
    if (thread === undefined) throw this.failure ?? noThread(this.options.name);
    try {
      return await thread.call(request);
    } catch (error) {
      throw error instanceof EventLogError ? error : (this.failure ?? error);
    }
  }

  private committed(report: Extract<WriterReport, { kind: 'committed' }>): void {
    const { position, repeats, committedAt, tookMs } = report;
    this.appendMs = tookMs;
    this.failure = undefined;
    this.deaths = 0;
    this.sent -= report.appends;
    const { events, size, done } = this.queue.remove(report.appends);
    this.inFlight -= size;
    this.send();
    this.onCommit({ events, checkpoints: [], committedAt, position, repeats });
    done();
    this.thread?.setWriting(this.queue.length > 0);
  }

  private died(cause: Error): void {
    this.thread = undefined;
    this.restarts += 1;
    const message = `The thread that writes to ${this.options.path} has died (${cause.message}) and is started again.`;
    this.failed(new EventLogError('LOG_WRITE_FAILED', message, { cause }));
  }

  /** There is no thread; another one is started, later each time that none could be. */
  private failed(cause: EventLogError): void {
    const waiting = `${this.queue.depth} events are waiting; they are kept and tried again.`;
    this.failure = new EventLogError('LOG_WRITE_FAILED', `${cause.message} ${waiting}`, { cause });
    if (this.closed) return;
    this.deaths += 1;
    this.starting = setTimeout(() => void this.restart(), backoffMs(this.deaths));
    if (this.queue.depth === 0) this.starting.unref();
  }

  private restart(): Promise<void> {
    clearTimeout(this.starting);
    this.restarting ??= this.startThread().finally(() => (this.restarting = undefined));
    return this.restarting;
  }

  private async startThread(): Promise<void> {
    try {
      const thread = await WriterThread.start(this.options.path, this.options.archive);
      if (this.closed) return await thread.close();
      this.attach(thread);
      this.failure = undefined;
      this.onCommit({ position: thread.position });
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      this.failed(new EventLogError('LOG_WRITE_FAILED', message, { cause }));
    }
  }
}

function noThread(log: string): EventLogError {
  return new EventLogError('LOG_WRITE_FAILED', `${log} has no thread that writes.`);
}
