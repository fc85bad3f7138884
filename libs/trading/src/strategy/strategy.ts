import type { EpochMs, Side } from '@opensqt/trading-events';
import type { KindSection } from '@opensqt/trading-events/options';
import type { z } from 'zod';

/** A public trade as strategies and risk measures see it; the exact amounts stay with the orders. */
export interface PriceTick {
  readonly time: EpochMs;
  readonly price: number;
  readonly quantity: number;
}

/** The market that a strategy decides on. */
export interface MarketView {
  /** Price of the last trade. */
  readonly price: number;
  readonly tickSize: number;
  /** Base asset; negative when short. */
  readonly position: number;
}

/** An order that should be open. */
export interface TargetOrder {
  readonly side: Side;
  /** 1 is the nearest to the market. Side and level together are the order's place in the target. */
  readonly level: number;
  readonly price: number;
  readonly quantity: number;
}

/** The orders that should be open now, whatever is. */
export interface Target {
  readonly orders: readonly TargetOrder[];
  /** An open order may differ from its target price by this much before it is worth replacing. */
  readonly tolerance: number;
}

/** The least order that a market takes, as numbers. */
export interface OrderMinimum {
  readonly lot: number;
  /** Price × quantity; zero where only the lot counts. */
  readonly notional: number;
}

/** Of a quotient of numbers that would be whole. */
const NOISE = 1e-9;
/** Of a product of numbers: more are noise. */
const EXACT_DIGITS = 15;

/** The order that is the smallest beside the least that the market takes at its price; undefined without any. */
export function smallestOf(
  orders: readonly TargetOrder[],
  { lot, notional }: OrderMinimum,
): { readonly quantity: number; readonly least: number } | undefined {
  let smallest: { readonly quantity: number; readonly lots: number } | undefined;
  for (const { price, quantity } of orders) {
    // Quantities are rounded down to whole lots, so the minimum is in whole lots, too.
    const lots = Math.max(1, Math.ceil(notional / (price * lot) - NOISE));
    if (smallest === undefined || quantity / lots < smallest.quantity / smallest.lots)
      smallest = { quantity, lots };
  }
  if (smallest === undefined) return undefined;
  const { quantity, lots } = smallest;
  return { quantity, least: Number((lot * lots).toPrecision(EXACT_DIGITS)) };
}

/**
 * Two pure functions: one keeps a memory of the market, one says which orders should be open. Neither places any.
 *
 * @typeParam State - its memory; a restart begins with a fresh one
 */
export interface Strategy<State> {
  readonly name: string;
  readonly initial: State;
  evolve(state: State, tick: PriceTick): State;
  decide(state: State, market: MarketView): Target;
}

/** A strategy that can be chosen by name: the section of its options, with `name` as a literal, and the strategy that follows. */
export interface StrategyKind<Options extends KindSection = KindSection> {
  readonly options: Options;
  create(options: z.output<Options>): Strategy<unknown>;
}

/** A strategy found itself in a state that its own rules exclude. It does not go on from there. */
export class StrategyInvariantError extends Error {
  override readonly name = 'StrategyInvariantError';
}
