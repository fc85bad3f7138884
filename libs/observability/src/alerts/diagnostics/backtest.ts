import type { LogRecord } from '@opensqt/event-log';
import { type AlertEvent, type DeliveryRequested, type EpochMs, createEvent } from '@opensqt/trading-events';
import { initialAlerts } from '../model/alerts.state';
import { isAlertEvent } from '../model/alerts.projection';
import { AlertBook } from '../policy/alert-book';
import { type Decidable, decideDue, decideRecord } from '../policy/decide-record';
import { DecisionTime, believedTimes } from '../policy/decision-time';
import { RuleMemories } from '../policy/rule-memories';
import type { AlertPolicy } from '../policy/settings';
import { type BacktestDifference, type Comparison, Decided, compare } from './decided';
import { MAX_MESSAGES, RunBudget } from './run-budget';
import { OWN_ENDS } from '../policy/facts';

/**
 * Decides on a log again, under other rules, thresholds and routes, and compares that with what was decided. Nothing can be sent: it knows
 * the names of channels, and no channel. What operators did (silences, acknowledgements, what they resolved) stands as it was; every
 * message counts as delivered.
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
    for (const [index, record] of chunk.entries()) {
      if (isAlertEvent(record.event)) then.note(record.event);
      await again.decide(record, times[index] ?? record.event.occurredAt);
    }
  }
  return compare(then, now).differences;
}

/**
 * Decides on a part of a log twice, under two policies, and compares the two. Nothing can be sent. The work is bounded, and others get
 * their turn in between.
 *
 * @param before what operators did before that part, and still holds: silences
 * @param records the part, in order
 * @param until the end of the part: what falls due by then is decided, too
 * @throws RunTooLongError (rejects) when too much falls due, or would be sent
 */
export async function compareRules(
  before: readonly AlertEvent[],
  records: AsyncIterable<readonly LogRecord[]>,
  { current, candidate }: { readonly current: AlertPolicy; readonly candidate: AlertPolicy },
  until: EpochMs,
): Promise<Comparison> {
  const ruled = new Set([...current.rules, ...candidate.rules].map(({ condition }) => condition));
  const [then, now] = [new Decided(ruled, MAX_MESSAGES), new Decided(ruled, MAX_MESSAGES)];
  const budget = new RunBudget();
  const deciding = [
    new DecidingAgain(current, (decision) => then.note(decision), budget),
    new DecidingAgain(candidate, (decision) => now.note(decision), budget),
  ];
  for (const { book } of deciding) for (const event of before) book.fold(event);
  for await (const chunk of records) {
    const times = believedTimes(chunk.map(({ event }) => event.occurredAt));
    for (const one of deciding)
      for (const [index, record] of chunk.entries())
        await one.decide(record, times[index] ?? record.event.occurredAt);
  }
  for (const one of deciding) await one.decideUntil(until);
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
    private readonly budget?: RunBudget,
  ) {
    this.book = new AlertBook(initialAlerts(), policy, 0);
    this.memories = new RuleMemories(policy.rules);
  }

  async decide(record: LogRecord, believed: EpochMs): Promise<void> {
    const { event } = record;
    const now = this.time.at(believed, undefined);
    await this.decideUntil(now);
    if (isAlertEvent(event)) {
      if (!isByOperator(event)) return;
      this.book.fold(event);
    }
    this.take(decideRecord(this, record, this.context(now)).events);
  }

  /** Time passed step by step: what fell due was decided when it did. */
  async decideUntil(now: EpochMs): Promise<void> {
    for (let next = this.next(); next <= now; next = this.next()) {
      await this.budget?.step();
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
  if (event.type === 'alert.resolved') return !OWN_ENDS.some((reason) => reason === event.data.reason);
  return event.type === 'silence.created' || event.type === 'alert.acknowledged';
}

function deliveryOf({ deliveryId, alertId, channel }: DeliveryRequested): AlertEvent {
  const delivered = { deliveryId, alertId, channel, attempt: 1, latencyMs: 0 };
  return createEvent('delivery.succeeded', delivered, { occurredAt: 0 });
}
