export interface Price {
  readonly exact: string;
  readonly value: number;
}

/** Number of trades that the mark price is made of. */
export const MARK_PRICE_TRADES = 3;

/**
 * The mark price: the median of the last three trades. A single bad print then neither values a position nor halts
 * trading, and an honest move counts one trade later.
 */
export class MarkPrice {
  private readonly recent: Price[] = [];

  next(price: Price): Price {
    this.recent.push(price);
    if (this.recent.length > MARK_PRICE_TRADES) this.recent.shift();
    const [a, b, c] = this.recent;
    if (a === undefined || b === undefined || c === undefined) return price;
    const [low, high] = a.value <= b.value ? [a, b] : [b, a];
    if (c.value <= low.value) return low;
    return c.value >= high.value ? high : c;
  }
}
