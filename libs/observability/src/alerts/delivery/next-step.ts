import type { DeliveryAbandoned } from '@opensqt/trading-events';
import type { AlertsState, PendingDelivery } from '../model/alerts.state';
import type { DeliveryQueue } from './delivery-queue';
import { MAX_AGE_MS } from './retry-policy';

/** The next step of a channel. */
export type NextStep =
  | { readonly step: 'send'; readonly delivery: PendingDelivery }
  | { readonly step: 'abandon'; readonly data: DeliveryAbandoned }
  /** `until` is wall clock; undefined until something changes. */
  | { readonly step: 'wait'; readonly until: number | undefined };

/** A broken channel is tried again with what comes after so long. */
const BROKEN_PROBE_INTERVAL_MS = 15 * 60_000;

/**
 * Chooses what a channel does next. A message whose time is over, or that has nothing to say any more, is given up when its
 * turn comes.
 *
 * @param queue the channel's messages, in their order
 * @param now wall clock
 * @param lastTried when this process last sent through the channel, for the probing of a broken one
 */
export function nextStep(
  state: AlertsState,
  channel: string,
  queue: DeliveryQueue,
  now: number,
  lastTried: number | undefined,
): NextStep {
  const { pausedUntil = 0, broken } = state.channels.get(channel) ?? {};
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
    return abandoned(delivery, 'expired', `not delivered within ${maxAge / 60_000} min`);
  }
  if (delivery.kind === 'raised' || delivery.kind === 'test') return undefined;
  const trigger = state.triggers.get(delivery.alertId)?.outcomes.get(delivery.channel);
  const needsTrigger = delivery.kind === 'resolved' || delivery.kind === 'acknowledged';
  return needsTrigger && trigger === 'abandoned'
    ? abandoned(delivery, 'trigger_not_delivered', 'the alert that this is about was not delivered')
    : undefined;
}

function abandoned(
  { deliveryId, alertId, channel, attempt }: PendingDelivery,
  reason: DeliveryAbandoned['reason'],
  detail: string,
): DeliveryAbandoned {
  return { deliveryId, alertId, channel, attempt, reason, detail };
}
