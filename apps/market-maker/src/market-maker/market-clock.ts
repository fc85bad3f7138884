import type { Clock } from '@opensqt/trading-events';

/**
 * The market's time, for those that are made before the market maker is. It stands at zero until it has one to follow, so
 * that nothing falls due before trading starts.
 */
export class MarketClock implements Clock {
  private market: Clock | undefined;

  follow(clock: Clock): void {
    this.market = clock;
  }

  now(): number {
    return this.market?.now() ?? 0;
  }
}
