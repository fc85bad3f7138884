/** The number of orders in a row that closed at a loss, and the last one of them. */
export interface Losses {
  readonly count: number;
  readonly orderId?: string;
}

/** The streak after a fill. The partial fills of one order count once; a fill that closed nothing leaves the streak. */
export function nextLosses(losses: Losses = { count: 0 }, orderId: string, realizedPnl: number): Losses {
  if (realizedPnl > 0) return { count: 0 };
  return realizedPnl < 0 && orderId !== losses.orderId ? { count: losses.count + 1, orderId } : losses;
}
