import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import type { EventLog } from '@opensqt/event-log';
import { AlertsModule } from './alerts/alerts.module';
import { alertsProjection } from './alerts/model/alerts.projection';
import { AlertService } from './alerts/runtime/alert.service';
import { LeaderElection } from './alerts/runtime/leader-election';
import { ChannelsModule } from './channels/channels.module';
import { HealthModule } from './health/health.module';
import { healthProjection } from './health/health.projection';
import { HEALTH_SETTINGS, HEALTH_STATE, type HealthSettings } from './health/health.service';
import { HeartbeatStatus } from './heartbeat/heartbeat-status';
import { HeartbeatModule, HeartbeatStatusModule } from './heartbeat/heartbeat.module';
import { EVENT_LOG } from './ingest/event-log';
import { EventRecorder } from './ingest/event-recorder';
import { IngestModule } from './ingest/ingest.module';
import { METRICS_SOURCE } from './metrics/registry/metric-providers';
import { MetricsModule } from './metrics/metrics.module';
import { metricsProjection } from './metrics/projection/metrics.projection';
import type { MetricsSource } from './metrics/catalogue/metrics-source';
import type { ResolvedOptions } from './options/observability-options';
import {
  type AsyncRootOptions,
  type ModuleExtras,
  OBSERVABILITY_OPTIONS,
  OptionsModule,
  type RootOptions,
} from './options/options.module';
import { ProjectedState } from './projections/projection';
import { summaryProjection } from './summary/summary.projection';
import { SummaryModule } from './summary/summary.module';

const METRICS_STATE = Symbol('METRICS_STATE');

const readers = {
  live: [
    { provide: METRICS_STATE, useFactory: () => ProjectedState.of(metricsProjection) },
    { provide: HEALTH_STATE, useFactory: () => ProjectedState.of(healthProjection) },
  ] as FactoryProvider<ProjectedState<unknown>>[],
  committed: [metricsProjection, healthProjection, alertsProjection, summaryProjection],
};

/** The parts of metrics and health that come from other rooms. */
const views: FactoryProvider[] = [
  {
    provide: METRICS_SOURCE,
    inject: [METRICS_STATE, EVENT_LOG, EventRecorder, LeaderElection, OBSERVABILITY_OPTIONS, HeartbeatStatus],
    useFactory:
      (
        state: ProjectedState<ReturnType<typeof metricsProjection.initial>>,
        log: EventLog,
        recorder: EventRecorder,
        election: LeaderElection,
        { clock, version, alerts: { heartbeat } }: ResolvedOptions,
        heartbeats: HeartbeatStatus,
      ) =>
      (): MetricsSource => ({
        state: state.current,
        now: clock.now(),
        log: log.status(),
        rejections: recorder.rejections,
        sendsAlerts: election.status.role === 'leader',
        version,
        ...(heartbeat.url === undefined ? {} : { heartbeat: heartbeats.counts() }),
      }),
  },
  {
    provide: HEALTH_SETTINGS,
    inject: [OBSERVABILITY_OPTIONS, AlertService, LeaderElection, HeartbeatStatus],
    useFactory: (
      { clock, telemetry: { staleAfter }, alerts: { heartbeat } }: ResolvedOptions,
      alerts: AlertService,
      election: LeaderElection,
      heartbeats: HeartbeatStatus,
    ): HealthSettings => ({
      clock,
      staleAfter,
      channels: () => alerts.channelHealth(),
      alerts: () => election.status,
      heartbeat: () => (heartbeat.url === undefined ? undefined : heartbeats.report()),
    }),
  },
];

@Module({ providers: views, exports: views })
class ViewsModule {}

/**
 * Metrics, health and alerts for whatever emits trading events. Import it and `/metrics` and `/health` are there; everything
 * else is options.
 *
 * @example
 * \@Module({
 *   imports: [EventEmitterModule.forRoot(), ObservabilityModule.forRoot({ eventLog: { kind: 'sqlite' } })],
 * })
 * export class AppModule {}
 */
@Module({ imports: [EventEmitterModule.forRoot()] })
export class ObservabilityModule {
  static forRoot({ isGlobal, imports, ...options }: RootOptions = {}): DynamicModule {
    const { channels = [] } = options;
    return composed(OptionsModule.forRoot(options), { isGlobal, imports, channels });
  }

  static forRootAsync({ isGlobal, channels, ...options }: AsyncRootOptions): DynamicModule {
    return composed(OptionsModule.forRootAsync(options), { isGlobal, imports: options.imports, channels });
  }
}

type Extras = { readonly [Extra in keyof ModuleExtras]: ModuleExtras[Extra] | undefined };

/** The rooms, each with those that it may know. They are made for each registration: two share nothing. */
function composed(
  options: DynamicModule,
  { isGlobal = true, imports = [], channels = [] }: Extras,
): DynamicModule {
  const ingest = IngestModule.feeding(readers, options);
  const summary = { module: SummaryModule, imports: [options, ingest] };
  const alertChannels = ChannelsModule.with({ channels, imports }, options);
  const alerts = { module: AlertsModule, imports: [options, ingest, summary, alertChannels] };
  const heartbeats = { module: HeartbeatStatusModule };
  const views = { module: ViewsModule, imports: [options, ingest, alerts, heartbeats] };
  const metrics = { module: MetricsModule, imports: [options, ingest, views] };
  const health = { module: HealthModule, imports: [ingest, views] };
  const heartbeat = { module: HeartbeatModule, imports: [options, ingest, alerts, health, heartbeats] };
  return {
    module: ObservabilityModule,
    global: isGlobal,
    imports: [options, ingest, summary, alertChannels, alerts, metrics, health, heartbeat],
    exports: [ingest, alertChannels, alerts, metrics],
  };
}
