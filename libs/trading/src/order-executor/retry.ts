import type { Random } from '@opensqt/trading-events';
import { ExchangeError } from '../remote-exchange/exchange-error';

export interface RetryPolicy {
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly sleep: (delayMs: number) => Promise<void>;
  readonly random: Random;
}

/**
 * Repeats a call that failed for a passing reason, with exponential backoff and half jitter, while it is still wanted.
 *
 * @throws what the last attempt threw
 */
export async function retrying<Result>(
  policy: RetryPolicy,
  call: () => Promise<Result>,
  isWanted: () => boolean = () => true,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      const passing = error instanceof ExchangeError && error.transient;
      if (!passing || attempt >= policy.attempts || !isWanted()) throw error;
      const delayMs = policy.firstDelayMs * 2 ** (attempt - 1);
      await policy.sleep(Math.round(delayMs * (0.5 + policy.random() / 2)));
      if (!isWanted()) throw error;
    }
  }
}
