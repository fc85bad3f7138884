/** The market's behaviour during a stretch of the day. */
export interface Phase {
  /** Milliseconds since the day began. */
  readonly from: number;
  readonly to: number;
  /** Relative change of the price over the phase, in every symbol. */
  readonly drift: number;
  /** Standard deviation of a minute's relative change. */
  readonly volatility: number;
  /** Trades and their sizes, in usual ones. */
  readonly frequency: number;
  readonly size: number;
}

/** Something that happens to the feed or the exchange. */
export type Incident =
  | { readonly type: 'market_lost' | 'orders_lost'; readonly at: number; readonly forMs: number }
  | {
      readonly type: 'latency_spike';
      readonly at: number;
      readonly forMs: number;
      readonly latencyMs: number;
    }
  /** One trade near zero in the last of the symbols. */
  | { readonly type: 'poisoned_print'; readonly at: number }
  /** One order that eats through the bids of every symbol, down by `drop` (a fraction). */
  | { readonly type: 'sweep'; readonly at: number; readonly drop: number; readonly notional: number };

const MINUTE = 60_000;
export const DAY_MS = 24 * 60 * MINUTE;

const CALM = { drift: 0, volatility: 0.0006, frequency: 1, size: 1 };

/**
 * The simulated day: calm, a trend, an outage, a latency spike, a bad print, a flash crash with recovery, all within the
 * first four and a half hours, and calm until midnight.
 */
export const PHASES: readonly Phase[] = [
  { ...CALM, from: 0, to: 30 * MINUTE },
  { ...CALM, from: 30 * MINUTE, to: 55 * MINUTE, drift: 0.012, volatility: 0.0007 },
  { ...CALM, from: 55 * MINUTE, to: 200 * MINUTE },
  {
    ...CALM,
    from: 200 * MINUTE,
    to: 201.5 * MINUTE,
    drift: -0.065,
    volatility: 0.002,
    frequency: 8,
    size: 8,
  },
  {
    ...CALM,
    from: 201.5 * MINUTE,
    to: 215 * MINUTE,
    drift: 0.08,
    volatility: 0.0015,
    frequency: 2,
    size: 2,
  },
  { ...CALM, from: 215 * MINUTE, to: DAY_MS },
];

export const INCIDENTS: readonly Incident[] = [
  { type: 'market_lost', at: 60 * MINUTE, forMs: 3 * MINUTE },
  { type: 'orders_lost', at: 85 * MINUTE, forMs: 20_000 },
  { type: 'latency_spike', at: 110 * MINUTE, forMs: 6 * MINUTE, latencyMs: 900 },
  { type: 'poisoned_print', at: 150 * MINUTE },
  { type: 'sweep', at: 200 * MINUTE, drop: 0.015, notional: 150_000 },
];
