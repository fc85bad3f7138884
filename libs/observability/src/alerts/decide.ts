import {
  AlertLevel,
  type AlertEvent,
  type AlertNotice,
  type MarketMakerEvent,
  type NoticeKind,
  type SilenceCreated,
  createEvent,
  derivedId,
} from '@opensqt/trading-events';
import type { AlertRule, AlertSettings, AlertWords, RaiseVerdict, ResolveVerdict } from './alert-rule';
import type { AlertsState, OpenAlert } from './alerts.state';
import { fingerprintOf } from './fingerprint';
import { type Route, compareLevels, route } from './route';
import { isSilencedBy, silenceOf } from './silence';
import { durationInWords } from './words';

/** What deciding needs besides the state. */
export interface DecisionContext {
  readonly rules: readonly AlertRule[];
  readonly settings: AlertSettings;
  readonly routes: readonly Route[];
  /** Wall clock, which deliveries are timed by. */
  readonly wallNow: number;
}

/** What a decision follows from: its ids are derived from the cause's, so deciding twice records once. */
export interface Cause {
  readonly id: string;
  readonly occurredAt: number;
}

/** What an event of trading means: rule, then dedup, then silence, then route. Empty when it means nothing. */
export function decideOn(
  state: AlertsState,
  event: MarketMakerEvent,
  context: DecisionContext,
): AlertEvent[] {
  return context.rules.flatMap((rule) => {
    if (!rule.handles.includes(event.type)) return [];
    const verdict = rule.decide(event, context.settings);
    if (verdict === undefined) return [];
    return verdict.verdict === 'raise'
      ? decideRaise(state, rule.condition, verdict, event, context)
      : decideResolve(
          state,
          fingerprintOf(rule.condition, verdict.labels),
          verdict,
          'cleared',
          event,
          context,
        );
  });
}

/** The escalations that have fallen due by then, stated at the time they were due. */
export function decideDue(state: AlertsState, now: number, context: DecisionContext): AlertEvent[] {
  return [...state.open.values()].flatMap((alert) => {
    if (alert.escalatesAt === undefined || alert.escalatesAt > now) return [];
    const due = alert.escalatesAt;
    const words = context.rules
      .find(({ condition }) => condition === alert.condition)
      ?.persists?.(alert, due);
    const cause = { id: derivedId('due', alert.id, String(due)), occurredAt: due };
    return escalate(state, alert, AlertLevel.Error, words ?? alert, cause, context);
  });
}

/**
 * The silences that are over by then. An alert that fires on and that a channel was not told of because of one is told now.
 */
export function decideExpired(state: AlertsState, now: number, context: DecisionContext): AlertEvent[] {
  return [...state.silences.values()].flatMap((silence) =>
    silence.until > now
      ? []
      : endSilence(
          state,
          silence,
          { id: derivedId('over', silence.silenceId), occurredAt: silence.until },
          context,
        ),
  );
}

/** A silence ends: by itself, or because somebody (`by`) ends it. */
export function endSilence(
  state: AlertsState,
  silence: SilenceCreated,
  cause: Cause,
  context: DecisionContext,
  by?: string,
): AlertEvent[] {
  const { silenceId } = silence;
  const data = { silenceId, ...(by === undefined ? {} : { by }) };
  const expired = createEvent('silence.expired', data, envelope(cause, 'silence.expired', silenceId));
  const others = [...state.silences.values()].filter((other) => other.silenceId !== silenceId);
  const untold = [...state.open.values()].filter(
    (alert) => isSilencedBy(silence, alert) && silenceOf(others, alert, cause.occurredAt) === undefined,
  );
  return [
    expired,
    ...untold.flatMap((alert) => {
      const told = state.triggers.get(alert.id)?.outcomes ?? new Map<string, string>();
      const routes = context.routes.filter(({ name }) => !told.has(name));
      const notice = noticeOf(alert.level, alert, { ...cause, occurredAt: alert.since });
      return tellUnsilenced(alert, routes, notice, follow(cause, expired), context);
    }),
  ];
}

function tellUnsilenced(
  alert: OpenAlert,
  routes: readonly Route[],
  notice: AlertNotice,
  cause: Cause,
  context: DecisionContext,
): AlertEvent[] {
  return route(routes, notice.level, false).flatMap((verdict) =>
    verdict.told ? [request(alert, verdict.channel, 'raised', notice, cause, context)] : [],
  );
}

/** A condition is met: open an alert, escalate the open one, tell it again, or say why nobody is told. */
export function decideRaise(
  state: AlertsState,
  condition: string,
  verdict: RaiseVerdict,
  cause: Cause,
  context: DecisionContext,
): AlertEvent[] {
  const { labels, level, oneOff = false, escalatesAt } = verdict;
  const fingerprint = fingerprintOf(condition, labels);
  const open = oneOff ? undefined : state.open.get(fingerprint);
  if (open === undefined) {
    const alertId = derivedId('alert', condition, cause.id);
    const notice = noticeOf(level, verdict, cause);
    const raised = createEvent(
      'alert.raised',
      {
        alertId,
        fingerprint,
        condition,
        labels,
        notice,
        oneOff,
        ...(escalatesAt === undefined ? {} : { escalatesAt }),
      },
      { ...envelope(cause), id: alertId },
    );
    return [
      raised,
      ...tell(state, { id: alertId, fingerprint, condition, labels }, 'raised', notice, cause, context),
    ];
  }
  if (compareLevels(level, open.level) > 0) return escalate(state, open, level, verdict, cause, context);
  if (cause.occurredAt - open.toldAt >= context.settings.repeatIntervalMs) {
    return tell(state, open, 'repeated', noticeOf(open.level, verdict, cause), cause, context);
  }
  return [suppressed(open, 'duplicate', cause)];
}

/** What was raised no longer holds: close the open alert, and tell the channels that were told of it. */
export function decideResolve(
  state: AlertsState,
  fingerprint: string,
  words: AlertWords | ResolveVerdict,
  reason: string,
  cause: Cause,
  context: DecisionContext,
): AlertEvent[] {
  const open = state.open.get(fingerprint);
  if (open === undefined) return [];
  const lasted = durationInWords(Math.max(0, cause.occurredAt - open.since));
  const notice = noticeOf(
    open.level,
    { title: words.title, message: words.message, fields: { ...words.fields, Lasted: lasted } },
    cause,
  );
  const resolved = createEvent(
    'alert.resolved',
    { alertId: open.id, fingerprint, condition: open.condition, reason, notice },
    envelope(cause, 'alert.resolved', fingerprint),
  );
  const outcomes = state.triggers.get(open.id)?.outcomes ?? new Map<string, string>();
  const told = follow(cause, resolved);
  return [
    resolved,
    ...context.routes
      .filter(({ name }) => outcomes.has(name))
      .map(({ name }) =>
        outcomes.get(name) === 'abandoned'
          ? suppressed(open, 'trigger_not_delivered', told, name)
          : request(open, name, 'resolved', notice, told, context),
      ),
  ];
}

function escalate(
  state: AlertsState,
  open: OpenAlert,
  level: AlertLevel,
  words: AlertWords,
  cause: Cause,
  context: DecisionContext,
): AlertEvent[] {
  const notice = noticeOf(level, words, cause);
  const { id: alertId, fingerprint, condition, level: previousLevel } = open;
  const escalated = createEvent(
    'alert.escalated',
    { alertId, fingerprint, condition, previousLevel, notice },
    envelope(cause, 'alert.escalated', fingerprint),
  );
  return [escalated, ...tell(state, open, 'escalated', notice, follow(cause, escalated), context)];
}

type Subject = Pick<OpenAlert, 'id' | 'fingerprint' | 'condition' | 'labels'>;

function tell(
  state: AlertsState,
  subject: Subject,
  kind: NoticeKind,
  notice: AlertNotice,
  cause: Cause,
  context: DecisionContext,
): AlertEvent[] {
  const silenced = silenceOf(state.silences.values(), subject, cause.occurredAt) !== undefined;
  return route(context.routes, notice.level, silenced).map((verdict) =>
    verdict.told
      ? request(subject, verdict.channel, kind, notice, cause, context)
      : suppressed(subject, verdict.reason, cause, verdict.channel),
  );
}

function request(
  subject: Subject,
  channel: string,
  kind: NoticeKind,
  notice: AlertNotice,
  cause: Cause,
  { wallNow }: DecisionContext,
): AlertEvent {
  const { id: alertId, fingerprint } = subject;
  const deliveryId = derivedId('delivery', alertId, kind, channel, cause.id);
  const data = { deliveryId, alertId, fingerprint, channel, kind, notice, requestedAt: wallNow };
  return createEvent('delivery.requested', data, { ...envelope(cause), id: deliveryId });
}

function suppressed(
  { id: alertId, fingerprint, condition }: Subject,
  reason: 'duplicate' | 'silenced' | 'below_channel_level' | 'trigger_not_delivered',
  cause: Cause,
  channel?: string,
): AlertEvent {
  const data = { alertId, fingerprint, condition, reason, ...(channel === undefined ? {} : { channel }) };
  return createEvent(
    'alert.suppressed',
    data,
    envelope(cause, 'alert.suppressed', fingerprint, reason, channel ?? ''),
  );
}

function noticeOf(level: AlertLevel, { title, message, fields }: AlertWords, cause: Cause): AlertNotice {
  return { level, title, message, fields, timestamp: cause.occurredAt };
}

/** What follows from an event that was just decided, at the same time. */
function follow({ occurredAt }: Cause, { id }: AlertEvent): Cause {
  return { id, occurredAt };
}

function envelope(cause: Cause, ...parts: readonly string[]) {
  return { id: derivedId(cause.id, ...parts), occurredAt: cause.occurredAt, causationId: cause.id };
}
