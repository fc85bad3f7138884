import { AlertLevel, type DeliveryAbandoned } from '@opensqt/trading-events';
import type { AlertsState, PendingDelivery } from '../alerts.state';
import { compareLevels } from '../route';
import { MAX_AGE_MS } from './retry-policy';

/** What a channel does next. */
export type NextStep =
  | { readonly step: 'send'; readonly delivery: PendingDelivery }
  | { readonly step: 'abandon'; readonly data: DeliveryAbandoned }
  /** `until` is wall clock; undefined until something changes. */
  | { readonly step: 'wait'; readonly until: number | undefined };

/** A broken channel is tried again with what comes after so long. */
export const BROKEN_PROBE_INTERVAL_MS = 15 * 60_000;

/**
 * Chooses what a channel does next. Messages about one thing keep their order: the next is the oldest one of each fingerprint.
 * Among those that are due, CRITICAL goes first, then the oldest request.
 *
 * @param now wall clock
 * @param lastTried when this process last sent through the channel, for the probing of a broken one
 */
export function nextStep(
  state: AlertsState,
  channel: string,
  now: number,
  lastTried: number | undefined,
): NextStep {
  const { pausedUntil = 0, broken } = state.channels.get(channel) ?? {};
  let best: PendingDelivery | undefined;
  let earliest: number | undefined;
  const seen = new Set<string>();
  for (const delivery of state.pending.values()) {
    if (delivery.channel !== channel || seen.has(delivery.fingerprint)) continue;
    seen.add(delivery.fingerprint);
    const ended = endOf(state, delivery, now);
    if (ended !== undefined) return { step: 'abandon', data: ended };
    const due = Math.max(delivery.nextAttemptAt, pausedUntil);
    if (due > now) earliest = Math.min(earliest ?? due, due);
    else if (best === undefined || isMoreUrgent(delivery, best)) best = delivery;
  }
  if (best === undefined) return { step: 'wait', until: earliest };
  const triedLately = lastTried !== undefined && now - lastTried < BROKEN_PROBE_INTERVAL_MS;
  if (broken !== undefined && triedLately && best.resendOf === undefined) {
    return { step: 'abandon', data: abandoned(best, 'broken', broken.reason) };
  }
  return { step: 'send', delivery: best };
}

function isMoreUrgent(a: PendingDelivery, b: PendingDelivery): boolean {
  return a.notice.level === AlertLevel.Critical && compareLevels(a.notice.level, b.notice.level) > 0;
}

/** Why a message need not be sent any more, if that is so. */
function endOf(state: AlertsState, delivery: PendingDelivery, now: number): DeliveryAbandoned | undefined {
  const maxAge = MAX_AGE_MS[delivery.notice.level];
  if (now - delivery.requestedAt > maxAge) {
    return abandoned(delivery, 'expired', `not delivered within ${maxAge / 60_000} min`);
  }
  if (delivery.kind === 'raised' || delivery.kind === 'test') return undefined;
  const trigger = state.triggers.get(delivery.alertId)?.outcomes.get(delivery.channel);
  return delivery.kind === 'resolved' && trigger === 'abandoned'
    ? abandoned(delivery, 'trigger_not_delivered', 'nobody was told of what is resolved')
    : undefined;
}

function abandoned(
  { deliveryId, alertId, channel, attempt }: PendingDelivery,
  reason: DeliveryAbandoned['reason'],
  detail: string,
): DeliveryAbandoned {
  return { deliveryId, alertId, channel, attempt, reason, detail };
}
