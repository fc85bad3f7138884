import type { AnyEvent, Clock, DurationMs, EpochMs } from '@opensqt/trading-events';
import type { LiveEvidence } from './verdict';

/** An event that is dated further ahead of the clock than clocks differ proves nothing. */
const MAX_AHEAD_MS = 60_000;

interface Seen {
  /** On the clock that events are stamped by. */
  at: EpochMs;
  /** Monotonic, real milliseconds: that clock may be a market's, which stands still when its data does. */
  tick: number;
}

/**
 * The times at which this process received what proves that a symbol has a market: its prices, marks and own trades. A late or
 * misdated one proves nothing. A time of receipt is this process's own: what an event claims makes nothing fresh.
 */
export class Evidence {
  private readonly seen = new Map<string, Seen>();
  private readonly createdTick: number;
  private firstTick: number | undefined;

  /**
   * @param clock that events are stamped by
   * @param stopwatch monotonic milliseconds
   * @param staleAfter milliseconds after which an event is too late to prove anything
   */
  constructor(
    private readonly clock: Clock,
    private readonly stopwatch: () => number,
    private readonly staleAfter: DurationMs,
  ) {
    this.createdTick = stopwatch();
  }

  onEvent(event: AnyEvent): void {
    this.firstTick ??= this.stopwatch();
    switch (event.type) {
      case 'price.updated':
      case 'position.marked':
      case 'order.filled':
        return this.add(event.data.symbol, event.occurredAt);
      default:
    }
  }

  /** The evidence at this moment. */
  now(): LiveEvidence {
    const now = this.clock.now();
    const tick = this.stopwatch();
    return {
      now,
      staleAfter: this.staleAfter,
      isStarting: tick - (this.firstTick ?? this.createdTick) <= this.staleAfter,
      ageOf: (symbol) => {
        const seen = this.seen.get(symbol);
        return seen && Math.max(now - seen.at, tick - seen.tick);
      },
    };
  }

  private add(symbol: string, occurredAt: EpochMs): void {
    const now = this.clock.now();
    if (occurredAt < now - this.staleAfter || occurredAt > now + MAX_AHEAD_MS) return;
    const seen = this.seen.get(symbol);
    if (seen === undefined) this.seen.set(symbol, { at: now, tick: this.stopwatch() });
    else {
      seen.at = now;
      seen.tick = this.stopwatch();
    }
  }
}
