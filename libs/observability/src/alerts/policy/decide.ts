import {
  type AlertEvent,
  type AlertLevel,
  type TradingEvent,
  createEvent,
  derivedId,
  formatDuration,
} from '@opensqt/trading-events';
import type { AlertText, RaiseVerdict, ResolveVerdict } from '../rules/alert-rule';
import type { AlertsState, OpenAlert } from '../model/alerts.state';
import { type Cause, causeOf, envelope, noticeOf } from '../model/cause';
import type { DecisionContext } from './decision-context';
import { fingerprintOf } from '../model/fingerprint';
import { incidentCausedBy, isNotified } from './incident';
import { notifyOfRest, withEnd, withStoryBefore, withStoryOf } from './notify-incident';
import { compareLevels } from './route';
import { notify, request, suppress } from './notify';

/** Decides on an event of trading by the rules: dedup, then silence, route, incident and throttle. Empty when it meets no condition. */
export function decideOn(state: AlertsState, event: TradingEvent, context: DecisionContext): AlertEvent[] {
  return context.rules.flatMap((rule) => {
    if (!rule.handles.includes(event.type)) return [];
    const verdict = rule.decide(event);
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

/** Decides on a condition that is met: opens an alert, escalates the open one, repeats it, or says why nobody is notified. */
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
    const incidentId = incidentCausedBy(state, cause.causationId, context.rules, cause.occurredAt);
    const part = incidentId === undefined ? {} : { incidentId };
    const notice = noticeOf(level, withStoryBefore(state, verdict, incidentId), cause);
    const raised = createEvent(
      'alert.raised',
      {
        alertId,
        fingerprint,
        condition,
        labels,
        notice,
        oneOff,
        ...part,
        ...(escalatesAt === undefined ? {} : { escalatesAt }),
      },
      { ...envelope(cause), id: alertId },
    );
    return [
      raised,
      ...notify(
        state,
        { id: alertId, fingerprint, condition, labels, ...part },
        'raised',
        notice,
        cause,
        context,
      ),
    ];
  }
  if (compareLevels(level, open.level) > 0) return escalate(state, open, level, verdict, cause, context);
  if (cause.occurredAt - open.notifiedAt >= context.settings.repeatInterval) {
    const words = withStoryOf(state, open, verdict);
    return notify(state, open, 'repeated', noticeOf(open.level, words, cause), cause, context);
  }
  return [suppress(open, 'duplicate', level, cause)];
}

/** Decides on a condition that no longer holds: closes the open alert, and notifies the channels that it was sent to. */
export function decideResolve(
  state: AlertsState,
  fingerprint: string,
  words: AlertText | ResolveVerdict,
  reason: string,
  cause: Cause,
  context: DecisionContext,
): AlertEvent[] {
  const open = state.open.get(fingerprint);
  if (open === undefined) return [];
  const lasted = formatDuration(Math.max(0, cause.occurredAt - open.since));
  const notice = noticeOf(
    open.level,
    withEnd(
      state,
      { title: words.title, message: words.message, fields: { ...words.fields, Lasted: lasted } },
      open,
      cause.occurredAt,
    ),
    cause,
  );
  const resolved = createEvent(
    'alert.resolved',
    { alertId: open.id, fingerprint, condition: open.condition, reason, notice },
    envelope(cause, 'alert.resolved', fingerprint),
  );
  const outcomes = state.triggers.get(open.id)?.outcomes ?? new Map<string, string>();
  const next = causeOf(cause, resolved);
  return [
    resolved,
    ...context.routes
      .filter(({ name }) => outcomes.has(name))
      .map(({ name }) =>
        outcomes.get(name) === 'abandoned'
          ? suppress(open, 'trigger_not_delivered', open.level, next, { channel: name })
          : request(open, name, 'resolved', notice, next, context),
      ),
    ...notifyOfRest(state, open, next, context),
  ];
}

/** Acknowledges an open alert, and notifies the channels that it was sent to and that take acknowledgements. */
export function decideAcknowledge(
  state: AlertsState,
  open: OpenAlert,
  { by, note }: { readonly by: string; readonly note?: string },
  cause: Cause,
  context: DecisionContext,
): AlertEvent[] {
  const { id: alertId, fingerprint, condition } = open;
  const acknowledged = createEvent(
    'alert.acknowledged',
    { alertId, fingerprint, condition, by, ...(note === undefined ? {} : { note }) },
    envelope(cause, 'alert.acknowledged', fingerprint),
  );
  const words = {
    title: open.title,
    message: note ?? 'No note was left.',
    fields: { 'Acknowledged by': by },
  };
  const notice = noticeOf(open.level, words, cause);
  const next = causeOf(cause, acknowledged);
  return [
    acknowledged,
    ...context.routes
      .filter(({ name, acknowledgements = false }) => acknowledgements && isNotified(state, open, name))
      .map(({ name }) => request(open, name, 'acknowledged', notice, next, context)),
  ];
}

/** Escalates an open alert. */
export function escalate(
  state: AlertsState,
  open: OpenAlert,
  level: AlertLevel,
  words: AlertText,
  cause: Cause,
  context: DecisionContext,
): AlertEvent[] {
  const notice = noticeOf(level, withStoryOf(state, open, words), cause);
  const { id: alertId, fingerprint, condition, level: previousLevel } = open;
  const escalated = createEvent(
    'alert.escalated',
    { alertId, fingerprint, condition, previousLevel, notice },
    envelope(cause, 'alert.escalated', fingerprint),
  );
  return [escalated, ...notify(state, open, 'escalated', notice, causeOf(cause, escalated), context)];
}
