import type { EventType, TradingEvent } from '@opensqt/trading-events';
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
export interface Append<Event extends Envelope = TradingEvent> {
  readonly events: readonly EncodedEvent<Event>[];
  readonly checkpoints: readonly Checkpoint[];
}

interface Waiting<Event extends Envelope> extends Append<Event> {
  /** Milliseconds on a clock that never steps. */
  readonly queuedAt: number;
  resolve(): void;
  reject(error: Error): void;
}

/** Everything that was appended and is not yet on disk, in order. */
export class AppendQueue<Event extends Envelope = TradingEvent> {
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

  /** How many appends have left the queue since its beginning. */
  get start(): number {
    return this.removed;
  }

  /** How many appends have entered the queue since its beginning. */
  get end(): number {
    return this.removed + this.waiting.length;
  }

  /**
   * Makes sure that there is room for these events.
   *
   * @param failure why the queue is not drained, while it is not
   * @throws EventLogError `LOG_FULL`
   */
  admit(events: readonly TradingEvent[], failure: EventLogError | undefined): void {
    if (admits(this.events, this.capacity, events)) return;
    this.refused += events.length;
    const why = failure?.message ?? 'Events come faster than they can be written.';
    const message = `${this.log} took none of ${events.length} events: ${this.events} of at most ${this.capacity} are waiting. ${why}`;
    throw new EventLogError('LOG_FULL', message, { cause: failure });
  }

  /** Adds an append; resolves when it was removed as done, rejects when it was abandoned. */
  add({ events, checkpoints }: Append<Event>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ events, checkpoints, queuedAt: performance.now(), resolve, reject });
      this.events += Math.max(1, events.length);
    });
  }

  /** The appends from that one on, counted from 0. */
  from(index: number): readonly Append<Event>[] {
    return this.waiting.slice(index);
  }

  /** The first appends that together have at most `maxEvents` events; one at least, when there is one. */
  head(maxEvents: number): readonly Append<Event>[] {
    let events = 0;
    let count = 0;
    for (const append of this.waiting) {
      events += Math.max(1, append.events.length);
      if (count > 0 && events > maxEvents) break;
      count += 1;
    }
    return this.waiting.slice(0, count);
  }

  /** Removes the first `count` appends; `done` resolves them. */
  remove(count: number): { readonly events: readonly EncodedEvent<Event>[]; readonly done: () => void } {
    const out = this.waiting.splice(0, count);
    this.removed += out.length;
    for (const append of out) this.events -= Math.max(1, append.events.length);
    return {
      events: out.flatMap(({ events }) => events),
      done: () => {
        for (const append of out) append.resolve();
      },
    };
  }

  /** Rejects everything that waits, as the log is closed. Returns what it was rejected with. */
  abandon(why: string, cause: unknown): EventLogError {
    const message = `${this.log} was closed with ${this.events} events that are lost. ${why}`;
    const error = new EventLogError('LOG_WRITE_FAILED', message, { cause });
    for (const append of this.waiting) append.reject(error);
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

function admits(waiting: number, capacity: number, events: readonly TradingEvent[]): boolean {
  const after = waiting + Math.max(1, events.length);
  if (after > capacity) return false;
  const expendable = events.length > 0 && events.every(({ type }) => EXPENDABLE.has(type));
  return !expendable || after <= capacity * COMMON_SHARE;
}
