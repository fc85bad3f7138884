import { Inject, Injectable } from '@nestjs/common';
import type { LogRecord } from '@opensqt/event-log';
import { type AlertEvent, type EpochMs, createEvent, derivedId } from '@opensqt/trading-events';
import { EventRecorder } from '../ingest/event-recorder';
import { OBSERVABILITY_OPTIONS } from '../options/options.module';
import type { ResolvedOptions } from '../options/observability-options';
import { ProjectedState } from '../projections/projection';
import { type DailyTime, lastTime, nextTime } from './daily-time';
import { summaryProjection } from './summary.projection';
import type { ClosedPeriod, SummaryState } from './summary.state';

/** The periods that daily summaries are about, at the position that decisions have reached. */
@Injectable()
export class SummarySchedule {
  /** Undefined where no summary is wanted. */
  readonly time: DailyTime | undefined;
  private readonly projected = ProjectedState.of(summaryProjection);
  /** The next one's time, by what that follows from: asked with every event, and time zones are slow. */
  private due: { readonly since: EpochMs; readonly at: EpochMs } | undefined;
  /** The latest that was decided, which may not have come back from the log yet. */
  private decided: EpochMs = -Infinity;

  constructor(
    private readonly recorder: EventRecorder,
    @Inject(OBSERVABILITY_OPTIONS) { alerts: { summary } }: ResolvedOptions,
  ) {
    this.time = summary.at === undefined ? undefined : { at: summary.at, timeZone: summary.timezone };
  }

  /** Begins with the state that the log led to. */
  async restore(): Promise<void> {
    if (this.time === undefined) return;
    await this.recorder.caughtUp();
    const { state, position } = this.recorder.committedState(summaryProjection);
    this.projected.resume(state, position);
    this.reset();
  }

  /** Forgets what was decided and may not have been recorded. */
  reset(): void {
    this.decided = -Infinity;
  }

  /** Passes over a record: another bot's, or one that can't be decided on. */
  skip(position: number): void {
    if (position > this.projected.position) this.projected.resume(this.projected.current, position);
  }

  /** True when {@link decide} has something to decide by then. */
  isDue(now: EpochMs): boolean {
    if (this.time === undefined) return false;
    const { closed, period } = this.projected.current;
    const known = closed?.dueAt ?? period.from;
    if (known === undefined) return false;
    const since = Math.max(known, this.decided);
    if (this.due?.since !== since) this.due = { since, at: nextTime(this.time, since) };
    return this.due.at <= now;
  }

  /** The end of a period whose time has come. */
  decide(now: EpochMs): readonly AlertEvent[] {
    if (this.time === undefined || !this.isDue(now)) return [];
    const decisions = decideSummary(this.projected.current, now, this.time, this.recorder.bot);
    for (const { data } of decisions) if ('dueAt' in data) this.decided = data.dueAt;
    return decisions;
  }

  /**
   * Folds the log's next record in.
   *
   * @returns the period that ends with it; undefined when none does
   */
  fold(record: LogRecord): ClosedPeriod | undefined {
    if (this.time === undefined) return undefined;
    this.projected.foldLogged(record, this.recorder.bot);
    const { event } = record;
    const { closed } = this.projected.current;
    return event.type === 'summary.closed' && closed?.summaryId === event.data.summaryId ? closed : undefined;
  }
}

/**
 * Ends the period that a summary is about, once its time has come. Of several that were missed only the last is made up for: it
 * covers all that time. The event is the period's end: what comes before it in the log belongs to it, so that the summary is the
 * same whenever it is decided again.
 */
export function decideSummary(state: SummaryState, now: EpochMs, time: DailyTime, bot: string): AlertEvent[] {
  const since = state.closed?.dueAt ?? state.period.from;
  if (since === undefined || since >= now) return [];
  const dueAt = lastTime(time, now);
  if (dueAt <= since) return [];
  const summaryId = derivedId('summary', bot, String(dueAt));
  return [createEvent('summary.closed', { summaryId, dueAt }, { id: summaryId, occurredAt: now })];
}
