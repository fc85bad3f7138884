import type { LogRecord } from '@opensqt/event-log';
import {
  type AlertEvent,
  type AlertLevel,
  type DeliveryRequested,
  type EpochMs,
  createEvent,
} from '@opensqt/trading-events';
import { initialAlerts } from '../model/alerts.state';
import { isAlertEvent } from '../model/alerts.projection';
import { AlertBook } from '../policy/alert-book';
import { type Decidable, decideDue, decideRecord } from '../policy/decide-record';
import { DecisionTime, believedTimes } from '../policy/decision-time';
import { RuleMemories } from '../policy/rule-memories';
import type { AlertPolicy } from '../policy/settings';

/** A decision that would have been another. */
export interface BacktestDifference {
  /** UTC, `2026-01-31`. */
  readonly day: string;
  readonly change: 'new' | 'gone' | 'level';
  readonly of: 'alert' | 'message';
  readonly words: string;
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
  const [then, now] = [new Decided(ruled), new Decided(ruled)];
  const again = new DecidingAgain(policy, (decision) => now.note(decision));
  for await (const chunk of records) {
    const times = believedTimes(chunk.map(({ event }) => event.occurredAt));
    chunk.forEach((record, index) => {
      if (isAlertEvent(record.event)) then.note(record.event);
      again.decide(record, times[index] ?? record.event.occurredAt);
    });
  }
  return compare(then, now);
}

/** Decides on the records of a log as the process did that wrote it, at their times. */
class DecidingAgain implements Decidable {
  readonly book: AlertBook;
  readonly memories: RuleMemories;
  private readonly time = new DecisionTime();

  constructor(
    private readonly policy: AlertPolicy,
    private readonly note: (decision: AlertEvent) => void,
  ) {
    this.book = new AlertBook(initialAlerts(), policy, 0);
    this.memories = new RuleMemories(policy.rules);
  }

  decide(record: LogRecord, believed: EpochMs): void {
    const { event } = record;
    const now = this.time.at(believed, undefined);
    this.decideUntil(now);
    if (isAlertEvent(event)) {
      if (!isByOperator(event)) return;
      this.book.fold(event);
    }
    this.take(decideRecord(this, record, this.context(now)).events);
  }

  /** Time passed step by step: what fell due was decided when it did. */
  private decideUntil(now: EpochMs): void {
    for (let next = this.next(); next <= now; next = this.next()) {
      this.take(decideDue(this, this.context(next)).events);
      if (this.next() === next) return; // it is decided with what happens now
    }
  }

  private next(): EpochMs {
    return Math.min(this.book.due.next(), this.memories.next());
  }

  private context(now: EpochMs) {
    return { ...this.policy, now, wallNow: now };
  }

  private take(decisions: readonly AlertEvent[]): void {
    for (const decision of decisions) {
      this.note(decision);
      if (decision.type === 'delivery.requested') this.book.fold(deliveryOf(decision.data));
    }
  }
}

/** True for what an operator did; what was decided then is decided anew. */
function isByOperator(event: AlertEvent): boolean {
  if (event.type === 'silence.expired') return event.data.by !== undefined;
  return event.type === 'silence.created' || event.type === 'alert.acknowledged';
}

function deliveryOf({ deliveryId, alertId, channel }: DeliveryRequested): AlertEvent {
  const delivered = { deliveryId, alertId, channel, attempt: 1, latencyMs: 0 };
  return createEvent('delivery.succeeded', delivered, { occurredAt: 0 });
}

/** The decisions about the alerts of the rules that are looked at. */
class Decided {
  readonly alerts = new Map<string, { readonly day: string; readonly title: string; level: AlertLevel }>();
  /** By alert, channel, kind and number: what falls due by itself has other ids each time that it is decided. */
  readonly messages = new Map<string, { readonly day: string; readonly words: string }>();
  private readonly counts = new Map<string, number>();

  constructor(private readonly ruled: ReadonlySet<string>) {}

  note(event: AlertEvent): void {
    const day = new Date(event.occurredAt).toISOString().slice(0, 10);
    if (event.type === 'alert.raised' && this.ruled.has(event.data.condition)) {
      const { alertId, notice } = event.data;
      this.alerts.set(alertId, { day, title: notice.title, level: notice.level });
    } else if (event.type === 'alert.escalated') {
      const alert = this.alerts.get(event.data.alertId);
      if (alert !== undefined) alert.level = event.data.notice.level;
    } else if (event.type === 'delivery.requested') this.noteMessage(event.data, day);
  }

  private noteMessage({ alertId, channel, kind, notice, resendOf }: DeliveryRequested, day: string): void {
    const isOfARule = this.alerts.has(alertId) || kind === 'digest';
    if (kind === 'acknowledged' || resendOf !== undefined || !isOfARule) return;
    const key = [kind === 'digest' ? day : alertId, channel, kind].join(' ');
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    const words = `${channel}: ${kind}, ${notice.level} ${notice.title}`;
    this.messages.set(`${key} ${count}`, { day, words });
  }
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
