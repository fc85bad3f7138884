import {
  AlertLevel,
  type DeliveryAbandoned,
  type DeliveryFailed,
  type DeliveryFailure,
  type Random,
  assertNever,
} from '@opensqt/trading-events';
import type { ResolvedAlerts } from '../../options/alerts.options';
import type { PendingDelivery } from '../model/alerts.state';

const MINUTE = 60_000;
const FIRST_BACKOFF_MS = 1_000;
const MIN_BACKOFF_MS = 250;
const DEFAULT_PAUSE_MS = 5_000;

/** The age up to which a message is worth delivering, in milliseconds from its request; tries are bounded by age, not by count. */
export const MAX_AGE_MS: Readonly<Record<AlertLevel, number>> = {
  [AlertLevel.Info]: 15 * MINUTE,
  [AlertLevel.Warning]: 6 * 60 * MINUTE,
  [AlertLevel.Error]: 12 * 60 * MINUTE,
  [AlertLevel.Critical]: 24 * 60 * MINUTE,
};

export interface FailedAttempt {
  readonly outcome: DeliveryFailure;
  readonly detail: string;
  readonly retryAfterMs?: number | undefined;
  /** True when this process, not the provider, cut the attempt short: it was killed, or stopped. */
  readonly interrupted?: boolean;
}

/** The consequence of a failed attempt. */
export type Consequence =
  | { readonly next: 'retry'; readonly data: DeliveryFailed }
  | { readonly next: 'abandon'; readonly data: DeliveryAbandoned };

/**
 * Decides what happens after an attempt that failed.
 *
 * - `transient`: exponential backoff with full jitter (`random × min(max, 1 s × 2^(attempt − 1))`, at least 250 ms), and not
 *   before the provider says, as long as a pause at most
 * - `rate_limited`: the whole channel pauses for as long as the provider says, an hour at most
 * - `ambiguous`: WARNING and above once more, marked; INFO not again. An attempt that this process cut short does not use
 *   that up, before or after: restarts at the wrong moments would lose a message that never left
 * - `rejected`, `too_large`, `broken`: a dead letter
 *
 * @param delivery the message, with this attempt counted
 * @param now wall clock
 */
export function afterFailure(
  delivery: PendingDelivery,
  { outcome, detail, retryAfterMs, interrupted = false }: FailedAttempt,
  now: number,
  random: Random,
  { longestBackoff, longestPause }: ResolvedAlerts['retry'],
): Consequence {
  const { deliveryId, alertId, channel, attempt } = delivery;
  const base = { deliveryId, alertId, channel, attempt, detail };
  const retryAt = (
    nextAttemptAt: number,
    cause: Pick<DeliveryFailed, 'interrupted' | 'pausedUntil'> = {},
  ): Consequence => ({ next: 'retry', data: { ...base, outcome, nextAttemptAt, ...cause } });
  switch (outcome) {
    case 'transient':
      return retryAt(
        now + Math.max(backoff(attempt, random, longestBackoff), Math.min(retryAfterMs ?? 0, longestPause)),
      );
    case 'rate_limited': {
      const pausedUntil = now + Math.min(retryAfterMs ?? DEFAULT_PAUSE_MS, longestPause);
      return retryAt(pausedUntil, { pausedUntil });
    }
    case 'ambiguous':
      return (delivery.leftOpen && !interrupted) || delivery.notice.level === AlertLevel.Info
        ? { next: 'abandon', data: { ...base, reason: outcome } }
        : retryAt(now + backoff(1, random, longestBackoff), interrupted ? { interrupted } : {});
    case 'rejected':
    case 'too_large':
    case 'broken':
      return { next: 'abandon', data: { ...base, reason: outcome } };
    default:
      return assertNever(outcome);
  }
}

function backoff(attempt: number, random: Random, maxMs: number): number {
  const max = Math.min(maxMs, FIRST_BACKOFF_MS * 2 ** Math.min(attempt - 1, 20));
  return Math.max(MIN_BACKOFF_MS, Math.round(random() * max));
}
