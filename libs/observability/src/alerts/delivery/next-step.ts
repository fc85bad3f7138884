import { type DeliveryAbandoned, formatDuration } from '@opensqt/trading-events';
import { type AlertsState, type PendingDelivery, cannotKnow } from '../model/alerts.state';
import type { DeliveryQueue } from './delivery-queue';
import { MAX_AGE_MS } from './retry-policy';

export type NextStep =
  | { readonly step: 'send'; readonly delivery: PendingDelivery }
  | { readonly step: 'abandon'; readonly data: DeliveryAbandoned }
  /** `until` is wall clock; undefined until something changes. */
  | { readonly step: 'wait'; readonly until: number | undefined };

/** A message that waited for so long and was never tried is not sent any more when its alert is over by then. */
const STALE_MS = 60_000;
/** A broken channel is tried again with what comes after so long. */
const BROKEN_PROBE_INTERVAL_MS = 15 * 60_000;

/**
 * Chooses what a channel does next. A message whose time is over, or that has nothing to say any more, is given up when its
 * turn comes.
 *
 * @param queue the channel's messages, in their order
 * @param now wall clock
 * @param lastTried the time at which this process last sent through the channel, for the probing of a broken one
 * @param heldUntil the end of a pause that came with a delivered message
 */
export function nextStep(
  state: AlertsState,
  channel: string,
  queue: DeliveryQueue,
  now: number,
  lastTried: number | undefined,
  heldUntil = 0,
): NextStep {
  const { pausedUntil: statedUntil = 0, broken } = state.channels.get(channel) ?? {};
  const pausedUntil = Math.max(statedUntil, heldUntil);
  const next = pausedUntil > now ? undefined : state.pending.get(queue.next(now) ?? '');
  if (next === undefined) {
    const dueAt = queue.nextDueAt();
    return { step: 'wait', until: dueAt === undefined ? undefined : Math.max(dueAt, pausedUntil) };
  }
  const ended = endOf(state, next, now);
  if (ended !== undefined) return { step: 'abandon', data: ended };
  const triedLately = lastTried !== undefined && now - lastTried < BROKEN_PROBE_INTERVAL_MS;
  if (broken !== undefined && triedLately && next.resendOf === undefined) {
    return { step: 'abandon', data: abandoned(next, 'broken', broken.reason) };
  }
  return { step: 'send', delivery: next };
}

/** The reason that a message need not be sent any more, if there is one. */
function endOf(state: AlertsState, delivery: PendingDelivery, now: number): DeliveryAbandoned | undefined {
  const maxAge = MAX_AGE_MS[delivery.notice.level];
  if (now - delivery.requestedAt > maxAge) {
    return abandoned(delivery, 'expired', `not delivered within ${formatDuration(maxAge)}`);
  }
  if (isOvertaken(state, delivery, now))
    return abandoned(delivery, 'superseded', 'what it says is not so any more');
  if (delivery.kind === 'raised' || delivery.kind === 'test') return undefined;
  const trigger = state.notifications.get(delivery.alertId)?.notified.get(delivery.channel);
  const needsTrigger = delivery.kind === 'resolved' || delivery.kind === 'acknowledged';
  return needsTrigger && cannotKnow(trigger)
    ? abandoned(delivery, 'trigger_not_delivered', 'the alert that this is about was not delivered')
    : undefined;
}

/** True of a repeat that is not the last word, and of what was never tried for long while its end waits, too: both end. */
function isOvertaken(state: AlertsState, delivery: PendingDelivery, now: number): boolean {
  const { alertId, fingerprint, channel, kind, attempt, ambiguous, requestedAt, resendOf } = delivery;
  if (ambiguous || resendOf !== undefined) return false;
  const isOpen = state.open.get(fingerprint)?.id === alertId;
  const last = state.notifications.get(alertId)?.notified.get(channel);
  if (kind === 'repeated') return !isOpen || last?.kind !== 'repeated';
  const saysThatItHolds = kind === 'raised' || kind === 'escalated' || kind === 'flapping';
  if (!saysThatItHolds || isOpen || attempt > 0 || now - requestedAt <= STALE_MS) return false;
  return last?.outcome === 'pending' && endWaits(state, delivery);
}

function endWaits({ pending }: AlertsState, { alertId, channel }: PendingDelivery): boolean {
  for (const one of pending.values())
    if (one.kind === 'resolved' && one.alertId === alertId && one.channel === channel) return true;
  return false;
}

function abandoned(
  { deliveryId, alertId, channel, attempt }: PendingDelivery,
  reason: DeliveryAbandoned['reason'],
  detail: string,
): DeliveryAbandoned {
  return { deliveryId, alertId, channel, attempt, reason, detail };
}
