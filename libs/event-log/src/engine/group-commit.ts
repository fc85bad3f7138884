import type { Clock, TradingEvent } from '@opensqt/trading-events';
import { admits, checkCheckpoint, fullError } from './admission';
import { AppendQueue } from './append-queue';
import { backoffMs } from './backoff';
import { encodeEvent } from './event-codec';
import { type Checkpoint, EventLogError, type EventLogStatus } from '../event-log';
import type { Commit, LogStore } from './log-store';
import type { LogWriter } from './log-writer';

/** Events in one transaction: enough to pay for its disk sync, few enough not to hold up the thread for long. */
const MAX_BATCH = 2_000;

export interface GroupCommitOptions {
  readonly clock: Clock;
  readonly maxQueued: number;
  /** How long an event may wait for others to share its transaction, in milliseconds; 0: until the next turn of the loop. */
  readonly delayMs: number;
}

/**
 * Makes events durable, many in one transaction. A transaction that fails is tried again, later and later, until it
 * succeeds; what it holds stays at the head of the queue meanwhile.
 */
export class GroupCommit implements LogWriter {
  private readonly queue: AppendQueue;
  private running: Promise<void> | undefined;
  private cancelScheduled: (() => void) | undefined;
  private failures = 0;
  private failure: EventLogError | undefined;
  /** What the store said last time that it refused. */
  private refusal = '';
  private appendMs = 0;
  private refused = 0;

  constructor(
    private readonly store: Pick<LogStore, 'name' | 'commit'>,
    private readonly options: GroupCommitOptions,
    private readonly onCommit: (commit: Commit) => void,
  ) {
    this.queue = new AppendQueue(options.maxQueued);
  }

  /** See {@link EventLog.append}; throws what that rejects with. */
  append(events: readonly TradingEvent[], checkpoint?: Checkpoint): Promise<void> {
    if (!admits(this.queue.depth, this.queue.maxSize, events)) throw this.full(events.length);
    if (checkpoint !== undefined) checkCheckpoint(checkpoint);
    const encoded = events.map(encodeEvent);
    const checkpoints = checkpoint === undefined ? [] : [checkpoint];
    return new Promise((resolve, reject) => {
      this.queue.add({ events: encoded, checkpoints, queuedAt: performance.now(), resolve, reject });
      if (this.running === undefined && this.cancelScheduled === undefined) this.scheduleNext();
    });
  }

  status(): Omit<EventLogStatus, 'position'> {
    const { depth, oldest } = this.queue;
    return {
      queueDepth: depth,
      queueCapacity: this.queue.maxSize,
      refused: this.refused,
      writerRestarts: 0,
      lagMs: oldest === undefined ? 0 : performance.now() - oldest.queuedAt,
      appendMs: this.appendMs,
      ...(this.failure === undefined ? {} : { failure: this.failure }),
    };
  }

  /** Commits at once what is waiting now; throws the failure of the first transaction that fails. */
  async flush(): Promise<void> {
    const end = this.queue.end;
    while (this.queue.start < end) await this.commit();
  }

  /** Flushes; what can't be written is given up, its appends reject. Nothing may be appended any more. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } catch (cause) {
      this.cancelScheduled?.();
      const message = `${this.store.name} was closed with ${this.queue.depth} events that are lost. ${this.refusal}`;
      const error = new EventLogError('LOG_WRITE_FAILED', message, { cause });
      for (const append of this.queue.take(Infinity)) append.reject(error);
      throw error;
    }
  }

  private commit(): Promise<void> {
    this.cancelScheduled?.();
    this.running ??= this.commitHead().finally(() => {
      this.running = undefined;
      this.scheduleNext();
    });
    return this.running;
  }

  private async commitHead(): Promise<void> {
    const appends = this.queue.head(MAX_BATCH);
    const checkpoints = appends.flatMap((append) => append.checkpoints);
    const events = appends.flatMap((append) => append.events);
    const started = performance.now();
    let commit: Commit;
    try {
      commit = await this.store.commit({ events, checkpoints, committedAt: this.options.clock.now() });
    } catch (cause) {
      this.failures += 1;
      this.refusal = sentence(cause);
      const message = `${this.refusal} ${this.queue.depth} events are waiting; they are kept and tried again.`;
      this.failure = new EventLogError('LOG_WRITE_FAILED', message, { cause });
      throw this.failure;
    }
    this.appendMs = performance.now() - started;
    this.failures = 0;
    this.failure = undefined;
    this.queue.take(appends.length);
    this.onCommit(commit);
    for (const append of appends) append.resolve();
  }

  private scheduleNext(): void {
    if (this.queue.depth === 0) return;
    const patience = this.queue.depth >= MAX_BATCH ? 0 : this.options.delayMs;
    const delayMs = this.failures > 0 ? backoffMs(this.failures) : patience;
    const run = (): void => {
      this.cancelScheduled = undefined;
      this.commit().catch(() => undefined); // status() tells of the failure, and flush() throws it
    };
    const cancel = delayMs === 0 ? immediate(run) : timeout(run, delayMs);
    this.cancelScheduled = () => {
      cancel();
      this.cancelScheduled = undefined;
    };
  }

  private full(events: number): EventLogError {
    this.refused += events;
    const { depth, maxSize } = this.queue;
    return fullError(this.store.name, { events, waiting: depth, capacity: maxSize }, this.failure);
  }
}

function immediate(run: () => void): () => void {
  const handle = setImmediate(run);
  return () => clearImmediate(handle);
}

function timeout(run: () => void, delayMs: number): () => void {
  const handle = setTimeout(run, delayMs);
  return () => clearTimeout(handle);
}

function sentence(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.endsWith('.') ? text : `${text}.`;
}
