import type { AnyEvent, EventType } from '@opensqt/trading-events';
import { type Checkpoint, EventLogError } from '../event-log';
import type { EncodedEvent, Envelope, LogWriterStatus } from './log-store';

/**
 * Facts that come in masses and that the venue can be asked about again. When much is waiting they are refused first, so that
 * there is room for what nobody can state again: fills, positions, risk, alerts.
 */
const EXPENDABLE: ReadonlySet<EventType> = new Set(['order.placed', 'order.canceled', 'order.rejected']);

/** Up to this part of the queue everything is accepted; beyond, what is expendable is not. */
const COMMON_SHARE = 0.8;

/** One call of append(). It is committed whole. */
export interface Append<Event extends Envelope = AnyEvent> {
  readonly events: readonly EncodedEvent<Event>[];
  readonly checkpoints: readonly Checkpoint[];
}

/** Notified of what becomes of an append. */
export interface Outcome {
  resolve(): void;
  reject(error: Error): void;
}

interface Waiting<Event extends Envelope> {
  readonly append: Append<Event>;
  /** Milliseconds on a clock that never steps. */
  readonly queuedAt: number;
  readonly outcome: Outcome | undefined;
}

/** Appends that have left the queue. */
interface Removed<Event extends Envelope> {
  readonly events: readonly EncodedEvent<Event>[];
  /** As {@link AppendQueue.depth} counted them. */
  readonly size: number;
  readonly done: () => void;
}

/** Everything that was appended and is not yet on disk, in order. */
export class AppendQueue<Event extends Envelope = AnyEvent> {
  private waiting: Waiting<Event>[] = [];
  private events = 0;
  private removed = 0;
  private refused = 0;

  /**
   * @param log how messages call the log
   * @param capacity how many events may wait; a checkpoint on its own counts as one
   */
  constructor(
    private readonly log: string,
    private readonly capacity: number,
  ) {}

  /** Events waiting. */
  get depth(): number {
    return this.events;
  }

  /** Appends waiting. */
  get length(): number {
    return this.waiting.length;
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
   * Makes sure that there is room for these events.
   *
   * @param failure why the queue is not drained, while it is not
   * @throws EventLogError `LOG_FULL`
   */
  admit(events: readonly AnyEvent[], failure: EventLogError | undefined): void {
    if (admits(this.events, this.capacity, events)) return;
    this.refused += events.length;
    const why = failure?.message ?? 'Events come faster than they can be written.';
    const message = `${this.log} refused ${events.length} events: ${this.events} of at most ${this.capacity} are waiting. ${why}`;
    throw new EventLogError('LOG_FULL', message, { cause: failure });
  }

  /** Adds an append. */
  add(append: Append<Event>, outcome?: Outcome): void {
    this.waiting.push({ append, queuedAt: performance.now(), outcome });
    this.events += sizeOf(append);
  }

  /**
   * Appends that follow one another and together have at most `maxEvents` events; one at least, when there is one.
   *
   * @param from the first one, counted from 0
   */
  next(maxEvents: number, from = 0): readonly Append<Event>[] {
    const found: Append<Event>[] = [];
    let events = 0;
    for (let index = from; index < this.waiting.length; index++) {
      const append = this.waiting[index]?.append;
      if (append === undefined) break;
      events += sizeOf(append);
      if (found.length > 0 && events > maxEvents) break;
      found.push(append);
    }
    return found;
  }

  /** Removes the first `count` appends; `done` notifies those who wait for them. */
  remove(count: number): Removed<Event> {
    const removed = this.waiting.splice(0, count);
    this.removed += removed.length;
    const size = removed.reduce((sum, { append }) => sum + sizeOf(append), 0);
    this.events -= size;
    return {
      events: removed.flatMap(({ append }) => append.events),
      size,
      done: () => {
        for (const { outcome } of removed) outcome?.resolve();
      },
    };
  }

  /** Rejects everything that waits, as the log is closed. Returns what it was rejected with. */
  abandon(why: string, cause: unknown): EventLogError {
    const message = `${this.log} was closed with ${this.events} events that are lost. ${why}`;
    const error = new EventLogError('LOG_WRITE_FAILED', message, { cause });
    for (const { outcome } of this.waiting) outcome?.reject(error);
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
export function sizeOf({ events }: Append<Envelope>): number {
  return Math.max(1, events.length);
}
