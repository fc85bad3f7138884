import { Module } from '@nestjs/common';
import type { Clock, Random } from '@opensqt/trading-events';
import { ALERT_CHANNELS, type AlertChannel } from '../channels/channel';
import { hasOperators } from '../options/access.options';
import { OBSERVABILITY_OPTIONS } from '../options/options.module';
import type { ResolvedOptions } from '../options/observability-options';
import { ChannelBreakage } from './delivery/channel-breakage';
import { Dispatcher } from './delivery/dispatcher';
import { steadyClock } from './delivery/steady-clock';
import { ALERT_POLICY, JITTER, WALL_CLOCK } from './model/alert-tokens';
import { routesOf } from './policy/channel-routes';
import type { AlertPolicy } from './policy/settings';
import { rulesOf } from './rules/registry';
import { ChannelTests } from './rehearsal/channel-tests';
import { Drills } from './rehearsal/drills';
import { AlertingFailures } from './runtime/alerting-failures';
import { AlertDecider } from './runtime/alert-decider';
import { AlertService } from './runtime/alert.service';
import { EventLogWatch } from './runtime/event-log-watch';
import { LeaderElection } from './runtime/leader-election';
import { RuleMemoryStore } from './runtime/rule-memory-store';
import { SummaryDecider } from './runtime/summary-decider';
import { AlertLedger } from './store/alert-ledger';

/** Decides alerts from the log, delivers them, and answers operators. Imports the options, the access, the ingest, the channels and the summary. */
@Module({
  providers: [
    {
      provide: ALERT_POLICY,
      inject: [OBSERVABILITY_OPTIONS, ALERT_CHANNELS],
      useFactory: (options: ResolvedOptions, channels: readonly AlertChannel[]): AlertPolicy => {
        const { name: bot, alerts, breakers, rules } = options;
        const canReset = breakers !== undefined && hasOperators(options);
        return {
          bot,
          rules: rulesOf({ ...alerts, canReset }, rules),
          settings: alerts,
          channels: routesOf(channels, alerts.enabled ? alerts.routes : []),
        };
      },
    },
    { provide: WALL_CLOCK, useFactory: steadyClock },
    { provide: JITTER, useValue: Math.random },
    AlertLedger,
    AlertingFailures,
    SummaryDecider,
    RuleMemoryStore,
    AlertDecider,
    {
      provide: Dispatcher,
      inject: [
        ALERT_CHANNELS,
        AlertLedger,
        ALERT_POLICY,
        OBSERVABILITY_OPTIONS,
        WALL_CLOCK,
        JITTER,
        AlertingFailures,
      ],
      useFactory: (
        channels: readonly AlertChannel[],
        ledger: AlertLedger,
        policy: AlertPolicy,
        options: ResolvedOptions,
        clock: Clock,
        random: Random,
        failures: AlertingFailures,
      ) => {
        const { clock: decisionClock, alerts: settings } = options;
        return new Dispatcher({
          ...{ channels, ledger, clock, decisionClock, random, settings },
          acknowledgeable: hasOperators(options),
          breakage: new ChannelBreakage(policy, decisionClock, clock, settings.command),
          onFailure: (failure) => failures.report(failure),
        });
      },
    },
    LeaderElection,
    ChannelTests,
    Drills,
    AlertService,
    EventLogWatch,
  ],
  exports: [
    ALERT_POLICY,
    AlertService,
    AlertDecider,
    AlertingFailures,
    ChannelTests,
    Dispatcher,
    EventLogWatch,
    LeaderElection,
    WALL_CLOCK,
  ],
})
export class AlertsModule {}
