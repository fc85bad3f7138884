import { type Clock, formatDuration } from '@opensqt/trading-events';
import type { AlertChannel, AlertNotification, EarlierMessage } from '../../channels/channel';
import type { PendingDelivery } from '../model/alerts.state';
import { DeliveryError } from '../../channels/delivery-error';
import { parseFingerprint } from '../model/fingerprint';
import type { RunbookLinks } from '../model/runbook';
import type { Failure } from '../policy/settings';
import type { FailedAttempt } from './retry-policy';

/** An attempt that takes longer has an unknown outcome, unless its channel says otherwise. */
const ATTEMPT_TIMEOUT_MS = 30_000;
/** A message that waited so long says so. */
const DELAYED_AFTER_MS = 60_000;

/** A longer name of a message is not kept: the log is no place for what a provider makes up. */
const MAX_REFERENCE = 256;

/** The provider accepted the message. */
export interface AcceptedAttempt {
  readonly outcome: 'delivered';
  /** The channel's name for it. */
  readonly reference?: string;
  /** The pause that the provider asks for all the same. */
  readonly pauseMs?: number;
}

/** Everything that sending a message needs besides the message. */
export interface AttemptContext {
  /** Wall clock. */
  readonly clock: Clock;
  /** Aborts when the process stops sending. */
  readonly stopping: AbortSignal;
  readonly runbooks: RunbookLinks;
  /** IANA name of the time zone of times in messages. */
  readonly timeZone: string;
  /** The beginning of the commands that a message names. */
  readonly command: string;
  /** True while the alert is open and nobody has acknowledged it. */
  readonly awaitsAcknowledgement?: boolean;
  /** True while the alert is open. */
  readonly isOpen?: boolean;
  /** The message that the channel shows for the alert so far. */
  readonly earlier?: EarlierMessage | undefined;
  /** True while it trades; undefined where that is not known. */
  readonly standing?: (() => string | undefined) | undefined;
  /** Called with what the channel threw that is no failed delivery: a formatter's mistake. */
  readonly onFailure?: (failure: Failure) => void;
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
  const { timeoutMs = ATTEMPT_TIMEOUT_MS } = channel;
  const cancel = new AbortController();
  const abort = (): void => cancel.abort();
  stopping.addEventListener('abort', abort, { once: true });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DeliveryError('ambiguous', `no answer within ${formatDuration(timeoutMs)}`));
      abort();
    }, timeoutMs);
  });
  try {
    const notification = notificationOf(delivery, context);
    const receipt = await Promise.race([channel.send(notification, cancel.signal), late]);
    return { outcome: 'delivered', ...referenceIn(receipt), ...pauseIn(receipt) };
  } catch (error) {
    if (isMistake(error) && !stopping.aborted)
      context.onFailure?.({ part: `channel ${channel.name}`, error });
    return failureOf(error);
  } finally {
    clearTimeout(timer);
    stopping.removeEventListener('abort', abort);
  }
}

function notificationOf(
  delivery: PendingDelivery,
  {
    clock,
    runbooks,
    timeZone,
    command,
    awaitsAcknowledgement = false,
    isOpen = false,
    earlier,
    standing,
    onFailure,
  }: AttemptContext,
): AlertNotification {
  const { alertId, fingerprint, kind, incidentId, notice, ambiguous, requestedAt } = delivery;
  const waited = clock.now() - requestedAt;
  const parsed = parseFingerprint(fingerprint);
  const { condition } = parsed;
  // What it was raised for says itself what happened; a reminder comes when much may have changed.
  const now = kind === 'repeated' || kind === 'escalated' ? contained(standing, onFailure) : undefined;
  const runbookUrl = kind === 'test' || kind === 'summary' ? undefined : runbooks(condition);
  return {
    ...notice,
    timestamp: new Date(notice.timestamp),
    alertId,
    fingerprint,
    condition,
    labels: delivery.labels ?? parsed.labels,
    kind,
    ...(incidentId === undefined ? {} : { incidentId }),
    possibleDuplicate: ambiguous,
    timeZone,
    command,
    awaitsAcknowledgement,
    isOpen,
    ...(waited >= DELAYED_AFTER_MS ? { delayedMs: waited } : {}),
    ...(now === undefined ? {} : { standing: now }),
    ...(runbookUrl === undefined ? {} : { runbookUrl }),
    ...(earlier === undefined ? {} : { earlier }),
  };
}

/** A source that throws costs the message a line, not its delivery. */
function contained(
  standing: AttemptContext['standing'],
  onFailure: AttemptContext['onFailure'],
): string | undefined {
  try {
    return standing?.();
  } catch (error) {
    onFailure?.({ part: 'verdict', error });
    return undefined;
  }
}

/** A channel of the application's own may return anything: a name that can't be kept must not undo a delivery. */
function referenceIn(receipt: unknown): Pick<AcceptedAttempt, 'reference'> {
  const { reference }: { readonly reference?: unknown } = receipt ?? {};
  return typeof reference === 'string' && reference !== '' && reference.length <= MAX_REFERENCE
    ? { reference }
    : {};
}

function pauseIn(receipt: unknown): Pick<AcceptedAttempt, 'pauseMs'> {
  const { pauseMs }: { readonly pauseMs?: unknown } = receipt ?? {};
  return typeof pauseMs === 'number' && pauseMs > 0 ? { pauseMs } : {};
}

/** True for a mistake of the channel's code; a refusal of the system (EPIPE, ENOSPC) is none. */
function isMistake(error: unknown): boolean {
  if (error instanceof DeliveryError) return false;
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code !== 'string' || !/^E[A-Z]+$/.test(code);
}

/** A channel that throws something else than a DeliveryError is tried again: that is safer than to give up. */
function failureOf(error: unknown): FailedAttempt {
  if (error instanceof DeliveryError) {
    return { outcome: error.outcome, detail: error.message, retryAfterMs: error.retryAfterMs };
  }
  return { outcome: 'transient', detail: error instanceof Error ? error.name : 'the channel failed' };
}
