import type { EpochMs } from '@opensqt/trading-events';

/** Market time per wall time; `max`: as fast as it goes. */
export type MarketSpeed = number | 'max';

const YIELD_EVERY_MS = 5;
/** Behind by more than this (the machine slept, or cannot keep up), the pace starts anew instead of racing. */
const TOLERATED_LAG_MS = 5_000;

/** Lets market time pass no faster than configured, and the event loop breathe. */
export class Pacer {
  private origin: { readonly market: EpochMs; readonly wall: number } | undefined;
  private yieldedAt: number;
  private wakeUp: (() => void) | undefined;

  /** @param wallNow monotonic milliseconds */
  constructor(
    private readonly speed: MarketSpeed,
    private readonly wallNow: () => number,
  ) {
    this.yieldedAt = wallNow();
  }

  /** Wall milliseconds until the step at `marketTime` is due; 0 when it is. */
  delayUntil(marketTime: EpochMs): number {
    if (this.speed === 'max') return 0;
    const wall = this.wallNow();
    this.origin ??= { market: marketTime, wall };
    const due = this.origin.wall + (marketTime - this.origin.market) / this.speed;
    if (wall - due > TOLERATED_LAG_MS) this.origin = { market: marketTime, wall };
    return Math.max(0, due - wall);
  }

  /** Waits, unless woken before. */
  async sleep(wallMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(wallMs, 2 ** 31 - 1));
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeUp = undefined;
    this.yieldedAt = this.wallNow();
  }

  /** Ends a sleep. */
  wake(): void {
    this.wakeUp?.();
  }

  /** True every few milliseconds: it is time to let timers and requests have their turn. */
  mustYield(): boolean {
    return this.wallNow() - this.yieldedAt >= YIELD_EVERY_MS;
  }

  /** Lets everything that waits on the event loop run, microtasks first. */
  async yieldToEventLoop(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.yieldedAt = this.wallNow();
  }
}
