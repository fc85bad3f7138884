import { messageOf } from './diagnosis';
import { type AnyEvent, type Clock, systemClock } from '@opensqt/trading-events';
import { AppendQueue } from './append-queue';
import { backoffMs } from './backoff';
import { encodeEvent, storable } from './event-codec';
import { type Checkpoint, EventLogError } from '../event-log';
import type {
  CommitTarget,
  Committed,
  LogWriter,
  LogWriterFactory,
  LogWriterStatus,
  OnCommit,
} from './log-store';

/** Events in one transaction: enough to pay for its disk sync, few enough to be acknowledged soon. */
const MAX_BATCH = 2_000;
const MAX_QUEUED = 200_000;

export interface GroupCommitOptions {
  /** Wall clock that commits are stamped with. @default the machine's */
  readonly clock?: Clock | undefined;
  /** Events that may wait to be committed. @default 200_000 */
  readonly maxQueued?: number | undefined;
  /**
   * Milliseconds between the beginnings of two commits, so that events share a disk sync. After a silence the first event is
   * committed at once. @default 0
   */
  readonly lingerMs?: number | undefined;
}

/** Makes the writers of a log: they commit to its store, or under a lease of it. */
export function groupCommits(target: CommitTarget, options: GroupCommitOptions = {}): LogWriterFactory {
  return (onCommit, lease) => {
    const commit = (lease ?? target).commit.bind(lease ?? target);
    return new GroupCommit({ name: target.name, commit }, options, onCommit);
  };
}

/**
 * Makes events durable, many in one transaction. A transaction that fails is tried again, later and later, until it
 * succeeds; its events stay at the head of the queue meanwhile.
 */
class GroupCommit implements LogWriter {
  private readonly queue: AppendQueue;
  private failure: EventLogError | undefined;
  private readonly clock: Clock;
  private readonly lingerMs: number;
  private running: Promise<void> | undefined;
  private cancelScheduled: (() => void) | undefined;
  private failures = 0;
  private stopped = false;
  private beganAt = -Infinity;
  private appendMs = 0;

  constructor(
    private readonly target: CommitTarget,
    { clock = systemClock, maxQueued = MAX_QUEUED, lingerMs = 0 }: GroupCommitOptions,
    private readonly onCommit: OnCommit,
  ) {
    this.queue = new AppendQueue(target.name, maxQueued, MAX_BATCH);
    this.clock = clock;
    this.lingerMs = lingerMs;
  }

  admit(events: readonly AnyEvent[]): EventLogError | undefined {
    return this.queue.admit(events, this.failure);
  }

  append(events: readonly AnyEvent[], checkpoint?: Checkpoint): Promise<void> {
    const refusal = this.admit(events);
    if (refusal !== undefined) throw refusal;
    const stored = this.queue.add(storable(events, checkpoint));
    if (this.running === undefined && this.cancelScheduled === undefined) this.scheduleNext();
    return stored;
  }

  status(): LogWriterStatus {
    return {
      ...this.queue.status(),
      appendMs: this.appendMs,
      ...(this.failure === undefined ? {} : { failure: this.failure }),
    };
  }

  /** Commits at once what is waiting now; throws the failure of the first transaction that fails. */
  async flush(): Promise<void> {
    const { end } = this.queue;
    while (this.queue.start < end) await this.commit();
  }

  /** Flushes; what can't be written is abandoned, its appends reject. Nothing may be appended any more. */
  async close(): Promise<void> {
    try {
      await this.flush();
    } catch (failure) {
      this.stopped = true;
      this.cancelScheduled?.();
      throw this.queue.abandon(refusalOf(failure), failure);
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
    const { events, checkpoints } = this.queue.head() ?? { events: [], checkpoints: [] };
    const batch = { events: events.map(encodeEvent), checkpoints, committedAt: this.clock.now() };
    this.beganAt = performance.now();
    let committed: Committed;
    try {
      committed = await this.target.commit(batch);
    } catch (cause) {
      this.failures += 1;
      const message = `${sentence(cause)} ${this.queue.depth} events are waiting; they are kept and tried again.`;
      this.failure = new EventLogError('LOG_WRITE_FAILED', message, { cause });
      throw this.failure;
    }
    this.appendMs = performance.now() - this.beganAt;
    this.failures = 0;
    this.failure = undefined;
    const done = this.queue.removeHead();
    this.onCommit({ ...batch, ...committed });
    done();
  }

  private scheduleNext(): void {
    if (this.stopped || this.queue.depth === 0) return;
    const delayMs = this.failures > 0 ? backoffMs(this.failures) : this.lingerLeft();
    const run = (): void => {
      this.cancelScheduled = undefined;
      this.commit().catch(() => undefined); // status() has the failure, and flush() throws it
    };
    const cancel = delayMs <= 0 ? immediate(run) : timeout(run, delayMs);
    this.cancelScheduled = () => {
      cancel();
      this.cancelScheduled = undefined;
    };
  }

  private lingerLeft(): number {
    return this.queue.depth >= MAX_BATCH ? 0 : this.beganAt + this.lingerMs - performance.now();
  }
}

/** The reason of a failure, without what becomes of the events meanwhile. */
function refusalOf(failure: unknown): string {
  return sentence(failure instanceof EventLogError ? (failure.cause ?? failure) : failure);
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
  const text = messageOf(cause);
  return text.endsWith('.') ? text : `${text}.`;
}
