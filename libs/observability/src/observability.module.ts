import { type DynamicModule, type FactoryProvider, Module } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { EventLog } from '@opensqt/event-log';
import { AccessModule } from './access/access.module';
import { HTTP_ROUTES } from './routes/http-routes';
import { AlertsModule } from './alerts/alerts.module';
import { AlertsController } from './alerts/http/alerts.controller';
import { alertsProjection } from './alerts/model/alerts.projection';
import type { AlertsState } from './alerts/model/alerts.state';
import { CONDITIONS } from './alerts/rules/registry';
import { EventLogWatch } from './alerts/runtime/event-log-watch';
import { BreakersController } from './alerts/http/breakers.controller';
import { LOG_CHANNEL } from './alerts/policy/channel-route';
import { AlertDecider } from './alerts/runtime/alert-decider';
import { AlertingFailures } from './alerts/runtime/alerting-failures';
import { AlertService } from './alerts/runtime/alert.service';
import { LeaderElection } from './alerts/runtime/leader-election';
import { ChannelsModule } from './channels/channels.module';
import { ConsoleModule } from './console/console.module';
import { LivePrices } from './console/stream/live-prices';
import { HealthController } from './health/health.controller';
import { Evidence } from './health/evidence';
import { HealthModule } from './health/health.module';
import { healthProjection } from './health/health.projection';
import { HEALTH_SETTINGS, HEALTH_STATE, type HealthSettings } from './health/health.service';
import { HeartbeatStatus } from './heartbeat/heartbeat-status';
import { HeartbeatModule, HeartbeatStatusModule } from './heartbeat/heartbeat.module';
import { EVENT_LOG } from './ingest/event-log';
import { EventRecorder } from './ingest/event-recorder';
import { IngestModule } from './ingest/ingest.module';
import { MetricsController } from './metrics/http/metrics.controller';
import { METRICS_SOURCE } from './metrics/registry/metric-providers';
import { MetricsModule } from './metrics/metrics.module';
import { metricsProjection } from './metrics/projection/metrics.projection';
import type { AlertsOverview, MetricsSource } from './metrics/catalogue/metrics-source';
import type { ResolvedOptions } from './options/observability-options';
import {
  type AsyncRootOptions,
  type ModuleExtras,
  OBSERVABILITY_OPTIONS,
  OptionsModule,
  refuseUnknownKeys,
  resolveRoutes,
  type RootOptions,
} from './options/options.module';
import { ProjectedState } from './projections/projection';
import { REGISTRATION, refuseOtherThanOne } from './registration';
import { ExportStatus } from './otlp/export-status';
import { ExportStatusModule, OtlpModule } from './otlp/otlp.module';
import { ourController } from './routes/our-controllers';
import { RoutesModule } from './routes/routes.module';
import { RemoteControl } from './remote-control/remote-control';
import { VerdictInReminders } from './remote-control/verdict-in-reminders';
import { OWN_PROJECTIONS } from './replay/own-projections';
import { ShutdownModule } from './shutdown/shutdown.module';
import { SummaryModule } from './summary/summary.module';

const METRICS_STATE = Symbol('METRICS_STATE');

const readers = {
  live: [
    { provide: METRICS_STATE, useFactory: () => ProjectedState.of(metricsProjection) },
    { provide: HEALTH_STATE, useFactory: () => ProjectedState.of(healthProjection) },
  ] as FactoryProvider<ProjectedState<unknown>>[],
  witnesses: [
    {
      provide: Evidence,
      inject: [OBSERVABILITY_OPTIONS],
      useFactory: ({ clock, telemetry: { staleAfter } }: ResolvedOptions) =>
        new Evidence(clock, () => performance.now(), staleAfter),
    },
    { provide: LivePrices, useFactory: () => new LivePrices(() => performance.now()) },
  ] as FactoryProvider<Evidence | LivePrices>[],
  committed: OWN_PROJECTIONS,
};

/** The parts of metrics and health that come from other rooms. */
const views: FactoryProvider[] = [
  {
    provide: METRICS_SOURCE,
    inject: [
      METRICS_STATE,
      EVENT_LOG,
      EventRecorder,
      LeaderElection,
      AlertingFailures,
      EventLogWatch,
      AlertService,
      OBSERVABILITY_OPTIONS,
      HeartbeatStatus,
    ],
    useFactory:
      (
        state: ProjectedState<ReturnType<typeof metricsProjection.initial>>,
        log: EventLog,
        recorder: EventRecorder,
        election: LeaderElection,
        failures: AlertingFailures,
        watch: EventLogWatch,
        alerts: AlertService,
        { clock, version, alerts: { heartbeat } }: ResolvedOptions,
        heartbeats: HeartbeatStatus,
      ) =>
      (): MetricsSource => ({
        state: state.current,
        now: clock.now(),
        log: log.status(),
        rejections: recorder.rejections,
        alerts: overviewOf(recorder.committedView(alertsProjection), watch, alerts.channelNames),
        sendsAlerts: election.status.role === 'leader',
        alertingFailures: failures.counts(),
        version,
        ...(heartbeat.url === undefined ? {} : { heartbeat: heartbeats.counts() }),
      }),
  },
  {
    provide: HEALTH_SETTINGS,
    inject: [
      OBSERVABILITY_OPTIONS,
      AlertService,
      LeaderElection,
      AlertDecider,
      HeartbeatStatus,
      ExportStatus,
    ],
    useFactory: (
      { symbols, alerts: { heartbeat } }: ResolvedOptions,
      alerts: AlertService,
      election: LeaderElection,
      decider: AlertDecider,
      heartbeats: HeartbeatStatus,
      exported: ExportStatus,
    ): HealthSettings => ({
      symbols,
      channels: () => ({ ...alerts.channelHealth(), local: LOG_CHANNEL }),
      alerts: () =>
        alerts.failure === undefined
          ? { ...election.status, decided: decider.position }
          : { role: 'ended', reason: alerts.failure },
      heartbeat: () => (heartbeat.url === undefined ? undefined : heartbeats.report()),
      otlp: () => exported.report(),
    }),
  },
];

/** Alerts about the log itself are not in it: they are beside the others. */
function overviewOf(
  { open, pending, deadLetters }: Readonly<AlertsState>,
  watch: EventLogWatch,
  channels: readonly string[],
): AlertsOverview {
  return {
    conditions: CONDITIONS,
    channels,
    open: [...open.values(), ...watch.open],
    pending: pending.values(),
    deadLetters: deadLetters.values(),
  };
}

@Module({ providers: views, exports: views })
class ViewsModule {}

@Module({ providers: [RemoteControl, VerdictInReminders] })
class RemoteControlModule {}

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
@Module({})
export class ObservabilityModule {
  constructor(modules: ModulesContainer) {
    refuseOtherThanOne(ObservabilityModule, modules);
  }

  static forRoot({ isGlobal, imports, http, ...options }: RootOptions = {}): DynamicModule {
    const { channels = [] } = options;
    return composed(OptionsModule.forRoot(options), { isGlobal, imports, channels, http });
  }

  static forRootAsync(given: AsyncRootOptions): DynamicModule {
    refuseUnknownKeys(given);
    const { isGlobal, channels, http, ...options } = given;
    const { imports } = options;
    return composed(OptionsModule.forRootAsync(options), { isGlobal, imports, channels, http });
  }
}

type Extras = { readonly [Extra in keyof ModuleExtras]: ModuleExtras[Extra] | undefined };

/** The rooms, each with those that it may know. They are made for each registration: two share nothing. */
function composed(
  options: DynamicModule,
  { isGlobal = true, imports = [], channels = [], http }: Extras,
): DynamicModule {
  const routes = resolveRoutes(http);
  const ingest = IngestModule.feeding(readers, options);
  const access = {
    module: AccessModule,
    imports: [options],
    providers: [{ provide: HTTP_ROUTES, useValue: routes }],
  };
  const summary = { module: SummaryModule, imports: [options, ingest] };
  const alertChannels = ChannelsModule.with({ channels, imports }, options);
  const alerts = {
    module: AlertsModule,
    imports: [options, access, ingest, summary, alertChannels],
    providers: [
      ...ourController(routes.alerts, AlertsController),
      ...ourController(routes.alerts && beside(routes.alerts, 'breakers'), BreakersController),
    ],
  };
  const heartbeats = { module: HeartbeatStatusModule };
  const exported = { module: ExportStatusModule };
  const views = { module: ViewsModule, imports: [options, ingest, alerts, heartbeats, exported] };
  const metrics = {
    module: MetricsModule,
    imports: [options, access, ingest, views],
    providers: ourController(routes.metrics, MetricsController),
  };
  const otlp = { module: OtlpModule, imports: [options, ingest, views, metrics, exported] };
  const health = {
    module: HealthModule,
    imports: [access, ingest, views],
    providers: ourController(routes.health, HealthController),
  };
  const heartbeat = { module: HeartbeatModule, imports: [options, ingest, alerts, health, heartbeats] };
  const control = { module: RemoteControlModule, imports: [options, ingest, alerts, health, views] };
  const page = ConsoleModule.at(routes, [options, access, ingest, alerts, health, views]);
  const shutdown = { module: ShutdownModule, imports: [options] };
  return {
    module: ObservabilityModule,
    global: isGlobal,
    providers: [{ provide: REGISTRATION, useValue: true }],
    imports: [
      options,
      access,
      ingest,
      summary,
      alertChannels,
      alerts,
      metrics,
      otlp,
      health,
      heartbeat,
      control,
      page,
      shutdown,
      RoutesModule.with(routes, options, imports),
    ],
    exports: [access, ingest, alertChannels, alerts, metrics, health],
  };
}

/** A sibling of that path. */
function beside(path: string, name: string): string {
  return path.replace(/[^/]*$/, name);
}
