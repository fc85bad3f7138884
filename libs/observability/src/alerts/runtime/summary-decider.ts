import { Inject, Injectable } from '@nestjs/common';
import type { LogRecord } from '@opensqt/event-log';
import type { AlertEvent, EpochMs } from '@opensqt/trading-events';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { SummarySchedule } from '../../summary/summary-schedule';
import { ALERT_POLICY } from '../model/alert-tokens';
import type { AlertPolicy, DecisionContext } from '../policy/decision-context';
import { notifySummary, summaryChannels } from '../policy/notify-summary';
import type { SummaryDecisions } from '../policy/pipeline';
import { AlertLedger } from '../store/alert-ledger';

/** Decides the daily summary, in step with the alerts. */
@Injectable()
export class SummaryDecider implements SummaryDecisions {
  private readonly channels: readonly string[];

  constructor(
    private readonly schedule: SummarySchedule,
    private readonly ledger: AlertLedger,
    @Inject(ALERT_POLICY) { routes }: AlertPolicy,
    @Inject(OBSERVABILITY_OPTIONS) { alerts: { enabled, summary } }: ResolvedOptions,
  ) {
    const named = enabled ? summary.channels : undefined;
    this.channels = schedule.time === undefined ? [] : summaryChannels(routes, named);
  }

  restore(): Promise<void> {
    return this.schedule.restore();
  }

  isDue(now: EpochMs): boolean {
    return this.schedule.isDue(now);
  }

  decide(now: EpochMs): readonly AlertEvent[] {
    return this.schedule.decide(now);
  }

  fold(record: LogRecord, context: DecisionContext): readonly AlertEvent[] {
    const closed = this.schedule.fold(record);
    if (closed === undefined || this.schedule.time === undefined) return [];
    return notifySummary(
      closed,
      this.ledger.state,
      { ...this.schedule.time, channels: this.channels },
      context,
    );
  }
}
