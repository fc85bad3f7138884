import { Inject, Injectable } from '@nestjs/common';
import type { LogRecord } from '@opensqt/event-log';
import type { AlertEvent, EpochMs } from '@opensqt/trading-events';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { SummarySchedule } from '../../summary/summary-schedule';
import { ALERT_POLICY } from '../model/alert-tokens';
import type { SummaryDecisions } from '../policy/decide-record';
import { notifySummary, summaryChannels } from '../policy/messages/notify-summary';
import type { AlertPolicy, PolicyContext } from '../policy/settings';
import { AlertLedger } from '../store/alert-ledger';

/** Decides the daily summary, in step with the alerts. */
@Injectable()
export class SummaryDecider implements SummaryDecisions {
  private readonly channels: readonly string[];

  constructor(
    private readonly schedule: SummarySchedule,
    private readonly ledger: AlertLedger,
    @Inject(ALERT_POLICY) policy: AlertPolicy,
    @Inject(OBSERVABILITY_OPTIONS) { alerts: { enabled, summary } }: ResolvedOptions,
  ) {
    const named = enabled ? summary.channels : undefined;
    this.channels = schedule.time === undefined ? [] : summaryChannels(policy.channels, named);
  }

  restore(): Promise<void> {
    return this.schedule.restore();
  }

  /** Forgets what was decided and may not have been recorded. */
  reset(): void {
    this.schedule.reset();
  }

  /** Passes over a record: another bot's, or one that can't be decided on. */
  skip(position: number): void {
    this.schedule.skip(position);
  }

  isDue(now: EpochMs): boolean {
    return this.schedule.isDue(now);
  }

  decide(now: EpochMs): readonly AlertEvent[] {
    return this.schedule.decide(now);
  }

  fold(record: LogRecord, context: PolicyContext): readonly AlertEvent[] {
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
