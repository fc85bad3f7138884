import type { BreakerMeasure } from './risk-measure';

/** The number of orders in a row that closed at a loss. The partial fills of one order count once. */
export class LossStreak implements BreakerMeasure<string> {
  private losses = 0;
  private countedOrder: string | undefined;

  /** A fill that closed nothing leaves the streak. */
  next(orderId: string, realizedPnl: number): number {
    if (realizedPnl > 0) {
      this.losses = 0;
    } else if (realizedPnl < 0 && orderId !== this.countedOrder) {
      this.losses++;
      this.countedOrder = orderId;
    }
    return this.losses;
  }

  clear(): void {
    this.losses = 0;
  }
}
