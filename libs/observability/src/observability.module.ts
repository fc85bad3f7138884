import { Logger, Module, type Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { TerminusModule } from '@nestjs/terminus';
import { type EventLog, openEventLog } from '@opensqt/event-log';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { ALERT_CHANNELS, type AlertChannel } from './channels/channel';
import { AlertDecider } from './alerts/runtime/alert-decider';
import { AlertDuty } from './alerts/runtime/alert-duty';
import { AlertLedger } from './alerts/store/alert-ledger';
import { AlertService } from './alerts/runtime/alert.service';
import {
  ALERT_ROUTES,
  ALERT_SETTINGS,
  API_TOKEN,
  DECISION_CLOCK,
  JITTER,
  RETRY_LIMITS,
  WALL_CLOCK,
} from './alerts/model/alert-tokens';
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
import { HEARTBEAT_SETTINGS, HeartbeatService } from './heartbeat/heartbeat.service';
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
import { ConfigurableModuleClass, OBSERVABILITY_OPTIONS } from './options/module-definition';
import type { ObservabilityOptions } from './options/observability.options';
import { type ObservabilitySettings, settingsOf } from './options/observability.settings';
import { summaryProjection } from './summary/summary.projection';

const SETTINGS = Symbol('OBSERVABILITY_SETTINGS');
const METRICS_STATE = Symbol('METRICS_STATE');

/** Reads one of the settings. */
function setting(provide: symbol, read: (settings: ObservabilitySettings) => unknown): Provider {
  return { provide, inject: [SETTINGS], useFactory: read };
}

const settings: Provider[] = [
  { provide: SETTINGS, inject: [OBSERVABILITY_OPTIONS], useFactory: settingsOf },
  {
    provide: KNOWN_SYMBOLS,
    inject: [OBSERVABILITY_OPTIONS],
    useFactory: ({ symbols }: ObservabilityOptions) => symbols,
  },
  {
    provide: API_TOKEN,
    inject: [OBSERVABILITY_OPTIONS],
    useFactory: ({ apiToken }: ObservabilityOptions) => apiToken,
  },
  setting(METRICS_ADDRESS, ({ metrics }) => metrics.address),
  setting(METRICS_ON_APPLICATION, ({ metrics }) => metrics.onApplication),
  setting(ALERT_SETTINGS, ({ alerts }) => alerts),
  setting(RUNBOOK_LINKS, ({ runbookBaseUrl }) => runbookLinks(runbookBaseUrl)),
  setting(HEARTBEAT_SETTINGS, ({ heartbeat }) => heartbeat),
  setting(DECISION_CLOCK, ({ clock }) => clock),
  { provide: WALL_CLOCK, useFactory: steadyClock },
  setting(RETRY_LIMITS, ({ retry }) => retry),
  { provide: JITTER, useValue: Math.random },
];

const ingest: Provider[] = [
  setting(EVENT_LOG, ({ eventLog }) => new DeferredEventLog(() => openEventLog(eventLog))),
  {
    provide: LiveProjections,
    inject: [METRICS_STATE, HEALTH_STATE],
    useFactory: (...states: ProjectedState<unknown>[]) => new LiveProjections(states, new Logger('Events')),
  },
  {
    provide: LiveStateStore,
    inject: [EVENT_LOG, SETTINGS],
    useFactory: (log: EventLog, { eventLog }: ObservabilitySettings) =>
      new LiveStateStore(log, eventLog.writer, new Logger('Snapshots')),
  },
  setting(SNAPSHOT_SCHEDULE, ({ snapshots }) => snapshots),
  {
    provide: CommittedProjections,
    inject: [EVENT_LOG, OBSERVABILITY_OPTIONS],
    useFactory: (log: EventLog, { projections = [] }: ObservabilityOptions) =>
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
    inject: [METRICS_STATE, EVENT_LOG, EventRecorder, AlertDuty, SETTINGS, HeartbeatStatus],
    useFactory:
      (
        state: ProjectedState<ReturnType<typeof metricsProjection.initial>>,
        log: EventLog,
        recorder: EventRecorder,
        duty: AlertDuty,
        { clock, version, heartbeat }: ObservabilitySettings,
        heartbeats: HeartbeatStatus,
      ) =>
      (): MetricsSource => ({
        state: state.current,
        now: clock.now(),
        log: log.status(),
        rejections: recorder.rejections,
        sendsAlerts: duty.status.duty === 'sends',
        version,
        ...(heartbeat === undefined ? {} : { heartbeat: heartbeats.counts() }),
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
    inject: [SETTINGS, AlertService, AlertDuty, HeartbeatStatus],
    useFactory: (
      { clock, staleAfter, heartbeat }: ObservabilitySettings,
      alerts: AlertService,
      duty: AlertDuty,
      heartbeats: HeartbeatStatus,
    ): HealthSettings => ({
      clock,
      staleAfter,
      channels: () => alerts.channelHealth(),
      alerts: () => duty.status,
      heartbeat: () => (heartbeat === undefined ? undefined : heartbeats.report()),
    }),
  },
  HealthService,
  HeartbeatStatus,
  HeartbeatService,
];

const alerts: Provider[] = [
  {
    provide: ALERT_CHANNELS,
    inject: [SETTINGS, OBSERVABILITY_OPTIONS, ModuleRef],
    useFactory: async (
      { alertsEnabled, slack, telegram, furtherChannels }: ObservabilitySettings,
      { channels = [] }: ObservabilityOptions,
      modules: ModuleRef,
    ): Promise<readonly AlertChannel[]> => {
      const own = await Promise.all(channels.map((channel) => modules.create(channel)));
      return makeChannels({ enabled: alertsEnabled, slack, telegram, ...furtherChannels, own });
    },
  },
  {
    provide: ALERT_ROUTES,
    inject: [ALERT_CHANNELS, SETTINGS],
    useFactory: (channels: readonly AlertChannel[], { routes, alertsEnabled }: ObservabilitySettings) =>
      routesOf(channels, alertsEnabled ? routes : []),
  },
  {
    provide: SUMMARY_PLAN,
    inject: [ALERT_ROUTES, SETTINGS],
    useFactory: (
      routes: readonly Route[],
      { summary, alertsEnabled }: ObservabilitySettings,
    ): SummaryPlan | undefined =>
      summary && {
        ...summary,
        channels: summaryChannels(routes, alertsEnabled ? summary.channels : undefined),
      },
  },
  AlertLedger,
  SummaryLedger,
  AlertDecider,
  ChannelBreakage,
  Dispatcher,
  AlertDuty,
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
  providers: [...settings, ...ingest, ...metrics, ...health, ...alerts],
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
