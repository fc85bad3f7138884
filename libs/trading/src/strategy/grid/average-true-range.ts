import type { PriceTick } from '../strategy';

/** One minute of market time. */
const BAR_MS = 60_000;

export interface TrueRangeState {
  readonly bar: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly previousClose: number | undefined;
  /** Average over the bars that are complete. */
  readonly average: number;
  readonly completed: number;
}

/**
 * Average true range over one-minute bars, with Wilder's smoothing (J. Welles Wilder, New Concepts in Technical Trading
 * Systems, 1978). Minutes without trades are left out.
 */
export function evolveTrueRange(
  state: TrueRangeState | undefined,
  tick: PriceTick,
  period: number,
): TrueRangeState {
  const { price } = tick;
  const bar = Math.floor(tick.time / BAR_MS);
  if (state === undefined) {
    return { bar, high: price, low: price, close: price, previousClose: undefined, average: 0, completed: 0 };
  }
  if (bar === state.bar) {
    return { ...state, high: Math.max(state.high, price), low: Math.min(state.low, price), close: price };
  }
  return {
    bar,
    high: price,
    low: price,
    close: price,
    previousClose: state.close,
    average: smoothed(state, period),
    completed: state.completed + 1,
  };
}

/** The average with the current bar as it stands, so that a sudden move widens it at once. */
export function averageTrueRange(state: TrueRangeState, period: number): number {
  return Math.max(state.average, smoothed(state, period));
}

function smoothed(state: TrueRangeState, period: number): number {
  const high = Math.max(state.high, state.previousClose ?? state.high);
  const low = Math.min(state.low, state.previousClose ?? state.low);
  const weight = Math.min(state.completed, period - 1);
  return (state.average * weight + (high - low)) / (weight + 1);
}
