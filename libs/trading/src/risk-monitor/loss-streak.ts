/** How many orders in a row have closed at a loss. The partial fills of one order count once. */
export class LossStreak {
  private losses = 0;
  private countedOrder: string | undefined;

  /** Takes in what a fill realized and returns the streak; a fill that closed nothing leaves it. */
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
