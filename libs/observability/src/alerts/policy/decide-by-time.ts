import {
  AlertLevel,
  type AlertEvent,
  type SilenceCreated,
  createEvent,
  derivedId,
} from '@opensqt/trading-events';
import type { ResolvedAlerts } from '../../options/alerts.options';
import type { AlertsState } from '../model/alerts.state';
import { type Cause, causeOf, envelope, noticeOf } from '../model/cause';
import { escalate } from './decide';
import type { DecisionContext } from './decision-context';
import { fingerprintOf } from '../model/fingerprint';
import { digest } from '../rules/other-conditions';
import { digestDueAt, digestOf } from './throttle';
import { isFolded } from './incident';
import { route } from './route';
import { isSilencedBy, silenceOf } from './silence';
import { request, suppress } from './notify';

/** Decides the escalations that have fallen due by then, stated at the time they were due. */
function decideDue(state: AlertsState, now: number, context: DecisionContext): AlertEvent[] {
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
 * Ends the silences that are over by then. An alert that fires on and that one of them held back is sent now.
 */
function decideExpired(state: AlertsState, now: number, context: DecisionContext): AlertEvent[] {
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

/** Ends a silence: by itself, or because somebody (`by`) ends it. */
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
  const withheld = [...state.open.values()].filter(
    (alert) => isSilencedBy(silence, alert) && silenceOf(others, alert, cause.occurredAt) === undefined,
  );
  return [
    expired,
    ...withheld.flatMap((alert) => {
      const outcomes = state.triggers.get(alert.id)?.outcomes ?? new Map<string, string>();
      const routes = context.routes.filter(({ name }) => !outcomes.has(name));
      const notice = noticeOf(alert.level, alert, { ...cause, occurredAt: alert.since });
      const next = causeOf(cause, expired);
      const routed = { ...alert, silenced: false, now: cause.occurredAt };
      return route(routes, routed).map((verdict) => {
        if (!verdict.notified) return suppress(alert, verdict.reason, alert.level, next, verdict);
        return isFolded(state, alert, verdict.channel, alert.level, 'raised')
          ? suppress(alert, 'part_of_incident', alert.level, next, verdict)
          : request(alert, verdict.channel, 'raised', notice, next, context);
      });
    }),
  ];
}

/** The digests that are due by then, of what was held back on each channel. */
function decideDigests(state: AlertsState, now: number, context: DecisionContext): AlertEvent[] {
  return context.routes.flatMap(({ name: channel }) => {
    const held = state.traffic.get(channel)?.held;
    if (held === undefined || digestDueAt(held, context.settings) > now) return [];
    const { level, ...words } = digestOf(held, context.settings);
    const occurredAt = digestDueAt(held, context.settings);
    const id = derivedId('digest', channel, String(held.since));
    const cause = { id, occurredAt };
    const subject = { id, fingerprint: fingerprintOf(digest.condition, { channel }) };
    return [request(subject, channel, 'digest', noticeOf(level, words, cause), cause, context)];
  });
}

/**
 * The postponed messages that are due by then: alerts that fire on after quiet hours, and CRITICAL ones that nobody has acknowledged in time.
 */
function decidePostponed(state: AlertsState, now: number, context: DecisionContext): AlertEvent[] {
  return [...state.postponed.values()].flatMap(({ alertId, fingerprint, channel, reason, until }) => {
    const alert = state.open.get(fingerprint);
    if (until > now || alert?.id !== alertId) return [];
    const words =
      reason === 'awaiting_acknowledgement' ? { ...alert, title: `Unacknowledged: ${alert.title}` } : alert;
    const cause = { id: derivedId('postponed', alertId, channel, String(until)), occurredAt: until };
    return [request(alert, channel, 'raised', noticeOf(alert.level, words, cause), cause, context)];
  });
}

/** The decisions that count how long something lasts, and would wait for a clock that was set back to catch up. */
export const DECISIONS_BY_DURATION = [decideDue, decideDigests] as const;

/**
 * The time at which all of {@link DECISIONS_BY_DURATION} is due that is waiting at the moment: for when the clock was set
 * back. The time that things have really waited is unknown, since their times lie ahead; they are decided now.
 */
export function everythingDueAt(state: AlertsState, now: number, settings: ResolvedAlerts): number {
  let last = now;
  for (const { escalatesAt = now } of state.open.values()) last = Math.max(last, escalatesAt);
  for (const { held } of state.traffic.values()) {
    if (held !== undefined) last = Math.max(last, digestDueAt(held, settings));
  }
  return last;
}

/** The decisions that fall due by themselves, in their order: each sees those before it. */
export const DECISIONS_BY_TIME = [decideDue, decideExpired, decidePostponed, decideDigests] as const;

/** The time at which the next of them is due; Infinity when nothing is. */
export function nextDueAt(state: AlertsState, settings: ResolvedAlerts): number {
  let next = Infinity;
  for (const { escalatesAt = Infinity } of state.open.values()) next = Math.min(next, escalatesAt);
  for (const { until } of state.silences.values()) next = Math.min(next, until);
  for (const { until } of state.postponed.values()) next = Math.min(next, until);
  for (const { held } of state.traffic.values()) {
    if (held !== undefined) next = Math.min(next, digestDueAt(held, settings));
  }
  return next;
}
