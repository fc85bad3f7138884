import type { EpochMs } from '@opensqt/trading-events';
import type { BreakerMeasure } from './risk-measure';

interface Extreme {
  readonly time: EpochMs;
  readonly price: number;
}

/** The move of the price within the last `windowMs`. */
export class PriceMoveWindow implements BreakerMeasure<EpochMs> {
  /** The last move; undefined while there is none. */
  last: number | undefined;
  /** Falling towards the end, so that the first is the highest; and rising, for the lowest. */
  private highs: Extreme[] = [];
  private lows: Extreme[] = [];

  constructor(private readonly windowMs: number) {}

  /** The distance of the price from the window's farther extreme, as a fraction of that. */
  next(time: EpochMs, price: number): number {
    while ((this.highs.at(-1)?.price ?? Infinity) <= price) this.highs.pop();
    while ((this.lows.at(-1)?.price ?? -Infinity) >= price) this.lows.pop();
    this.highs.push({ time, price });
    this.lows.push({ time, price });
    const oldest = time - this.windowMs;
    while ((this.highs[0]?.time ?? time) < oldest) this.highs.shift();
    while ((this.lows[0]?.time ?? time) < oldest) this.lows.shift();
    const high = this.highs[0]?.price ?? price;
    const low = this.lows[0]?.price ?? price;
    return (this.last = Math.max((high - price) / high, (price - low) / low));
  }

  clear(): void {
    this.last = undefined;
    this.highs = [];
    this.lows = [];
  }
}
