import type { BreakerPort, BreakerReset, BreakerResetResult } from '@opensqt/observability';
import { type MarketMaker, failureWithin } from '@opensqt/trading';

/** The longest wait for the log to have the reset, wall clock. */
const PATIENCE_MS = 5_000;

type Breakers = Pick<MarketMaker, 'resetBreaker' | 'trippedBreakers'>;

/** The market maker's breakers as operators reach them: there before the market maker is, and after it has ended. */
export class MarketBreakers implements BreakerPort {
  private market: { readonly breakers: Breakers; readonly flushed: () => Promise<void> } | undefined;

  constructor(private readonly patienceMs = PATIENCE_MS) {}

  /** @param flushed resolves when everything published so far is on disk */
  follow(breakers: Breakers, flushed: () => Promise<void>): void {
    this.market = { breakers, flushed };
  }

  /** Nothing is traded any more. */
  leave(): void {
    this.market = undefined;
  }

  /** Answers once the reset is on disk: a start after that does not halt the scope again. */
  async reset(scope: string, request: BreakerReset): Promise<BreakerResetResult> {
    if (this.market === undefined) {
      throw new Error('Nothing is traded at the moment: the market maker is starting, or has ended.');
    }
    const { breakers, flushed } = this.market;
    const reset = breakers.resetBreaker(scope, request);
    if (reset) await this.onDisk(scope, flushed);
    return { reset, tripped: breakers.trippedBreakers };
  }

  private async onDisk(scope: string, flushed: () => Promise<void>): Promise<void> {
    const failure = await failureWithin(this.patienceMs, flushed);
    if (failure === undefined) return;
    throw new Error(
      `The breaker of '${scope}' is reset, but that is not in the log yet (${failure}). A restart before it is would halt the scope again.`,
    );
  }
}
