import type { LogRecord } from '@opensqt/event-log';
import {
  type AlertEvent,
  type AlertLevel,
  type DeliveryRequested,
  createEvent,
} from '@opensqt/trading-events';
import { isAlertEvent } from '../model/alerts.projection';
import { endSilence } from '../policy/decide-by-time';
import type { AlertPolicy, DecisionContext } from '../policy/decision-context';
import { AlertsInMemory, decideDueBy, decideRecord } from '../policy/pipeline';

/** A decision that would have been another. */
export interface BacktestDifference {
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

/**
 * Decides on a log again, under other rules, thresholds and routes, and compares that with what was decided. Nothing can be sent: it knows
 * the names of channels, and no channel. What operators did (silences, acknowledgements) stands as it was; every message
 * counts as delivered.
 *
 * @param records the whole log, in order
 */
export async function backtest(
  records: AsyncIterable<readonly LogRecord[]>,
  policy: AlertPolicy,
): Promise<readonly BacktestDifference[]> {
  const ruled = new Set(policy.rules.map(({ condition }) => condition));
  const then: Decided = { alerts: new Map(), messages: new Map() };
  const now: Decided = { alerts: new Map(), messages: new Map() };
  const alerts = new DeliveringAlerts(policy);
  const context: DecisionContext = { ...policy, wallNow: 0 };
  for await (const chunk of records) {
    for (const record of chunk) {
      if (isAlertEvent(record.event)) note(then, record.event, ruled);
      for (const decision of decideAgain(alerts, record, context)) note(now, decision, ruled);
    }
  }
  return compare(then, now);
}

function decideAgain(
  alerts: AlertsInMemory,
  record: LogRecord,
  context: DecisionContext,
): readonly AlertEvent[] {
  const { event } = record;
  if (!isAlertEvent(event)) return decideRecord({ alerts }, record, context);
  const due = decideDueBy({ alerts }, event.occurredAt, context);
  return [...due, ...byOperator(alerts, event, context)];
}

/** Repeats what an operator did; what was decided then is decided anew. */
function byOperator(
  alerts: AlertsInMemory,
  event: AlertEvent,
  context: DecisionContext,
): readonly AlertEvent[] {
  if (event.type === 'silence.created' || event.type === 'alert.acknowledged') alerts.fold(event);
  if (event.type !== 'silence.expired' || event.data.by === undefined) return [];
  const silence = alerts.state.silences.get(event.data.silenceId);
  if (silence === undefined) return [];
  const cause = { id: event.causationId ?? event.id, occurredAt: event.occurredAt };
  const decisions = endSilence(alerts.state, silence, cause, context, event.data.by);
  for (const decision of decisions) alerts.fold(decision);
  return decisions;
}

/** Counts every message as delivered. */
class DeliveringAlerts extends AlertsInMemory {
  override fold(event: AlertEvent): void {
    super.fold(event);
    if (event.type === 'delivery.requested') super.fold(deliveryOf(event.data));
  }
}

function deliveryOf({ deliveryId, alertId, channel }: DeliveryRequested): AlertEvent {
  const delivered = { deliveryId, alertId, channel, attempt: 1, latencyMs: 0 };
  return createEvent('delivery.succeeded', delivered, { occurredAt: 0 });
}

function note(decided: Decided, event: AlertEvent, ruled: ReadonlySet<string>): void {
  const day = new Date(event.occurredAt).toISOString().slice(0, 10);
  if (event.type === 'alert.raised' && ruled.has(event.data.condition)) {
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

function compare(then: Decided, now: Decided): readonly BacktestDifference[] {
  const differences: BacktestDifference[] = [];
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
