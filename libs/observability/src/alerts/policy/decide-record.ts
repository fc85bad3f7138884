import type { LogRecord } from '@opensqt/event-log';
import type { AlertEvent, EpochMs } from '@opensqt/trading-events';
import { isAlertEvent } from '../model/alerts.projection';
import type { AlertBook } from './alert-book';
import { decide } from './decision';
import { recordable } from './recordable';
import type { RuleMemories } from './rule-memories';
import type { Decision, Failure, PolicyContext } from './settings';

/** The daily summary's part in the order of decisions. */
export interface SummaryDecisions {
  isDue(now: EpochMs): boolean;
  decide(now: EpochMs): readonly AlertEvent[];
  fold(record: LogRecord, context: PolicyContext): readonly AlertEvent[];
}

/** The parts that decisions change. */
export interface Decidable {
  readonly book: AlertBook;
  /** Absent where no summary is decided. */
  readonly summary?: SummaryDecisions | undefined;
  /** Absent where no rule is asked that has one. */
  readonly memories?: RuleMemories | undefined;
}

/**
 * Decides on the log's next record, in the one order there is: what fell due before it, then the record itself, then the summary. Each
 * decision is folded in before the next one is made.
 *
 * @param context its time is the one that the record is believed to be of
 * @param isDecision true for what was decided on this book, and is folded in already
 */
export function decideRecord(
  decidable: Decidable,
  record: LogRecord,
  context: PolicyContext,
  isDecision = false,
): Decision {
  const { book, summary, memories } = decidable;
  const { event } = record;
  const decisions: Decision[] = [];
  if (!isAlertEvent(event)) {
    const timely = event.occurredAt > context.now ? { ...event, occurredAt: context.now } : event;
    decisions.push(decideDue(decidable, context));
    const answers = memories?.answersTo(record.position, timely, context.now) ?? [];
    decisions.push(decide(book, { what: 'event', event: timely, answers }, context));
  } else if (!isDecision) {
    decisions.push(decide(book, { what: 'stated', event }, context));
  }
  if (summary !== undefined) decisions.push(folded(book, summary.fold(record, context)));
  return joined(decisions);
}

/** Decides what has fallen due by itself by the context's time. */
export function decideDue({ book, summary, memories }: Decidable, context: PolicyContext): Decision {
  const { now } = context;
  const closed = summary?.isDue(now) === true ? summary.decide(now) : [];
  const decisions = [folded(book, closed)];
  if (memories !== undefined && memories.next() <= now)
    decisions.push(decide(book, { what: 'asked', answers: memories.answersBy(now) }, context));
  if (book.due.next() <= now) decisions.push(decide(book, { what: 'due' }, context));
  return joined(decisions);
}

function folded(book: AlertBook, events: readonly AlertEvent[]): Decision {
  const failures: Failure[] = [];
  const recorded = recordable(events, failures);
  for (const event of recorded) book.fold(event);
  return { events: recorded, failures };
}

function joined(decisions: readonly Decision[]): Decision {
  const events: AlertEvent[] = [];
  const failures: Failure[] = [];
  for (const decision of decisions) {
    events.push(...decision.events);
    failures.push(...decision.failures);
  }
  return { events, failures };
}
