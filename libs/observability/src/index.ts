export { ObservabilityModule } from './observability.module';
export { OBSERVABILITY_OPTIONS } from './options/module-definition';
export {
  type AlertsOptions,
  type EventLogOptions,
  type ObservabilityOptions,
  ObservabilityOptionsError,
  type ResolvedOptions,
} from './options/observability-options';
export { AlertLevel } from '@opensqt/trading-events';
export {
  ALERT_CHANNELS,
  type AlertChannel,
  type AlertNotification,
  type AlertPayload,
  type DeliveryReceipt,
  type EarlierMessage,
  type RateLimit,
} from './channels/channel';
export {
  AlertError,
  AlertService,
  type RaiseOptions,
  type SilenceOptions,
  type TestResult,
} from './alerts/runtime/alert.service';
export type { Alert, DeadLetter } from './alerts/model/alerts.state';
export { ALERT_CONDITIONS, TRADING_ENDED } from './alerts/rules/alert-conditions';
export type { AlertRule } from './alerts/rules/alert-rule';
export { type Difference, backtest } from './alerts/diagnostics/backtest';
export { channelVerdicts } from './alerts/diagnostics/channel-verdicts';
export { routesOf } from './alerts/policy/channel-routes';
export type { AlertPolicy } from './alerts/policy/decision-context';
export type { Route } from './alerts/policy/route';
export { type Step, explainAlert, explainEvent } from './alerts/diagnostics/explain';
export { DeliveryError, type DeliveryErrorOptions } from './channels/delivery-error';
export { alertsProjection, isAlertEvent } from './alerts/model/alerts.projection';
export { ALERT_RULES } from './alerts/rules/alert-rules';
export {
  AlertmanagerChannel,
  type AlertmanagerChannelOptions,
} from './channels/alertmanager/alertmanager.channel';
export { DiscordChannel, type DiscordChannelOptions } from './channels/discord/discord.channel';
export { EmailChannel, type EmailChannelOptions } from './channels/email/email.channel';
export { LogChannel } from './channels/log/log.channel';
export { PagerDutyChannel, type PagerDutyChannelOptions } from './channels/pagerduty/pagerduty.channel';
export { SlackBotChannel, type SlackBotChannelOptions } from './channels/slack/slack-bot.channel';
export { SlackChannel } from './channels/slack/slack.channel';
export { TelegramChannel } from './channels/telegram/telegram.channel';
export { WebhookChannel, type WebhookChannelOptions } from './channels/webhook/webhook.channel';
export { WEBHOOK_SCHEMA, type WebhookMessage } from './channels/webhook/webhook-message';
export { healthProjection } from './health/health.projection';
export {
  CommittedProjections,
  type Restored,
  type SnapshotLogger,
  type SnapshotSchedule,
} from './projections/committed-projections';
export { EVENT_LOG, InjectEventLog } from './ingest/event-log';
export { EventRecorder } from './ingest/event-recorder';
export { type AnyProjection, ProjectedState, type Projection } from './projections/projection';
export { ReplayError } from './projections/replay-error';
export {
  type Codec,
  asIs,
  codecOf,
  listOf,
  mapOf,
  optional,
  recordOf,
  setOf,
} from './projections/state-codec';
export { encodedState, stateText } from './projections/state-text';
export type { HeartbeatMethod } from './heartbeat/ping';
export { METRIC_CATALOGUE, type MetricDefinition } from './metrics/catalogue/metric-catalogue';
export { METRIC, type MetricName } from './metrics/catalogue/metric-names';
export { MetricsListener } from './metrics/http/metrics-listener';
export { type MetricsAnswer, MetricsPage } from './metrics/http/metrics-page';
export { metricsProjection } from './metrics/projection/metrics.projection';
export type { MetricsSource } from './metrics/catalogue/metrics-source';
export { renderMetrics } from './metrics/text/render-metrics';
export { summaryProjection } from './summary/summary.projection';
