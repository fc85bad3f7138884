import type { AlertNotice, Clock } from '@opensqt/trading-events';
import type { AlertChannel, AlertNotification } from '../alert-channel';
import type { PendingDelivery } from '../alerts.state';
import { DeliveryError } from '../delivery-error';
import { parseFingerprint } from '../fingerprint';
import type { FailedAttempt } from './retry-policy';

/** An attempt that takes longer has an unknown outcome. Channels have shorter limits of their own. */
const ATTEMPT_TIMEOUT_MS = 20_000;
/** A message that waited so long says so. */
const DELAYED_AFTER_MS = 60_000;

/**
 * Sends one message once.
 *
 * @returns undefined when the provider accepted it, otherwise what went wrong
 */
export async function attemptDelivery(
  channel: AlertChannel,
  delivery: PendingDelivery,
  clock: Clock,
  stopping: AbortSignal,
): Promise<FailedAttempt | undefined> {
  const cancel = new AbortController();
  const abort = (): void => cancel.abort();
  stopping.addEventListener('abort', abort, { once: true });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DeliveryError('ambiguous', `no answer within ${ATTEMPT_TIMEOUT_MS / 1_000} s`));
      abort();
    }, ATTEMPT_TIMEOUT_MS);
  });
  try {
    await Promise.race([channel.send(notificationOf(delivery, clock.now()), cancel.signal), late]);
    return undefined;
  } catch (error) {
    return failureOf(error);
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', abort);
  }
}

function notificationOf(delivery: PendingDelivery, now: number): AlertNotification {
  const { alertId, fingerprint, kind, notice, ambiguous, requestedAt } = delivery;
  const waited = now - requestedAt;
  return {
    ...payloadOf(notice),
    alertId,
    fingerprint,
    ...parseFingerprint(fingerprint),
    kind,
    possibleDuplicate: ambiguous,
    ...(waited >= DELAYED_AFTER_MS ? { delayedMs: waited } : {}),
  };
}

function payloadOf({ level, title, message, fields, timestamp }: AlertNotice) {
  return { level, title, message, fields, timestamp: new Date(timestamp) };
}

/** A channel that throws something else than a DeliveryError is tried again: that is safer than to give up. */
function failureOf(error: unknown): FailedAttempt {
  if (error instanceof DeliveryError) {
    return { outcome: error.outcome, detail: error.message, retryAfterMs: error.retryAfterMs };
  }
  return { outcome: 'transient', detail: error instanceof Error ? error.name : 'the channel failed' };
}
