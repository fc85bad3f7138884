import { type EventLog, EventLogError } from '@opensqt/event-log';
import { assertNever } from '@opensqt/trading-events';
import { RunTooLongError } from '../../alerts/diagnostics/run-budget';
import { IdPrefixError, idByPrefix } from '../../alerts/model/id-prefix';
import { runbookLinks } from '../../alerts/model/runbook';
import type { AlertDetail } from '../api/alerts';
import { type EventsQuery, eventsPage } from '../log/events-page';
import { alertStory } from '../log/alert-story';
import { causationOf } from '../log/causation';
import { type MissedQuery, missedSince } from '../log/missed-view';
import { type RulesQuery, rulesRun } from '../log/rules-run';
import { type SeriesQuery, seriesOf } from '../log/series-view';
import { timelineOf } from '../log/timeline-view';
import { latestTime } from '../../replay/log-reading';
import { alertView } from '../view/alert-views';
import { PastFold } from './past-fold';

/** A question about the log up to a position, that takes reading. As data: it may be put to another thread. */
export type Question = { readonly end: number } & (
  | { readonly kind: 'overview'; readonly head: number }
  | { readonly kind: 'series'; readonly query: SeriesQuery; readonly isPast: boolean }
  | { readonly kind: 'events'; readonly query: EventsQuery }
  | { readonly kind: 'causation'; readonly position: number }
  | { readonly kind: 'timeline'; readonly buckets: number }
  | { readonly kind: 'alert'; readonly id: string }
  | { readonly kind: 'missed'; readonly query: MissedQuery }
  | { readonly kind: 'rules'; readonly query: RulesQuery }
);

/** The data that answering needs besides the log. */
export interface Knowledge {
  readonly symbols: readonly string[] | undefined;
  readonly runbookBaseUrl: string | undefined;
}

/** The code of a question that can't be answered as it was asked. */
export type Refusal = 'AMBIGUOUS_ID' | 'RUN_TOO_LONG' | 'POSITION_DROPPED';

/** The answer's status. */
export const STATUS_OF: Readonly<Record<Refusal, number>> = {
  AMBIGUOUS_ID: 400,
  RUN_TOO_LONG: 400,
  POSITION_DROPPED: 404,
};

/** Undefined: the log could not be read. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof IdPrefixError) return 'AMBIGUOUS_ID';
  if (error instanceof EventLogError && error.code === 'LOG_DROPPED') return 'POSITION_DROPPED';
  return error instanceof RunTooLongError ? 'RUN_TOO_LONG' : undefined;
}

/** Answers questions about one log, one at a time. The answers are data for JSON; undefined: there is no such thing. */
export class Historian {
  private readonly fold: PastFold;

  constructor(
    private readonly log: EventLog,
    private readonly knowledge: Knowledge,
  ) {
    this.fold = new PastFold(log);
  }

  /** @throws EventLogError, ReplayError (rejects) where the log can't be read */
  async answer(question: Question): Promise<unknown> {
    const { end } = question;
    switch (question.kind) {
      case 'overview':
        return this.fold.overviewAt(end, question.head, this.knowledge.symbols);
      case 'series': {
        const { query, isPast } = question;
        const realized = isPast
          ? (await this.fold.overviewAt(end, end, this.knowledge.symbols)).profit.realized
          : query.realized;
        return seriesOf(this.log, { ...query, realized }, end);
      }
      case 'events':
        return eventsPage(this.log, question.query, end);
      case 'causation':
        return causationOf(this.log, question.position, end);
      case 'timeline':
        return timelineOf(this.log, question.buckets, end);
      case 'alert':
        return this.alert(question.id, end);
      case 'missed': {
        const { symbols } = this.knowledge;
        return missedSince(this.log, this.fold, question.query, { end, symbols });
      }
      case 'rules':
        return rulesRun(this.log, question.query, end);
      default:
        return assertNever(question);
    }
  }

  private async alert(id: string, end: number): Promise<AlertDetail | undefined> {
    const state = await this.fold.alertsAt(end, end);
    const known = [...state.open.values(), ...state.history];
    const wanted = idByPrefix(
      id,
      known.map((one) => one.id),
      'alert',
    );
    const alert = known.find((one) => one.id === wanted);
    if (alert === undefined) return undefined;
    const runbook = runbookLinks(this.knowledge.runbookBaseUrl)(alert.condition);
    const now = (await latestTime(this.log, end)) ?? alert.updatedAt;
    return {
      position: end,
      alert: alertView(alert, state, now, runbook),
      ...(await alertStory(this.log, alert, end)),
    };
  }
}
