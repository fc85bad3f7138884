import { Inject, Injectable } from '@nestjs/common';
import type { LogRecord } from '@opensqt/event-log';
import type { AlertEvent, EpochMs } from '@opensqt/trading-events';
import { EventRecorder } from '../../ingest/event-recorder';
import { ProjectedState } from '../../projections/projection';
import { nextTime } from '../../summary/daily-time';
import { summaryProjection } from '../../summary/summary.projection';
import { AlertLedger } from './alert-ledger';
import { type SummaryPlan, decideSummary, tellSummary } from '../policy/decide-summary';
import type { DecisionContext } from '../policy/decision-context';
import type { SummaryDecisions } from '../policy/pipeline';

/** Injection token of the {@link SummaryPlan}; undefined where none is told. */
export const SUMMARY_PLAN = Symbol('SUMMARY_PLAN');

/** What the daily summary is told from, at the position that decisions have reached. */
@Injectable()
export class SummaryLedger implements SummaryDecisions {
  private readonly projected = ProjectedState.of(summaryProjection);
  /** When the next one is due, by what that follows from: asked with every event, and time zones are slow. */
  private due: { readonly since: EpochMs; readonly at: EpochMs } | undefined;
  /** The latest that was decided, which may not have come back from the log yet. */
  private decided: EpochMs = -Infinity;

  constructor(
    private readonly recorder: EventRecorder,
    private readonly ledger: AlertLedger,
    @Inject(SUMMARY_PLAN) private readonly plan: SummaryPlan | undefined,
  ) {}

  /** Begins with the state that the log led to. */
  async restore(): Promise<void> {
    if (this.plan === undefined) return;
    await this.recorder.caughtUp();
    const { state, position } = this.recorder.committedState(summaryProjection);
    this.projected.resume(state, position);
    this.decided = -Infinity;
  }

  /** True when {@link decide} has something to decide by then. */
  isDue(now: EpochMs): boolean {
    if (this.plan === undefined) return false;
    const { closed, period } = this.projected.current;
    const known = closed?.dueAt ?? period.from;
    if (known === undefined) return false;
    const since = Math.max(known, this.decided);
    if (this.due?.since !== since) this.due = { since, at: nextTime(this.plan, since) };
    return this.due.at <= now;
  }

  /** The end of a period whose time has come. */
  decide(now: EpochMs): AlertEvent[] {
    if (this.plan === undefined || !this.isDue(now)) return [];
    const decisions = decideSummary(this.projected.current, now, this.plan);
    for (const { data } of decisions) if ('dueAt' in data) this.decided = data.dueAt;
    return decisions;
  }

  /** Folds in the log's next record; what ends a period leads to its summary. */
  fold(record: LogRecord, context: DecisionContext): AlertEvent[] {
    if (this.plan === undefined) return [];
    this.projected.foldLogged(record);
    const { event } = record;
    return event.type === 'summary.closed'
      ? tellSummary(this.projected.current, event.data, this.ledger.state, this.plan, context)
      : [];
  }
}
