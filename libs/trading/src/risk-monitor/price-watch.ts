import type { DurationMs, EpochMs } from '@opensqt/trading-events';
import type { CancelTask, MarketScheduler } from '../market/market-scheduler';

/** Watches that prices of a symbol keep coming while the stream that brings them is connected. */
export class PriceWatch {
  private freshAt: EpochMs = 0;
  private pending: CancelTask | undefined;

  /** @param onSilent called when nothing has come for `maxAge`, and not again before something has */
  constructor(
    private readonly scheduler: MarketScheduler,
    private readonly maxAge: DurationMs,
    private readonly onSilent: (age: DurationMs) => void,
  ) {}

  /** A price has come, or the stream is there again: from now on another is due. */
  refresh(): void {
    this.freshAt = this.scheduler.now();
    if (this.pending === undefined) this.lookAfter(this.maxAge);
  }

  /** Nothing is due any more. */
  pause(): void {
    this.pending?.();
    this.pending = undefined;
  }

  /** A price costs no task: it is looked at when the first of them would be too old. */
  private lookAfter(delayMs: DurationMs): void {
    this.pending = this.scheduler.whileRunning(delayMs, () => {
      this.pending = undefined;
      const age = this.scheduler.now() - this.freshAt;
      if (age < this.maxAge) this.lookAfter(this.maxAge - age);
      else this.onSilent(age);
    });
  }
}
