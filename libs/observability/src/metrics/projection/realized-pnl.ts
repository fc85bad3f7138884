import { ExactSum } from '../../projections/exact-sum';

const MINUS = 45;

/** The realized PnL of a strategy on a symbol: profits and losses apart, since a counter can't go down, and the net. */
export class RealizedPnl {
  readonly profit = new ExactSum();
  /** As a positive number. */
  readonly loss = new ExactSum();
  private difference: number | undefined = 0;

  /** @param pnl signed, in plain notation */
  add(pnl: string): void {
    if (pnl.charCodeAt(0) === MINUS) this.loss.add(pnl.slice(1));
    else this.profit.add(pnl);
    this.difference = undefined;
  }

  /** Profit less loss, rounded once. */
  net(): number {
    return (this.difference ??= this.profit.minus(this.loss).toNumber());
  }
}
