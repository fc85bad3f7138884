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

/** Notified of what becomes of an append. */
export interface Outcome {
  resolve(): void;
  reject(error: Error): void;
}

interface Waiting {
  readonly append: Append;
  /** Milliseconds on a clock that never steps. */
  readonly queuedAt: number;
  readonly outcome: Outcome;
}

/** Everything that was appended and is not yet on disk, in order. */
export class AppendQueue {
  private waiting: Waiting[] = [];
  private events = 0;
  private removed = 0;
  private refused = 0;

  /**
   * @param log the name of the log in messages
   * @param capacity the number of events that may wait; a checkpoint on its own counts as one
   */
  constructor(
    private readonly log: string,
    private readonly capacity: number,
  ) {}

  /** Events waiting. */
  get depth(): number {
    return this.events;
  }

  /** Appends that have left the queue since its beginning. */
  get start(): number {
    return this.removed;
  }

  /** Appends that have entered the queue since its beginning. */
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

  /** Adds an append. */
  add(append: Append, outcome: Outcome): void {
    this.waiting.push({ append, queuedAt: performance.now(), outcome });
    this.events += sizeOf(append);
  }

  /** The appends at the head that together have at most `maxEvents` events; one at least, when there is one. */
  next(maxEvents: number): readonly Append[] {
    const found: Append[] = [];
    let events = 0;
    for (const { append } of this.waiting) {
      events += sizeOf(append);
      if (found.length > 0 && events > maxEvents) break;
      found.push(append);
    }
    return found;
  }

  /** Removes the first `count` appends; the function that is returned notifies those who wait for them. */
  remove(count: number): () => void {
    const removed = this.waiting.splice(0, count);
    this.removed += removed.length;
    for (const { append } of removed) this.events -= sizeOf(append);
    return () => {
      for (const { outcome } of removed) outcome.resolve();
    };
  }

  /** Rejects everything that waits, as the log is closed. Returns what it was rejected with. */
  abandon(why: string, cause: unknown): EventLogError {
    const message = `${this.log} was closed with ${this.events} events that are lost. ${why}`;
    const error = new EventLogError('LOG_WRITE_FAILED', message, { cause });
    for (const { outcome } of this.waiting) outcome.reject(error);
    this.remove(Infinity);
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
