import type {
  AlertNotice,
  DeliveryAbandoned,
  DeliveryFailed,
  DeliveryRequested,
  EpochMs,
  NoticeKind,
} from '@opensqt/trading-events';
import {
  type AlertKey,
  type AlertsState,
  type ChannelState,
  type Notifications,
  type NotifiedOutcome,
  type PendingDelivery,
  findAlert,
} from './alerts.state';
import { shownAfter } from './shown-message';
import { closeDigest, knownChange, leaveDigest } from './digest-fold';
import { settleEnd } from './ended-fold';
import { louder } from './levels';

/** Dead letters that can be sent again; older ones are only in the log. */
const DEAD_LETTERS_KEPT = 1_000;
/** The most requests whose times are remembered: the largest `burst` there can be. */
export const MAX_BURST = 100;

/** True of the messages that say that an alert holds. */
export const SAYS_THAT_IT_HOLDS: Readonly<Record<NoticeKind, boolean>> = {
  raised: true,
  escalated: true,
  flapping: true,
  repeated: true,
  acknowledged: false,
  resolved: false,
  digest: true,
  summary: false,
  test: false,
};

/** A message is to be sent. */
export function request(state: AlertsState, requested: DeliveryRequested, at: EpochMs): void {
  const { deliveryId, alertId, channel, kind, requestedAt, resendOf } = requested;
  const covers = kind === 'digest' ? coveredBy(state, requested, at) : undefined;
  state.pending.set(deliveryId, {
    ...requested,
    attempt: 0,
    nextAttemptAt: requestedAt,
    inFlight: false,
    ambiguous: mayBeKnown(state, requested),
    leftOpen: false,
    ...(covers === undefined ? {} : { covers }),
  });
  notificationsOf(state, alertId).pending += 1;
  state.undecided.delete(alertId);
  if (resendOf !== undefined) state.deadLetters.delete(resendOf);
  if (kind === 'summary' || kind === 'test') return;
  state.traffic.set(channel, [...(state.traffic.get(channel) ?? []), at].slice(-MAX_BURST));
  if (kind === 'resolved' && state.open.get(requested.fingerprint)?.id !== alertId)
    settleEnd(state, requested, channel);
  else if (kind !== 'digest') markNotified(state, requested, requested.notice, at);
}

/** A digest that is sent again is about what it was about then: what gathers for the next one is not in it. */
function coveredBy(
  state: AlertsState,
  { channel, resendOf }: DeliveryRequested,
  at: EpochMs,
): readonly AlertKey[] | undefined {
  return resendOf === undefined ? closeDigest(state, channel, at) : state.deadLetters.get(resendOf)?.covers;
}

/** True of what is said once more to a channel that may have it: a raise, or a dead letter, after nothing but attempts left open. */
function mayBeKnown(
  { notifications }: AlertsState,
  { alertId, channel, kind, resendOf }: DeliveryRequested,
): boolean {
  if (kind !== 'raised' && resendOf === undefined) return false;
  const notified = notifications.get(alertId)?.notified.get(channel);
  return notified?.outcome === 'abandoned' && notified.mayHaveArrived === true;
}

function markNotified(
  state: AlertsState,
  { alertId, fingerprint, channel, kind }: DeliveryRequested,
  { level }: AlertNotice,
  at: EpochMs,
): void {
  const alert = state.open.get(fingerprint);
  const { notified, holds } = notificationsOf(state, alertId);
  const before = notified.get(channel);
  const since = before?.knownChangeAt === undefined ? {} : { knownChangeAt: before.knownChangeAt };
  const by = alert?.id === alertId ? alert.acknowledgedBy : undefined;
  notified.set(channel, {
    kind,
    level: before === undefined || before.kind === 'resolved' ? level : louder(before.level, level),
    at,
    outcome: outcomeAfter(before?.outcome, kind),
    ...(before?.mayHaveArrived === true ? { mayHaveArrived: true } : {}),
    messages: (before?.messages ?? 0) + 1,
    times: alert?.times ?? 1,
    ...(kind === 'flapping' ? knownChange(state, fingerprint) : since),
    ...(by === undefined ? {} : { acknowledgedBy: by }),
  });
  if (holds.get(channel)?.reason === 'throttled') leaveDigest(state, channel, fingerprint, alertId);
  holds.delete(channel);
}

function outcomeAfter(before: NotifiedOutcome | undefined, kind: NoticeKind): NotifiedOutcome {
  if (!SAYS_THAT_IT_HOLDS[kind]) return before ?? 'pending';
  return before === 'delivered' ? 'delivered' : 'pending';
}

/** An attempt leaves. */
export function start(state: AlertsState, deliveryId: string, attempt: number): void {
  changePending(state, deliveryId, { attempt, inFlight: true });
}

/** The provider accepted the message. */
export function succeed(
  state: AlertsState,
  deliveryId: string,
  channel: string,
  reference: string | undefined,
): void {
  const delivery = state.pending.get(deliveryId);
  changeChannel(state, channel, ({ pausedUntil }) => ({ pausedUntil }));
  if (delivery === undefined) return;
  keepReference(state, delivery, reference);
  end(state, delivery, 'delivered');
}

/** An attempt failed and is made again. */
export function fail(state: AlertsState, failed: DeliveryFailed): void {
  const { deliveryId, channel, attempt, outcome, nextAttemptAt, interrupted = false, pausedUntil } = failed;
  changePending(state, deliveryId, {
    attempt: outcome === 'rate_limited' ? attempt - 1 : attempt,
    nextAttemptAt,
    inFlight: false,
    ...(outcome === 'ambiguous' ? { ambiguous: true, ...(interrupted ? {} : { leftOpen: true }) } : {}),
  });
  if (pausedUntil === undefined) return;
  changeChannel(state, channel, (before) => ({
    ...before,
    pausedUntil: Math.max(before.pausedUntil, pausedUntil),
  }));
}

/** A message will not be delivered. */
export function abandon(state: AlertsState, abandoned: DeliveryAbandoned, at: EpochMs): void {
  const { deliveryId, channel, reason, detail } = abandoned;
  const delivery = state.pending.get(deliveryId);
  if (reason === 'broken') {
    changeChannel(state, channel, (before) => ({
      ...before,
      broken: before.broken ?? { reason: detail, since: at },
    }));
  }
  if (delivery === undefined) return;
  if (reason !== 'superseded') keepDeadLetter(state, delivery, abandoned);
  end(state, { ...delivery, ambiguous: delivery.ambiguous || reason === 'ambiguous' }, 'abandoned');
}

/** Finds, or begins, the channels' knowledge of an alert. */
export function notificationsOf({ notifications }: AlertsState, alertId: string): Notifications {
  let known = notifications.get(alertId);
  if (known === undefined) {
    known = { notified: new Map(), holds: new Map(), shown: new Map(), pending: 0 };
    notifications.set(alertId, known);
  }
  return known;
}

/** Forgets the channels' knowledge of an alert, unless it is open, its end is owed, or a message about it is under way. */
export function forgetNotifications(state: AlertsState, fingerprint: string, alertId: string): void {
  const isOver = findAlert(state, fingerprint, alertId) === undefined;
  if (isOver && (state.notifications.get(alertId)?.pending ?? 0) === 0) state.notifications.delete(alertId);
}

function end(state: AlertsState, delivery: PendingDelivery, outcome: NotifiedOutcome): void {
  state.pending.delete(delivery.deliveryId);
  notificationsOf(state, delivery.alertId).pending -= 1;
  if (SAYS_THAT_IT_HOLDS[delivery.kind]) {
    for (const { alertId } of delivery.covers ?? [delivery]) settle(state, alertId, delivery, outcome);
  }
  forgetNotifications(state, delivery.fingerprint, delivery.alertId);
}

/** One message that arrived is enough; a channel knows nothing once none did and none is on its way. */
function settle(
  state: AlertsState,
  alertId: string,
  { channel, ambiguous }: PendingDelivery,
  outcome: NotifiedOutcome,
): void {
  const known = state.notifications.get(alertId);
  const notified = known?.notified.get(channel);
  if (known === undefined || notified === undefined || notified.outcome === 'delivered') return;
  const isUnderWay = (other: PendingDelivery): boolean =>
    other.channel === channel &&
    SAYS_THAT_IT_HOLDS[other.kind] &&
    (other.covers ?? [other]).some((covered) => covered.alertId === alertId);
  const another = outcome === 'abandoned' && [...state.pending.values()].some(isUnderWay);
  known.notified.set(channel, {
    ...notified,
    outcome: another ? 'pending' : outcome,
    ...(ambiguous ? { mayHaveArrived: true } : {}),
  });
}

function keepReference(state: AlertsState, delivery: PendingDelivery, reference: string | undefined): void {
  if (reference === undefined) return;
  const { alertId, channel, fingerprint } = delivery;
  const { shown } = notificationsOf(state, alertId);
  const by = state.open.get(fingerprint)?.acknowledgedBy;
  shown.set(channel, shownAfter(shown.get(channel), delivery, reference, by));
}

function keepDeadLetter(
  state: AlertsState,
  {
    attempt: attempts,
    nextAttemptAt: _next,
    inFlight: _flight,
    ambiguous: _ambiguous,
    leftOpen: _leftOpen,
    ...requested
  }: PendingDelivery,
  { reason, detail }: DeliveryAbandoned,
): void {
  state.deadLetters.set(requested.deliveryId, { ...requested, reason, detail, attempts });
  for (const eldest of state.deadLetters.keys()) {
    if (state.deadLetters.size <= DEAD_LETTERS_KEPT) return;
    state.deadLetters.delete(eldest);
  }
}

function changePending(state: AlertsState, deliveryId: string, change: Partial<PendingDelivery>): void {
  const delivery = state.pending.get(deliveryId);
  if (delivery !== undefined) state.pending.set(deliveryId, { ...delivery, ...change });
}

function changeChannel(
  state: AlertsState,
  channel: string,
  change: (before: ChannelState) => ChannelState,
): void {
  state.channels.set(channel, change(state.channels.get(channel) ?? { pausedUntil: 0 }));
}
