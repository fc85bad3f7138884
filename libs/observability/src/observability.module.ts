import { Logger, Module, type Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { TerminusModule } from '@nestjs/terminus';
import { type EventLog, openEventLog } from '@opensqt/event-log';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { ALERT_CHANNELS, type AlertChannel } from './channels/channel';
import { AlertDecider } from './alerts/runtime/alert-decider';
import { LeaderElection } from './alerts/runtime/leader-election';
import { AlertLedger } from './alerts/store/alert-ledger';
import { AlertService } from './alerts/runtime/alert.service';
import { ALERT_ROUTES, DECISION_CLOCK, JITTER, WALL_CLOCK } from './alerts/model/alert-tokens';
import { AlertsController } from './alerts/http/alerts.controller';
import { OperatorGuard } from './alerts/http/operator.guard';
import { routesOf } from './alerts/policy/channel-routes';
import { type SummaryPlan, summaryChannels } from './alerts/policy/decide-summary';
import type { Route } from './alerts/policy/route';
import { SUMMARY_PLAN, SummaryLedger } from './alerts/store/summary-ledger';
import { alertsProjection } from './alerts/model/alerts.projection';
import { ChannelBreakage } from './alerts/delivery/channel-breakage';
import { Dispatcher } from './alerts/delivery/dispatcher';
import { steadyClock } from './alerts/delivery/steady-clock';
import { EventLogWatch } from './alerts/runtime/event-log-watch';
import { RUNBOOK_LINKS, runbookLinks } from './alerts/model/runbook';
import { makeChannels } from './channels/registry';
import { HealthController } from './health/health.controller';
import { healthProjection } from './health/health.projection';
import { HEALTH_SETTINGS, HEALTH_STATE, HealthService, type HealthSettings } from './health/health.service';
import { HeartbeatService } from './heartbeat/heartbeat.service';
import { HeartbeatStatus } from './heartbeat/heartbeat-status';
import { CommittedProjections } from './projections/committed-projections';
import { DeferredEventLog, EVENT_LOG } from './ingest/event-log';
import { EventListener } from './ingest/event-listener';
import { EventRecorder, KNOWN_SYMBOLS } from './ingest/event-recorder';
import { Ingest } from './ingest/ingest';
import { LogRestore, SNAPSHOT_SCHEDULE } from './ingest/log-restore';
import { LiveProjections } from './projections/live-projections';
import { LiveStateStore } from './projections/live-state-store';
import { ProjectedState } from './projections/projection';
import { metricProviders, METRICS_SOURCE, metricTokens } from './metrics/registry/metric-providers';
import { MetricsController } from './metrics/http/metrics.controller';
import { METRICS_ADDRESS, MetricsListener } from './metrics/http/metrics-listener';
import { METRICS_ON_APPLICATION, MetricsPage } from './metrics/http/metrics-page';
import { metricsProjection } from './metrics/projection/metrics.projection';
import type { MetricsSource } from './metrics/catalogue/metrics-source';
import { OpenTelemetryMetrics } from './metrics/registry/open-telemetry';
import { ConfigurableModuleClass, OBSERVABILITY_OPTIONS, resolvedOptions } from './options/module-definition';
import type { ResolvedOptions } from './options/observability-options';
import { summaryProjection } from './summary/summary.projection';

const METRICS_STATE = Symbol('METRICS_STATE');

/** Provides a part of the options. */
function option(provide: symbol, read: (options: ResolvedOptions) => unknown): Provider {
  return { provide, inject: [OBSERVABILITY_OPTIONS], useFactory: read };
}

const options: Provider[] = [
  resolvedOptions,
  option(KNOWN_SYMBOLS, ({ symbols }) => symbols),
  option(METRICS_ADDRESS, ({ telemetry: { metricsEnabled, metricsHost, metricsPort } }) =>
    metricsEnabled && metricsPort !== undefined ? { host: metricsHost, port: metricsPort } : undefined,
  ),
  option(
    METRICS_ON_APPLICATION,
    ({ telemetry: { metricsEnabled, metricsPort } }) => metricsEnabled && metricsPort === undefined,
  ),
  option(RUNBOOK_LINKS, ({ alerts: { runbookBaseUrl } }) => runbookLinks(runbookBaseUrl)),
  option(DECISION_CLOCK, ({ clock }) => clock),
  { provide: WALL_CLOCK, useFactory: steadyClock },
  { provide: JITTER, useValue: Math.random },
];

const ingest: Provider[] = [
  option(EVENT_LOG, ({ eventLog }) => new DeferredEventLog(() => openEventLog(eventLog))),
  {
    provide: LiveProjections,
    inject: [METRICS_STATE, HEALTH_STATE],
    useFactory: (...states: ProjectedState<unknown>[]) => new LiveProjections(states, new Logger('Events')),
  },
  {
    provide: LiveStateStore,
    inject: [EVENT_LOG, OBSERVABILITY_OPTIONS],
    useFactory: (log: EventLog, { eventLog }: ResolvedOptions) =>
      new LiveStateStore(log, eventLog.writer, new Logger('Snapshots')),
  },
  option(SNAPSHOT_SCHEDULE, ({ eventLog: { kind, snapshotEvents: events, snapshotInterval: intervalMs } }) =>
    kind === 'memory' ? undefined : { events, intervalMs },
  ),
  {
    provide: CommittedProjections,
    inject: [EVENT_LOG, OBSERVABILITY_OPTIONS],
    useFactory: (log: EventLog, { projections }: ResolvedOptions) =>
      new CommittedProjections(
        [metricsProjection, healthProjection, alertsProjection, summaryProjection, ...projections],
        log,
        new Logger('Snapshots'),
      ),
  },
  EventListener,
  LogRestore,
  EventRecorder,
  Ingest,
];

const metrics: Provider[] = [
  { provide: METRICS_STATE, useFactory: () => ProjectedState.of(metricsProjection) },
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
  ...metricProviders,
  OpenTelemetryMetrics,
  MetricsPage,
  MetricsListener,
];

const health: Provider[] = [
  { provide: HEALTH_STATE, useFactory: () => ProjectedState.of(healthProjection) },
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
  HealthService,
  HeartbeatStatus,
  HeartbeatService,
];

const alerts: Provider[] = [
  {
    provide: ALERT_CHANNELS,
    inject: [OBSERVABILITY_OPTIONS, ModuleRef],
    useFactory: async (
      { alerts, channels }: ResolvedOptions,
      modules: ModuleRef,
    ): Promise<readonly AlertChannel[]> => {
      const own = await Promise.all(channels.map((channel) => modules.create(channel)));
      return makeChannels(alerts, own);
    },
  },
  {
    provide: ALERT_ROUTES,
    inject: [ALERT_CHANNELS, OBSERVABILITY_OPTIONS],
    useFactory: (channels: readonly AlertChannel[], { alerts: { routes, enabled } }: ResolvedOptions) =>
      routesOf(channels, enabled ? routes : []),
  },
  {
    provide: SUMMARY_PLAN,
    inject: [ALERT_ROUTES, OBSERVABILITY_OPTIONS],
    useFactory: (
      routes: readonly Route[],
      { alerts: { enabled, summary } }: ResolvedOptions,
    ): SummaryPlan | undefined =>
      summary.at === undefined
        ? undefined
        : {
            at: summary.at,
            timeZone: summary.timezone,
            channels: summaryChannels(routes, enabled ? summary.channels : undefined),
          },
  },
  AlertLedger,
  SummaryLedger,
  AlertDecider,
  ChannelBreakage,
  Dispatcher,
  LeaderElection,
  AlertService,
  EventLogWatch,
  OperatorGuard,
];

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
@Module({
  imports: [
    EventEmitterModule.forRoot(),
    TerminusModule.forRoot({ logger: false }),
    PrometheusModule.register({
      controller: MetricsController,
      defaultMetrics: { enabled: false, config: {} },
    }),
  ],
  controllers: [HealthController, AlertsController],
  providers: [...options, ...ingest, ...metrics, ...health, ...alerts],
  exports: [
    AlertService,
    ALERT_CHANNELS,
    EVENT_LOG,
    EventRecorder,
    MetricsPage,
    MetricsListener,
    ...metricTokens,
  ],
})
export class ObservabilityModule extends ConfigurableModuleClass {}
