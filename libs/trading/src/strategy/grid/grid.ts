import type { Side } from '@opensqt/trading-events';
import { type TrueRangeState, averageTrueRange, evolveTrueRange } from './average-true-range';
import { type ResolvedGrid, gridOptions } from './grid.options';
import {
  type MarketView,
  type PriceTick,
  type Strategy,
  type StrategyKind,
  StrategyInvariantError,
  type Target,
  type TargetOrder,
} from '../strategy';

export interface GridState {
  /** The middle of the grid: an exponential average of the price, which trails it. */
  readonly anchor: number;
  readonly time: number;
  readonly range: TrueRangeState;
}

const ANCHOR_TIME_CONSTANT_MS = 10 * 60_000;
/** Orders are replaced when they are off by more than this fraction of the spacing. */
const REQUOTE_FRACTION = 0.25;

/** The options with the notional as a number: quotes are rounded to the symbol's steps later. */
type GridParameters = Omit<ResolvedGrid, 'name' | 'orderNotional'> & {
  readonly orderNotional: number;
};

/** A grid around a trailing anchor: wider when the market moves more, shifted against its position. */
export function gridStrategy(options: ResolvedGrid): Strategy<GridState | undefined> {
  const parameters = { ...options, orderNotional: Number(options.orderNotional) };
  return {
    name: options.name,
    initial: undefined,
    evolve: (state, tick) => evolve(state, tick, options.atrPeriod),
    decide: (state, market) =>
      state === undefined ? { orders: [], tolerance: 0 } : decide(state, market, parameters),
  };
}

export const grid: StrategyKind<typeof gridOptions> = { options: gridOptions, create: gridStrategy };

function evolve(state: GridState | undefined, tick: PriceTick, atrPeriod: number): GridState {
  const range = evolveTrueRange(state?.range, tick, atrPeriod);
  if (state === undefined) return { anchor: tick.price, time: tick.time, range };
  const weight = 1 - Math.exp(-(tick.time - state.time) / ANCHOR_TIME_CONSTANT_MS);
  return { anchor: state.anchor + weight * (tick.price - state.anchor), time: tick.time, range };
}

function decide(state: GridState, market: MarketView, parameters: GridParameters): Target {
  const { price, tickSize, position } = market;
  const spacing = Math.max(
    parameters.minSpacing * price,
    parameters.atrMultiplier * averageTrueRange(state.range, parameters.atrPeriod),
    tickSize,
  );
  const inventory = (position * price) / parameters.orderNotional;
  const center = state.anchor - parameters.skew * inventory * spacing;
  // Nearest levels stay off the last price, and farther ones keep their distance from them.
  const below = Math.min(center, price - tickSize + spacing);
  const above = Math.max(center, price + tickSize - spacing);

  const orders: TargetOrder[] = [];
  for (let level = 1; level <= parameters.levels; level++) {
    orders.push(
      quote('buy', level, below - level * spacing, parameters),
      quote('sell', level, above + level * spacing, parameters),
    );
  }
  return { orders, tolerance: REQUOTE_FRACTION * spacing };
}

function quote(side: Side, level: number, price: number, parameters: GridParameters): TargetOrder {
  const quantity = (level * parameters.orderNotional) / price;
  if (!(price > 0 && Number.isFinite(price) && Number.isFinite(quantity))) {
    throw new StrategyInvariantError(
      `The grid's ${side} level ${level} would be at ${price}, which is not a price. The prices it followed moved too far.`,
    );
  }
  return { side, level, price, quantity };
}
