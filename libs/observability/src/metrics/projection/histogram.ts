/** Bucket bounds from a price to the order that it led to, in milliseconds. */
export const TICK_TO_TRADE_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000];
/** Bucket bounds from an order's placing until it is filled, in seconds. */
export const TIME_TO_FILL_BUCKETS = [0.01, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 14_400];
/** Bucket bounds from an alert's commit until its provider accepted it, in milliseconds. */
export const DELIVERY_LATENCY_BUCKETS = [
  10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 15_000, 60_000, 600_000,
];

/** The number of values in each bucket; not cumulative, and without the bucket above the last bound. */
export interface HistogramState {
  readonly bounds: readonly number[];
  readonly counts: number[];
  count: number;
  sum: number;
}

/** An empty histogram. */
export function histogram(bounds: readonly number[]): HistogramState {
  return { bounds, counts: new Array<number>(bounds.length).fill(0), count: 0, sum: 0 };
}

/** Counts one value. */
export function observe(state: HistogramState, value: number): void {
  observeSome(state, value, 1);
  state.sum += value;
}

/** Counts values of which an upper bound is known; their sum is for the caller to add. */
export function observeSome(state: HistogramState, upTo: number, times: number): void {
  const { bounds, counts } = state;
  for (let i = 0; i < bounds.length; i++) {
    if (upTo <= (bounds[i] ?? Infinity)) {
      counts[i] = (counts[i] ?? 0) + times;
      break;
    }
  }
  state.count += times;
}
