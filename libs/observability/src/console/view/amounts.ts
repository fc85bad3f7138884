import { Decimal } from 'decimal.js';
import type { Amount } from '../api/values';
import { ExactSum } from '../../projections/exact-sum';

/** Digits that sums of amounts may have; beyond them nothing is rounded either, only more slowly. */
const Exact = Decimal.clone({ precision: 100 });

export function total(amounts: readonly string[]): string {
  const sum = new ExactSum();
  for (const amount of amounts) sum.add(new Exact(amount).toFixed());
  return sum.toString();
}

/** Sums by asset, in the order of the assets' names. */
export function totals(fees: Iterable<readonly [string, ExactSum]>): Amount[] {
  const byAsset = new Map<string, string[]>();
  for (const [asset, sum] of fees) byAsset.set(asset, [...(byAsset.get(asset) ?? []), sum.toString()]);
  return [...byAsset]
    .map(([asset, amounts]) => ({ asset, amount: total(amounts) }))
    .sort((a, b) => a.asset.localeCompare(b.asset));
}

export function product(a: string, b: string): string {
  return new Exact(a).times(b).toFixed();
}

export function difference(a: string, b: string): string {
  return new Exact(a).minus(b).toFixed();
}

/** The larger of two prices, or the smaller; undefined counts as none. */
export function extreme(prices: readonly string[], which: 'max' | 'min'): string | null {
  if (prices.length === 0) return null;
  return Exact[which](...prices).toFixed();
}

/** The quotient, in 18 significant digits. */
export function quotient(a: string, b: string): string {
  const divisor = new Exact(b);
  return divisor.isZero() ? a : new Exact(a).div(divisor).toSignificantDigits(18).toFixed();
}

/** True for a value that has reached its limit. */
export function isBeyond(value: string, limit: string): boolean {
  return new Exact(value).gte(limit);
}
