import { Module } from '@nestjs/common';
import { ALERT_CHANNELS, type AlertChannel } from '../channels/channel';
import { OBSERVABILITY_OPTIONS } from '../options/options.module';
import type { ResolvedOptions } from '../options/observability-options';
import { ChannelBreakage } from './delivery/channel-breakage';
import { Dispatcher } from './delivery/dispatcher';
import { steadyClock } from './delivery/steady-clock';
import { AlertsController } from './http/alerts.controller';
import { OperatorGuard } from './http/operator.guard';
import { ALERT_POLICY, JITTER, WALL_CLOCK } from './model/alert-tokens';
import { routesOf } from './policy/channel-routes';
import type { AlertPolicy } from './policy/decision-context';
import { rulesOf } from './rules/registry';
import { AlertDecider } from './runtime/alert-decider';
import { AlertService } from './runtime/alert.service';
import { EventLogWatch } from './runtime/event-log-watch';
import { LeaderElection } from './runtime/leader-election';
import { SummaryDecider } from './runtime/summary-decider';
import { AlertLedger } from './store/alert-ledger';

/** Decides alerts from the log, delivers them, and answers operators. Imports the options, the ingest, the channels and the summary. */
@Module({
  controllers: [AlertsController],
  providers: [
    {
      provide: ALERT_POLICY,
      inject: [OBSERVABILITY_OPTIONS, ALERT_CHANNELS],
      useFactory: ({ alerts, rules }: ResolvedOptions, channels: readonly AlertChannel[]): AlertPolicy => ({
        rules: rulesOf(alerts, rules),
        settings: alerts,
        routes: routesOf(channels, alerts.enabled ? alerts.routes : []),
      }),
    },
    { provide: WALL_CLOCK, useFactory: steadyClock },
    { provide: JITTER, useValue: Math.random },
    AlertLedger,
    SummaryDecider,
    AlertDecider,
    ChannelBreakage,
    Dispatcher,
    LeaderElection,
    AlertService,
    EventLogWatch,
    OperatorGuard,
  ],
  exports: [AlertService, LeaderElection, WALL_CLOCK],
})
export class AlertsModule {}
