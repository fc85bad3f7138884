import type { LogRecord } from '@opensqt/event-log';
import { type AlertEvent, type AlertLevel, type TradingEvent, createEvent } from '@opensqt/trading-events';
import type { AlertSettings } from '../rules/alert-rule';
import { evolveAlerts, isAlertEvent } from '../model/alerts.projection';
import { type AlertsState, initialAlerts } from '../model/alerts.state';
import { decideOn } from '../policy/decide';
import { DECISIONS_BY_TIME, endSilence, nextDueAt } from '../policy/decide-by-time';
import type { DecisionContext } from '../policy/decision-context';
import type { Route } from '../policy/route';
import { ALERT_RULES } from '../rules/alert-rules';

/** What would have been decided otherwise. */
export interface Difference {
  /** UTC, `2026-01-31`. */
  readonly day: string;
  readonly change: 'new' | 'gone' | 'level';
  readonly of: 'alert' | 'message';
  readonly words: string;
}

interface Decided {
  readonly alerts: Map<string, { readonly day: string; readonly title: string; level: AlertLevel }>;
  readonly messages: Map<string, { readonly day: string; readonly words: string }>;
}

const RULED = new Set(ALERT_RULES.map(({ condition }) => condition));

/**
 * Decides on a log again, under other thresholds and routes, and compares that with what was decided. Nothing can be sent: it knows
 * the names of channels, and no channel. What operators did (silences, acknowledgements) stands as it was; every message
 * counts as delivered.
 *
 * @param records the whole log, in order
 */
export async function backtest(
  records: AsyncIterable<readonly LogRecord[]>,
  settings: AlertSettings,
  routes: readonly Route[],
): Promise<readonly Difference[]> {
  const then: Decided = { alerts: new Map(), messages: new Map() };
  const now: Decided = { alerts: new Map(), messages: new Map() };
  const state = initialAlerts();
  const context: DecisionContext = { rules: ALERT_RULES, settings, routes, wallNow: 0 };
  for await (const chunk of records) {
    for (const { event } of chunk) {
      if (isAlertEvent(event)) note(then, event);
      for (const decision of decideAgain(state, event, context)) note(now, decision);
    }
  }
  return compare(then, now);
}

function decideAgain(state: AlertsState, event: TradingEvent, context: DecisionContext): AlertEvent[] {
  const decisions: AlertEvent[] = [];
  const take = (made: readonly AlertEvent[]): void => {
    for (const decision of made) {
      evolveAlerts(state, decision);
      if (decision.type === 'delivery.requested') deliver(state, decision.data);
    }
    decisions.push(...made);
  };
  if (nextDueAt(state, context.settings) <= event.occurredAt) {
    for (const decide of DECISIONS_BY_TIME) take(decide(state, event.occurredAt, context));
  }
  if (!isAlertEvent(event)) take(decideOn(state, event, context));
  else if (event.type === 'silence.created' || event.type === 'alert.acknowledged')
    evolveAlerts(state, event);
  else if (event.type === 'silence.expired' && event.data.by !== undefined) {
    const silence = state.silences.get(event.data.silenceId);
    const cause = { id: event.causationId ?? event.id, occurredAt: event.occurredAt };
    if (silence !== undefined) take(endSilence(state, silence, cause, context, event.data.by));
  }
  return decisions;
}

function deliver(
  state: AlertsState,
  {
    deliveryId,
    alertId,
    channel,
  }: { readonly deliveryId: string; readonly alertId: string; readonly channel: string },
): void {
  const delivered = { deliveryId, alertId, channel, attempt: 1, latencyMs: 0 };
  evolveAlerts(state, createEvent('delivery.succeeded', delivered, { occurredAt: 0 }));
}

function note(decided: Decided, event: AlertEvent): void {
  const day = new Date(event.occurredAt).toISOString().slice(0, 10);
  if (event.type === 'alert.raised' && RULED.has(event.data.condition)) {
    const { alertId, notice } = event.data;
    decided.alerts.set(alertId, { day, title: notice.title, level: notice.level });
  } else if (event.type === 'alert.escalated') {
    const alert = decided.alerts.get(event.data.alertId);
    if (alert !== undefined) alert.level = event.data.notice.level;
  } else if (
    event.type === 'delivery.requested' &&
    event.data.kind !== 'acknowledged' &&
    isOfARule(decided, event.data)
  ) {
    const { deliveryId, channel, kind, notice } = event.data;
    decided.messages.set(deliveryId, { day, words: `${channel}: ${kind}, ${notice.level} ${notice.title}` });
  }
}

function isOfARule(
  { alerts }: Decided,
  { alertId, kind }: { readonly alertId: string; readonly kind: string },
): boolean {
  return alerts.has(alertId) || kind === 'digest';
}

function compare(then: Decided, now: Decided): readonly Difference[] {
  const differences: Difference[] = [];
  for (const [id, { day, title, level }] of now.alerts) {
    const before = then.alerts.get(id);
    if (before === undefined) {
      differences.push({ day, change: 'new', of: 'alert', words: `${level} ${title}` });
    } else if (before.level !== level) {
      differences.push({ day, change: 'level', of: 'alert', words: `${title}: ${before.level} → ${level}` });
    }
  }
  for (const [id, { day, title, level }] of then.alerts) {
    if (!now.alerts.has(id))
      differences.push({ day, change: 'gone', of: 'alert', words: `${level} ${title}` });
  }
  for (const [id, { day, words }] of now.messages) {
    if (!then.messages.has(id)) differences.push({ day, change: 'new', of: 'message', words });
  }
  for (const [id, { day, words }] of then.messages) {
    if (!now.messages.has(id)) differences.push({ day, change: 'gone', of: 'message', words });
  }
  return differences.sort((a, b) => a.day.localeCompare(b.day));
}
