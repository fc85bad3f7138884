import {
  type AlertEvent,
  AlertLevel,
  type AlertNotice,
  type EpochMs,
  createEvent,
  derivedId,
} from '@opensqt/trading-events';
import { type AlertsState, type Change, type OpenAlert, OVERFLOW, notifiedOf } from '../model/alerts.state';
import { type Cause, envelope, noticeOf } from '../model/cause';
import { fingerprintOf } from '../model/fingerprint';
import { INCIDENT_WINDOW_MS } from '../model/incident-fold';
import { compareLevels } from '../model/levels';
import type { AlertRule, AlertText, RaiseVerdict } from '../rules/alert-rule';
import { LOG_CHANNEL } from './channel-route';
import { hasOverflowed, overflow, overflowEnd } from './overflow';
import { holdFact } from './messages/messages';
import { endWords, escalationWords, persistenceWords, raiseWords } from './messages/notices';
import { downSince, flappingAt } from './stages/pace';
import { answerOfStage } from './pipeline';
import type { Failure, PolicyContext } from './settings';

/** A condition is met: an alert opens, becomes more severe, flaps, or was open already. */
export function raiseFacts(
  state: Readonly<AlertsState>,
  condition: string,
  verdict: RaiseVerdict,
  cause: Cause,
  context: PolicyContext,
): readonly AlertEvent[] {
  const identity = { bot: context.bot, ...verdict.labels };
  const fingerprint = fingerprintOf(condition, identity);
  const open = verdict.oneOff === true ? undefined : state.open.get(fingerprint);
  if (open !== undefined) return again(state, open, verdict, cause, context);
  if (verdict.oneOff !== true && !(OVERFLOW in identity) && hasOverflowed(state, condition))
    return raiseFacts(state, condition, overflow(condition, verdict), cause, context);
  return opening(state, { condition, fingerprint, identity, verdict, cause, context });
}

/** The reasons for which an alert ends that nobody resolved. */
export const OWN_ENDS = [
  ...(['cleared', 'stable', 'fewer are open', 'works again', 'not failed again', 'delivered'] as const),
  'channel removed',
] as const;

/** The end of an alert: by itself, or for the reason that somebody gave. */
export type AlertEnd = { readonly words: AlertText; readonly isFinal?: boolean } & (
  { readonly reason: (typeof OWN_ENDS)[number] } | { readonly reasonGiven: string }
);

/**
 * The condition of an open alert is over: it ends, or it flaps and does not hold for the moment.
 *
 * @param isFinal true: it ends also while it flaps
 */
export function resolveFacts(
  state: Readonly<AlertsState>,
  fingerprint: string,
  end: AlertEnd,
  cause: Cause,
  context: PolicyContext,
  failures: Failure[],
): readonly AlertEvent[] {
  const { words, isFinal = false } = end;
  const open = state.open.get(fingerprint);
  if (open === undefined || (!open.holds && !isFinal)) return [];
  const { id: alertId, condition } = open;
  if (!isFinal && isHeldOpen(state, open, context, failures)) {
    const change = { at: cause.occurredAt, holds: false };
    const { title, message, fields } = words;
    const notice = noticeOf(open.level, { title, message, fields }, cause);
    return [
      flapped(open, { holds: false, notice }, cause),
      ...joinFacts(state, fingerprint, change, cause, context),
    ];
  }

  const reason = 'reason' in end ? end.reason : end.reasonGiven;
  const part = partOfIncident(state, open, context, failures, cause);
  const notice = noticeOf(open.level, endWords(state, open, words, cause.occurredAt, context), cause);

  return [
    ...part,
    ...overflowEnds(state, open, cause, context, failures),
    createEvent(
      'alert.resolved',
      { alertId, fingerprint, condition, reason, notice },
      envelope(cause, 'alert.resolved', fingerprint, alertId),
    ),
  ];
}

/** One alert less of a condition that had too many leaves room: the alert that counts the others ends. */
function overflowEnds(
  state: Readonly<AlertsState>,
  { condition, labels }: OpenAlert,
  cause: Cause,
  context: PolicyContext,
  failures: Failure[],
): readonly AlertEvent[] {
  const fingerprint = fingerprintOf(condition, { bot: context.bot, [OVERFLOW]: 'true' });
  if (OVERFLOW in labels || !state.open.has(fingerprint)) return [];
  return resolveFacts(state, fingerprint, overflowEnd(condition), cause, context, failures);
}

/** Somebody acknowledges an open alert. */
export function acknowledgeFact(
  { id: alertId, fingerprint, condition }: OpenAlert,
  { by, note }: { readonly by: string; readonly note?: string },
  cause: Cause,
): AlertEvent {
  return createEvent(
    'alert.acknowledged',
    { alertId, fingerprint, condition, by, ...(note === undefined ? {} : { note }) },
    envelope(cause, 'alert.acknowledged', fingerprint, alertId),
  );
}

/** An alert that was not resolved in time becomes an ERROR. */
export function persistFacts(
  state: Readonly<AlertsState>,
  fingerprint: string,
  context: PolicyContext,
  failures: Failure[],
): readonly AlertEvent[] {
  const open = state.open.get(fingerprint);
  if (open?.escalatesAt === undefined || compareLevels(open.level, AlertLevel.Error) >= 0) return [];
  const cause = { id: derivedId('due', open.id, String(open.escalatesAt)), occurredAt: open.escalatesAt };
  const words = persistenceWords(open, context, failures);
  return [escalated(state, open, AlertLevel.Error, words, cause, context)];
}

interface Opening {
  readonly condition: string;
  readonly fingerprint: string;
  readonly identity: Readonly<Record<string, string>>;
  readonly verdict: RaiseVerdict;
  readonly cause: Cause;
  readonly context: PolicyContext;
}

function opening(
  state: Readonly<AlertsState>,
  { condition, fingerprint, identity, verdict, cause, context }: Opening,
): readonly AlertEvent[] {
  const { level, oneOff = false, symbol } = verdict;
  const alertId = derivedId('alert', condition, cause.id);
  const incidentId = incidentCausedBy(state, cause.causationId, context.rules, cause.occurredAt);
  const escalatesAt = oneOff ? undefined : persistsAt(state, fingerprint, verdict, cause, context);
  const raised = createEvent(
    'alert.raised',
    {
      alertId,
      fingerprint,
      condition,
      labels: symbol === undefined ? identity : { symbol, ...identity },
      notice: noticeOf(level, raiseWords(state, verdict, incidentId, context), cause),
      oneOff,
      ...(incidentId === undefined ? {} : { incidentId }),
      ...(escalatesAt === undefined ? {} : { escalatesAt }),
    },
    { ...envelope(cause), id: alertId },
  );
  const change = { at: cause.occurredAt, holds: true };
  return oneOff ? [raised] : [raised, ...joinFacts(state, fingerprint, change, cause, context)];
}

function again(
  state: Readonly<AlertsState>,
  open: OpenAlert,
  verdict: RaiseVerdict,
  cause: Cause,
  context: PolicyContext,
): readonly AlertEvent[] {
  const isWorse = compareLevels(verdict.level, open.level) > 0;
  if (!open.holds) {
    const until = persistsAt(state, open.fingerprint, verdict, cause, context);
    const words = isWorse
      ? escalationWords(state, open, verdict, context)
      : raiseWords(state, verdict, open.incidentId, context);
    const notice = noticeOf(verdict.level, words, cause);
    return [flapped(open, { holds: true, notice, ...(until === undefined ? {} : { until }) }, cause)];
  }
  if (isWorse) return [escalated(state, open, verdict.level, verdict, cause, context)];
  const words = raiseWords(state, verdict, open.incidentId, context);
  const { id: alertId, fingerprint, condition } = open;
  const notice = noticeOf(verdict.level, words, cause);
  return [
    createEvent(
      'alert.suppressed',
      { alertId, fingerprint, condition, reason: 'duplicate', level: verdict.level, notice },
      envelope(cause, 'alert.suppressed', fingerprint, 'duplicate'),
    ),
  ];
}

function escalated(
  state: Readonly<AlertsState>,
  open: OpenAlert,
  level: AlertLevel,
  words: AlertText,
  cause: Cause,
  context: PolicyContext,
): AlertEvent {
  const { id: alertId, fingerprint, condition, level: previousLevel } = open;
  const notice = noticeOf(level, escalationWords(state, open, words, context), cause);
  return createEvent(
    'alert.escalated',
    { alertId, fingerprint, condition, previousLevel, notice },
    envelope(cause, 'alert.escalated', fingerprint),
  );
}

function flapped(
  { id: alertId, fingerprint, condition }: Pick<OpenAlert, 'id' | 'fingerprint' | 'condition'>,
  change: { readonly holds: boolean; readonly until?: EpochMs; readonly notice?: AlertNotice },
  cause: Cause,
): AlertEvent {
  return createEvent(
    'alert.suppressed',
    { alertId, fingerprint, condition, reason: 'flapping', ...change },
    envelope(cause, 'alert.suppressed', fingerprint, 'flapping', String(change.holds)),
  );
}

/** Time that it was down before, while it flaps, is taken off, unless it is stable by then. */
function persistsAt(
  { changes }: Readonly<AlertsState>,
  fingerprint: string,
  { escalatesAt }: RaiseVerdict,
  { occurredAt }: Cause,
  { settings }: PolicyContext,
): EpochMs | undefined {
  if (escalatesAt === undefined) return undefined;
  const before = changes.get(fingerprint) ?? [];
  const period = flappingAt([...before, { at: occurredAt, holds: true }], occurredAt, settings);
  if (period === undefined) return escalatesAt;
  const left = Math.max(0, escalatesAt - occurredAt - downSince(before, period.from, occurredAt));
  return left < settings.flapping.stableFor ? occurredAt + left : escalatesAt;
}

/** Joins the alerts of a condition that a change makes flap: the open one takes over what channels know of those that ended. */
function joinFacts(
  state: Readonly<AlertsState>,
  fingerprint: string,
  change: Change,
  cause: Cause,
  { settings }: PolicyContext,
): readonly AlertEvent[] {
  const before = state.changes.get(fingerprint) ?? [];
  const period = flappingAt([...before, change], change.at, settings);
  if (period === undefined || period.began !== change.at) return [];
  const ended = (state.ended.get(fingerprint) ?? []).filter(({ resolvedAt = -Infinity }) => {
    const last = before.findLast(({ at, holds }) => !holds && at <= resolvedAt);
    return last !== undefined && last.at >= period.from;
  });
  return ended.flatMap((alert) =>
    [...alert.owed].map((name) => holdFact(alert, { name }, { reason: 'superseded' }, cause)),
  );
}

/** Holds for good what came and went as part of a story that a channel knows: it is no line of a digest there. */
function partOfIncident(
  state: Readonly<AlertsState>,
  alert: OpenAlert,
  { channels, stages, settings, now }: PolicyContext,
  failures: Failure[],
  cause: Cause,
): readonly AlertEvent[] {
  const holds = state.notifications.get(alert.id)?.holds;
  return channels.flatMap((channel) => {
    const reason = holds?.get(channel.name)?.reason;
    if (reason !== 'quiet_hours' && reason !== 'throttled') return [];
    const notified = notifiedOf(state, alert.id, channel.name);
    const look = { state, alert, channel, kind: 'raised', notified, now, settings } as const;
    const answer = answerOfStage('incident', look, failures, stages);
    return typeof answer === 'string' ? [] : [holdFact(alert, channel, answer, cause)];
  });
}

function isHeldOpen(
  state: Readonly<AlertsState>,
  alert: OpenAlert,
  { stages, settings, now }: PolicyContext,
  failures: Failure[],
): boolean {
  const look = {
    state,
    alert,
    channel: { name: LOG_CHANNEL },
    kind: 'resolved',
    notified: undefined,
    now,
    settings,
  } as const;
  return answerOfStage('flapping', look, failures, stages) !== 'pass';
}

/**
 * The incident that something belongs to which an event led to: that of the alert which the same event, or what it led to, has
 * raised. Undefined when it raised none, or all of that is over for too long.
 *
 * An alert's id follows from its condition and the event that raised it, so it is known without looking at any event.
 */
function incidentCausedBy(
  { ids, open, history, incidents }: Readonly<AlertsState>,
  causationId: string | undefined,
  rules: readonly Pick<AlertRule, 'condition'>[],
  now: EpochMs,
): string | undefined {
  if (causationId === undefined) return undefined;
  const candidates = new Set(rules.map(({ condition }) => derivedId('alert', condition, causationId)));
  for (const id of candidates) {
    const alert = open.get(ids.get(id) ?? '');
    if (alert !== undefined) return alert.incidentId ?? alert.id;
  }
  const ended = history.findLast(({ id, status }) => status === 'resolved' && candidates.has(id));
  if (ended === undefined) return undefined;
  const id = ended.incidentId ?? ended.id;
  const story = incidents.get(id);
  const endedAt = story === undefined ? ended.resolvedAt : story.endedAt;
  return endedAt === undefined || now - endedAt <= INCIDENT_WINDOW_MS ? id : undefined;
}
