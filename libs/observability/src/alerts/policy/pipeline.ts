import type { LogRecord } from '@opensqt/event-log';
import type { AlertEvent, EpochMs } from '@opensqt/trading-events';
import { evolveAlerts, isAlertEvent } from '../model/alerts.projection';
import { type AlertsState, initialAlerts } from '../model/alerts.state';
import { decideOn } from './decide';
import { DECISIONS_BY_DURATION, DECISIONS_BY_TIME, everythingDueAt } from './decide-by-time';
import type { DecisionContext } from './decision-context';
import { NextDue } from './next-due';

/** The alerts that are decided on: the ledger in production, a state in memory in backtests and tests. */
export interface FoldableAlerts {
  readonly state: Readonly<AlertsState>;
  /** Folds an event in: the next decision sees it. */
  fold(event: AlertEvent): void;
  /** False where nothing can have fallen due by then. */
  isDue(now: EpochMs): boolean;
}

/** The daily summary's part in the order of decisions. */
export interface SummaryDecisions {
  isDue(now: EpochMs): boolean;
  decide(now: EpochMs): readonly AlertEvent[];
  fold(record: LogRecord, context: DecisionContext): readonly AlertEvent[];
}

/** The state that the pipeline works on. */
export interface Decidable {
  readonly alerts: FoldableAlerts;
  /** Absent where no summary is decided. */
  readonly summary?: SummaryDecisions | undefined;
}

/**
 * Decides on the log's next record, in the one order there is: what fell due before it, then what it means itself (rule, dedup,
 * silence, route, incident, throttle), then the summary. Each decision is folded in before the next one is made.
 */
export function decideRecord(
  { alerts, summary }: Decidable,
  record: LogRecord,
  context: DecisionContext,
): AlertEvent[] {
  const { event } = record;
  const decisions: AlertEvent[] = [];
  if (!isAlertEvent(event)) {
    decisions.push(...decideDueBy({ alerts, summary }, event.occurredAt, context));
    decisions.push(...folded(alerts, decideOn(alerts.state, event, context)));
  }
  if (summary !== undefined) decisions.push(...folded(alerts, summary.fold(record, context)));
  return decisions;
}

/** Decides what has fallen due by itself by then. */
export function decideDueBy(
  { alerts, summary }: Decidable,
  now: EpochMs,
  context: DecisionContext,
): AlertEvent[] {
  if (!alerts.isDue(now) && summary?.isDue(now) !== true) return [];
  return [
    ...folded(alerts, summary?.decide(now) ?? []),
    ...DECISIONS_BY_TIME.flatMap((decide) => folded(alerts, decide(alerts.state, now, context))),
  ];
}

/** Decides what waits for time to pass, after the clock was set back: it would wait until the clock has caught up. */
export function decideWaiting(alerts: FoldableAlerts, now: EpochMs, context: DecisionContext): AlertEvent[] {
  const at = everythingDueAt(alerts.state, now, context.settings);
  return DECISIONS_BY_DURATION.flatMap((decide) => folded(alerts, decide(alerts.state, at, context)));
}

function folded(alerts: FoldableAlerts, decisions: readonly AlertEvent[]): readonly AlertEvent[] {
  for (const event of decisions) alerts.fold(event);
  return decisions;
}

/** Alerts in memory, without a log. */
export class AlertsInMemory implements FoldableAlerts {
  readonly state: AlertsState = initialAlerts();
  private readonly nextDue: NextDue;

  constructor({ settings }: Pick<DecisionContext, 'settings'>) {
    this.nextDue = new NextDue(settings);
  }

  fold(event: AlertEvent): void {
    evolveAlerts(this.state, event);
    this.nextDue.fold(event);
  }

  isDue(now: EpochMs): boolean {
    return this.nextDue.isDue(this.state, now);
  }
}
