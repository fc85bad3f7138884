import {
  type AlertEvent,
  type AlertNotice,
  type AlertRaised,
  type AlertResolved,
  type AlertSuppressed,
  type EpochMs,
  type FactOf,
  type SilenceCreated,
  AlertLevel,
  assertNever,
} from '@opensqt/trading-events';
import {
  type Alert,
  type AlertsState,
  type EndedAlert,
  type Notifications,
  type OpenAlert,
  type Silence,
  OVERFLOW,
  findAlert,
  textOf,
} from './alerts.state';
import * as delivery from './delivery-fold';
import {
  forgetPassed,
  holdInDigest,
  leaveDigest,
  passInDigest,
  postponeDigest,
  throttleDigest,
} from './digest-fold';
import { settleEnd } from './ended-fold';
import { goOn, join, leave } from './incident-fold';
import { compareLevels } from './levels';

/** Ended alerts that are kept at hand; older ones are in the log. */
const HISTORY_LENGTH = 1_000;
/** The most changes that can be asked for before a condition flaps: fewer than are kept of each. */
export const MAX_FLAPPING_CHANGES = 100;
/** Changes of a condition that are kept, by number and by age (ms): more than any window of flapping has in it. */
const MAX_CHANGES = 1_000;
const MAX_CHANGE_AGE_MS = 24 * 60 * 60_000;
/** Conditions whose changes are kept. */
const MAX_CHANGED = 10_000;

/** Folds one of the alerts' own events in. */
export function evolveAlerts(state: AlertsState, event: FactOf<AlertEvent['type']>): AlertsState {
  switch (event.type) {
    case 'alert.raised':
      raise(state, event.data, event.occurredAt);
      break;
    case 'alert.escalated':
      escalate(state, event.data, event.occurredAt);
      break;
    case 'alert.suppressed':
      suppress(state, event.data, event.occurredAt);
      break;
    case 'alert.acknowledged': {
      const { alertId, fingerprint, by } = event.data;
      const open = state.open.get(fingerprint);
      if (open?.id === alertId)
        state.open.set(fingerprint, { ...open, acknowledgedBy: by, acknowledgedLevel: open.level });
      break;
    }
    case 'alert.resolved':
      resolve(state, event.data, event.occurredAt);
      break;
    case 'silence.created':
      state.silences.set(event.data.silenceId, silenceOf(event.data, event.occurredAt));
      break;
    case 'silence.expired':
      state.silences.delete(event.data.silenceId);
      break;
    case 'summary.closed':
    case 'channel.tested':
    case 'incident.planned':
      break;
    case 'delivery.requested':
      delivery.request(state, event.data, event.occurredAt);
      break;
    case 'delivery.started':
      delivery.start(state, event.data.deliveryId, event.data.attempt);
      break;
    case 'delivery.succeeded':
      delivery.succeed(state, event.data.deliveryId, event.data.channel, event.data.reference);
      break;
    case 'delivery.failed':
      delivery.fail(state, event.data);
      break;
    case 'delivery.abandoned':
      delivery.abandon(state, event.data, event.occurredAt);
      break;
    default:
      assertNever(event);
  }
  return state;
}

function raise(state: AlertsState, raised: AlertRaised, at: EpochMs): void {
  const { alertId, fingerprint, condition, labels, notice, oneOff, incidentId, escalatesAt } = raised;
  const alert: Alert = {
    id: alertId,
    fingerprint,
    condition,
    labels,
    ...textOf(notice),
    status: oneOff ? 'one_off' : 'open',
    since: at,
    updatedAt: at,
    repeats: 0,
    order: ++state.counted.alerts,
    ...(incidentId === undefined ? {} : { incidentId }),
  };
  if (oneOff) {
    join(state, alert, at);
    remember(state, alert);
    state.undecided.add(alertId);
    return;
  }
  const open = state.open.get(fingerprint);
  if (open !== undefined) {
    // Two processes raised it at the same moment.
    state.open.set(fingerprint, { ...open, repeats: open.repeats + 1, updatedAt: at });
    return;
  }
  join(state, alert, at);
  changed(state, fingerprint, true, at);
  state.ids.set(alertId, fingerprint);
  count(state, alert, 1);
  state.open.set(fingerprint, {
    ...alert,
    levelSince: at,
    holds: true,
    times: 1,
    firstMessage: notice.message,
    ...(escalatesAt === undefined ? {} : { escalatesAt }),
  });
}

function escalate(
  state: AlertsState,
  { alertId, fingerprint, notice }: FactOf<'alert.escalated'>['data'],
  at: EpochMs,
): void {
  const open = state.open.get(fingerprint);
  if (open?.id !== alertId) return;
  goOn(state, open, notice.title, at);
  const { escalatesAt, ...rest } = atLevel(open, notice.level);
  const stillEscalates = escalatesAt !== undefined && compareLevels(notice.level, AlertLevel.Error) < 0;
  const alert = { ...rest, ...textOf(notice), updatedAt: at, levelSince: at };
  state.open.set(fingerprint, stillEscalates ? { ...alert, escalatesAt } : alert);
}

function suppress(state: AlertsState, suppressed: AlertSuppressed, at: EpochMs): void {
  const { alertId, fingerprint, reason, channel, until, holds, notice } = suppressed;
  if (channel !== undefined) {
    state.undecided.delete(alertId);
    hold(state, suppressed, channel, at);
    return;
  }
  const open = state.open.get(fingerprint);
  if (open?.id !== alertId) return;
  if (reason === 'duplicate') {
    const text = notice === undefined ? {} : { ...textOf(notice), level: open.level };
    state.open.set(fingerprint, { ...open, ...text, repeats: open.repeats + 1, updatedAt: at });
  } else if (reason === 'flapping' && holds !== undefined) {
    toggle(state, open, { holds, until, notice, at });
  }
}

/** The condition of an alert that flaps holds again, or does not for the moment. */
function toggle(
  state: AlertsState,
  open: OpenAlert,
  {
    holds,
    until,
    notice,
    at,
  }: {
    readonly notice: AlertNotice | undefined;
    readonly holds: boolean;
    readonly until: EpochMs | undefined;
    readonly at: EpochMs;
  },
): void {
  if (holds !== open.holds) changed(state, open.fingerprint, holds, at);
  const raised = holds ? notice : undefined;
  const { escalatesAt: _due, end: _end, ...rest } = raised === undefined ? open : atLevel(open, raised.level);
  const alert = {
    ...rest,
    holds,
    updatedAt: at,
    ...(holds ? { times: open.times + 1, levelSince: at } : {}),
    ...(raised === undefined ? {} : textOf(raised)),
    ...(holds || notice === undefined ? {} : { end: notice }),
  };
  state.open.set(open.fingerprint, holds && until !== undefined ? { ...alert, escalatesAt: until } : alert);
}

/** An acknowledgement at a lower level does not count at this one. */
function atLevel(open: OpenAlert, level: AlertLevel): OpenAlert {
  const { acknowledgedBy: _by, acknowledgedLevel = level, ...rest } = open;
  return compareLevels(level, acknowledgedLevel) > 0 ? rest : open;
}

function hold(
  state: AlertsState,
  { alertId, fingerprint, reason, until }: AlertSuppressed,
  channel: string,
  at: EpochMs,
): void {
  const alert = findAlert(state, fingerprint, alertId);
  const isOver = alert !== undefined && 'owed' in alert && !alert.owed.has(channel); // for this channel
  if (alert === undefined || (isOver && reason !== 'channel_removed')) {
    holdOneOff(state, { alertId, fingerprint, reason, until, channel, at });
    return;
  }
  const known = delivery.notificationsOf(state, alertId);
  if (known.holds.get(channel)?.reason === 'throttled') leaveDigest(state, channel, fingerprint, alertId);
  switch (reason) {
    case 'superseded':
      takeOver(state, fingerprint, alertId, channel);
      settleEnd(state, { fingerprint, alertId }, channel);
      return;
    case 'trigger_not_delivered':
      settleEnd(state, { fingerprint, alertId }, channel);
      return;
    case 'channel_removed':
      known.notified.delete(channel);
      known.holds.delete(channel);
      settleEnd(state, { fingerprint, alertId }, channel);
      forgetChannel(state, channel);
      return;
    case 'not_due':
      known.holds.delete(channel);
      countAnew(known, channel, at);
      return;
    default:
      known.holds.set(channel, { reason, since: at, ...(until === undefined ? {} : { until }) });
      if (reason === 'throttled' && until !== undefined) holdInDigest(state, channel, alert, at, until);
  }
}

/** A clock that was set back to before the last message does not put off its repeat until it has caught up. */
function countAnew({ notified }: Notifications, channel: string, at: EpochMs): void {
  const known = notified.get(channel);
  if (known !== undefined && Math.min(known.at, known.countedFrom ?? Infinity) > at)
    notified.set(channel, { ...known, countedFrom: at });
}

/** Carries what a channel knows of an alert that has ended over to the one that is open now. */
function takeOver(state: AlertsState, fingerprint: string, alertId: string, channel: string): void {
  const open = state.open.get(fingerprint);
  const known = state.notifications.get(alertId)?.notified.get(channel);
  if (open === undefined || known === undefined) return;
  const { notified } = delivery.notificationsOf(state, open.id);
  if (!notified.has(channel)) notified.set(channel, { ...known, times: 0 });
}

/** Lets an alert that was never open, or is over, wait for the next digest, or for nothing. */
function holdOneOff(
  state: AlertsState,
  given: Pick<AlertSuppressed, 'alertId' | 'fingerprint' | 'reason'> & {
    readonly until: EpochMs | undefined;
    readonly channel: string;
    readonly at: EpochMs;
  },
): void {
  const { alertId, fingerprint, reason, until, channel, at } = given;
  if (reason === 'channel_removed') forgetChannel(state, channel);
  const isLine = state.digests.get(channel)?.entries.get(fingerprint)?.passed?.alertId === alertId;
  if (until === undefined || (reason !== 'quiet_hours' && reason !== 'throttled')) {
    if (isLine) forgetPassed(state, channel, fingerprint);
    return;
  }
  if (isLine) {
    if (reason === 'quiet_hours') postponeDigest(state, channel, until);
    else throttleDigest(state, channel, until);
    return;
  }
  const alert = state.history.findLast(({ id }) => id === alertId);
  if (alert === undefined) return;
  passInDigest(state, channel, alert, at, until);
  if (reason === 'throttled') throttleDigest(state, channel, until);
}

function forgetChannel(state: AlertsState, channel: string): void {
  state.digests.delete(channel);
  state.traffic.delete(channel);
}

function resolve(state: AlertsState, resolved: AlertResolved, at: EpochMs): void {
  const { alertId, fingerprint, notice } = resolved;
  const open = state.open.get(fingerprint);
  // Another process may have resolved it before, and what is open now be the next of its kind.
  if (open?.id !== alertId) return;
  if (open.holds) changed(state, fingerprint, false, at);
  const known = delivery.notificationsOf(state, alertId);
  for (const [channel, { reason, until }] of known.holds) {
    const isLine = reason === 'quiet_hours' || reason === 'throttled';
    if (isLine && until !== undefined && !known.notified.has(channel)) {
      passInDigest(state, channel, open, at, until);
    }
    const notified = known.notified.get(channel);
    // A digest that waits there says that it is over, too, where only digests have notified of it.
    if (reason === 'throttled' && notified?.onlyDigests === true) continue;
    if (reason === 'throttled' && notified !== undefined) leaveDigest(state, channel, fingerprint, alertId);
    known.holds.delete(channel);
  }
  const knownBy = [...known.notified].flatMap(([channel, { outcome }]) =>
    outcome === 'abandoned' ? [] : [channel],
  );
  leave(state, { ...open, knownBy }, notice.title, at);
  state.open.delete(fingerprint);
  state.ids.delete(alertId);
  count(state, open, -1);
  const alert: Alert = { ...plain(open), status: 'resolved', resolvedAt: at, updatedAt: at, knownBy };
  remember(state, alert);
  const owed = new Set(
    [...known.notified].flatMap(([channel, { kind }]) => (kind === 'resolved' ? [] : [channel])),
  );
  if (owed.size > 0) {
    const ended: EndedAlert = { ...alert, notice, owed, endOrder: ++state.counted.alerts };
    state.ended.set(fingerprint, [...(state.ended.get(fingerprint) ?? []), ended]);
  } else delivery.forgetNotifications(state, fingerprint, alertId);
}

function silenceOf(created: SilenceCreated, at: EpochMs): Silence {
  return created.startsAt === undefined ? { ...created, startsAt: at, atOnce: true } : created;
}

export function plain(alert: OpenAlert): Alert {
  const { escalatesAt: _due, levelSince: _since, holds: _holds, firstMessage: _first, ...shown } = alert;
  const { times: _times, acknowledgedLevel: _level, end: _end, ...rest } = shown;
  return rest;
}

function count({ conditions }: AlertsState, { condition, labels }: Alert, change: 1 | -1): void {
  if (OVERFLOW in labels) return;
  const left = (conditions.get(condition) ?? 0) + change;
  if (left > 0) conditions.set(condition, left);
  else conditions.delete(condition);
}

function remember(state: AlertsState, alert: Alert): void {
  state.history.push(alert);
  if (state.history.length > HISTORY_LENGTH) state.undecided.delete(state.history.shift()?.id ?? '');
}

function changed({ changes }: AlertsState, fingerprint: string, holds: boolean, at: EpochMs): void {
  const before = changes.get(fingerprint) ?? [];
  changes.delete(fingerprint);
  changes.set(
    fingerprint,
    [...before.filter((change) => at - change.at < MAX_CHANGE_AGE_MS), { at, holds }].slice(-MAX_CHANGES),
  );
  for (const [oldest, list] of changes) {
    const last = list.at(-1)?.at ?? 0;
    if (at - last < MAX_CHANGE_AGE_MS && changes.size <= MAX_CHANGED) return;
    changes.delete(oldest);
  }
}
