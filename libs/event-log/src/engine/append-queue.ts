import type { AnyEvent, EventType } from '@opensqt/trading-events';
import { type Checkpoint, EventLogError } from '../event-log';
import type { LogWriterStatus } from './log-store';

/**
 * Facts that come in masses and that the venue can be asked about again. When much is waiting they are refused first, so that
 * there is room for what nobody can state again: fills, positions, risk, alerts.
 */
const EXPENDABLE: ReadonlySet<EventType> = new Set(['order.placed', 'order.canceled', 'order.rejected']);

/** Up to this part of the queue everything is accepted; beyond, what is expendable is not. */
const COMMON_SHARE = 0.8;

/** One call of append(). It is committed whole. */
export interface Append {
  readonly events: readonly AnyEvent[];
  readonly checkpoints: readonly Checkpoint[];
}

/** Appends that are committed in one transaction; whoever waits for one of them waits for all. */
class Batch {
  readonly events: AnyEvent[] = [];
  readonly checkpoints: Checkpoint[] = [];
  /** Of its first append, in milliseconds on a clock that never steps. */
  readonly queuedAt = performance.now();
  resolve: () => void = () => undefined;
  reject: (error: Error) => void = () => undefined;
  readonly outcome = new Promise<void>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
  /** Its events; a checkpoint on its own counts as one. */
  size = 0;

  add(append: Append): void {
    for (const event of append.events) this.events.push(event);
    for (const checkpoint of append.checkpoints) this.checkpoints.push(checkpoint);
    this.size += sizeOf(append);
  }
}

/** Everything that was appended and is not yet on disk, in order. */
export class AppendQueue {
  private readonly waiting: Batch[] = [];
  /** The last batch, while it may grow. */
  private growing: Batch | undefined;
  private events = 0;
  private removed = 0;
  private refused = 0;

  /**
   * @param log the name of the log in messages
   * @param capacity the number of events that may wait; a checkpoint on its own counts as one
   * @param batchSize events in a batch; an append that is larger is a batch of its own
   */
  constructor(
    private readonly log: string,
    private readonly capacity: number,
    private readonly batchSize: number,
  ) {}

  /** Events waiting. */
  get depth(): number {
    return this.events;
  }

  /** Batches that have left the queue since its beginning. */
  get start(): number {
    return this.removed;
  }

  /** Batches that have entered the queue since its beginning. */
  get end(): number {
    return this.removed + this.waiting.length;
  }

  /**
   * Looks for room for these events; undefined when there is some. A refusal is counted.
   *
   * @param failure the reason that the queue is not drained, while it is not
   * @returns an EventLogError `LOG_FULL` when there is none
   */
  admit(events: readonly AnyEvent[], failure: EventLogError | undefined): EventLogError | undefined {
    if (admits(this.events, this.capacity, events)) return undefined;
    this.refused += events.length;
    const why = failure?.message ?? 'Events come faster than they can be written.';
    const message = `${this.log} refused ${events.length} events: ${this.events} of at most ${this.capacity} are waiting. ${why}`;
    return new EventLogError('LOG_FULL', message, { cause: failure });
  }

  /** Adds an append; the promise, which those of a batch share, says what becomes of it. */
  add(append: Append): Promise<void> {
    let batch = this.growing;
    if (batch === undefined || batch.size + sizeOf(append) > this.batchSize) {
      batch = this.growing = new Batch();
      this.waiting.push(batch);
    }
    batch.add(append);
    this.events += sizeOf(append);
    return batch.outcome;
  }

  /** The batch at the head, which does not grow any more. */
  head(): Append | undefined {
    const [batch] = this.waiting;
    if (batch === this.growing) this.growing = undefined;
    return batch;
  }

  /** Removes the batch at the head; the function that is returned notifies those who wait for it. */
  removeHead(): () => void {
    const batch = this.waiting.shift();
    this.removed += 1;
    this.events -= batch?.size ?? 0;
    return () => batch?.resolve();
  }

  /** Rejects everything that waits, as the log is closed. Returns what it was rejected with. */
  abandon(why: string, cause: unknown): EventLogError {
    const message = `${this.log} was closed with ${this.events} events that are lost. ${why}`;
    const error = new EventLogError('LOG_WRITE_FAILED', message, { cause });
    for (const batch of this.waiting) batch.reject(error);
    this.removed += this.waiting.length;
    this.waiting.length = this.events = 0;
    this.growing = undefined;
    return error;
  }

  status(): Pick<LogWriterStatus, 'queueDepth' | 'queueCapacity' | 'refused' | 'lagMs'> {
    const [oldest] = this.waiting;
    return {
      queueDepth: this.events,
      queueCapacity: this.capacity,
      refused: this.refused,
      lagMs: oldest === undefined ? 0 : performance.now() - oldest.queuedAt,
    };
  }
}

function admits(waiting: number, capacity: number, events: readonly AnyEvent[]): boolean {
  const after = waiting + Math.max(1, events.length);
  if (after > capacity) return false;
  const expendable = events.length > 0 && events.every(({ type }) => EXPENDABLE.has(type));
  return !expendable || after <= capacity * COMMON_SHARE;
}

/** The events of an append; a checkpoint on its own counts as one. */
function sizeOf({ events }: Append): number {
  return Math.max(1, events.length);
}
