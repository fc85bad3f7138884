import type { AnyEvent } from '@opensqt/trading-events';
import type { SeenPrice } from '../view/sources';

/** Beyond so many symbols, further ones have no live price. */
const MAX_SYMBOLS = 500;

interface Price {
  price: string;
  at: number;
  tick: number;
}

/** The last price of each symbol that this process has seen: prices are live, and never on the log. */
export class LivePrices {
  /** Changes with each price. */
  version = 0;
  private readonly prices = new Map<string, Price>();

  /** @param stopwatch monotonic milliseconds */
  constructor(private readonly stopwatch: () => number) {}

  onEvent(event: AnyEvent): void {
    if (event.type !== 'price.updated') return;
    const { symbol, price } = event.data;
    this.version += 1;
    const seen = this.prices.get(symbol);
    if (seen !== undefined) {
      seen.price = price;
      seen.at = event.occurredAt;
      seen.tick = this.stopwatch();
    } else if (this.prices.size < MAX_SYMBOLS) {
      this.prices.set(symbol, { price, at: event.occurredAt, tick: this.stopwatch() });
    }
  }

  of(symbol: string): SeenPrice | undefined {
    const seen = this.prices.get(symbol);
    return seen && { price: seen.price, at: seen.at, age: Math.max(0, this.stopwatch() - seen.tick) };
  }
}
