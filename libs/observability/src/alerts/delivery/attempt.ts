import { type AlertNotice, type Clock, formatDuration } from '@opensqt/trading-events';
import type { AlertChannel, AlertNotification, EarlierMessage } from '../../channels/channel';
import type { PendingDelivery } from '../model/alerts.state';
import { DeliveryError } from '../../channels/delivery-error';
import { parseFingerprint } from '../model/fingerprint';
import type { RunbookLinks } from '../model/runbook';
import type { FailedAttempt } from './retry-policy';

/** An attempt that takes longer has an unknown outcome. Channels have shorter limits of their own. */
const ATTEMPT_TIMEOUT_MS = 20_000;
/** A message that waited so long says so. */
const DELAYED_AFTER_MS = 60_000;

/** A longer name of a message is not kept: the log is no place for what a provider makes up. */
const MAX_REFERENCE = 256;

/** The provider accepted the message. */
export interface AcceptedAttempt {
  readonly outcome: 'delivered';
  /** The channel's name for it. */
  readonly reference?: string;
}

/** Everything that sending a message needs besides the message. */
export interface AttemptContext {
  /** Wall clock. */
  readonly clock: Clock;
  /** Aborts when the process stops sending. */
  readonly stopping: AbortSignal;
  readonly runbooks: RunbookLinks;
  /** The message that the channel shows for the alert so far. */
  readonly earlier?: EarlierMessage | undefined;
}

/**
 * Sends one message once.
 *
 * @returns that the provider accepted it, or what went wrong
 */
export async function attemptDelivery(
  channel: AlertChannel,
  delivery: PendingDelivery,
  context: AttemptContext,
): Promise<AcceptedAttempt | FailedAttempt> {
  const { stopping } = context;
  const cancel = new AbortController();
  const abort = (): void => cancel.abort();
  stopping.addEventListener('abort', abort, { once: true });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DeliveryError('ambiguous', `no answer within ${formatDuration(ATTEMPT_TIMEOUT_MS)}`));
      abort();
    }, ATTEMPT_TIMEOUT_MS);
  });
  try {
    const notification = notificationOf(delivery, context);
    const receipt = await Promise.race([channel.send(notification, cancel.signal), late]);
    return { outcome: 'delivered', ...referenceIn(receipt) };
  } catch (error) {
    return failureOf(error);
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', abort);
  }
}

function notificationOf(
  delivery: PendingDelivery,
  { clock, runbooks, earlier }: AttemptContext,
): AlertNotification {
  const { alertId, fingerprint, kind, incidentId, notice, ambiguous, requestedAt } = delivery;
  const waited = clock.now() - requestedAt;
  const { condition, labels } = parseFingerprint(fingerprint);
  const runbookUrl = kind === 'test' || kind === 'summary' ? undefined : runbooks(condition);
  return {
    ...payloadOf(notice),
    alertId,
    fingerprint,
    condition,
    labels,
    kind,
    ...(incidentId === undefined ? {} : { incidentId }),
    possibleDuplicate: ambiguous,
    ...(waited >= DELAYED_AFTER_MS ? { delayedMs: waited } : {}),
    ...(runbookUrl === undefined ? {} : { runbookUrl }),
    ...(earlier === undefined ? {} : { earlier }),
  };
}

/** A channel of the application's own may return anything: a name that can't be kept must not undo a delivery. */
function referenceIn(receipt: unknown): Pick<AcceptedAttempt, 'reference'> {
  const { reference }: { readonly reference?: unknown } = receipt ?? {};
  return typeof reference === 'string' && reference !== '' && reference.length <= MAX_REFERENCE
    ? { reference }
    : {};
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
