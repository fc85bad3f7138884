import type { Decimal } from '../market/money';
import type { BreakerMeasure } from './risk-measure';

/** The fall of a profit from its peak. The exact amounts are made only for a new peak. */
export class Drawdown implements BreakerMeasure<() => Decimal> {
  private peak: { readonly value: number; readonly exact: Decimal } | undefined;

  /** Continues from the peak of an earlier run. */
  resume(peak: Decimal): void {
    this.peak = { value: peak.toNumber(), exact: peak };
  }

  /** Records the profit, exact and as a number, and returns its distance from the peak. */
  next(exact: () => Decimal, value: number): number {
    if (this.peak === undefined || value > this.peak.value) this.peak = { value, exact: exact() };
    return this.peak.value - value;
  }

  /** The distance from the peak to the last digit. */
  exact(pnl: Decimal): Decimal {
    return (this.peak?.exact ?? pnl).minus(pnl);
  }

  clear(): void {
    this.peak = undefined;
  }
}
