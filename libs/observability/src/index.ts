export { ObservabilityModule } from './observability.module';
export type * from './observability.options';
export type * from './channels/channel.options';
export { ObservabilityOptionsError, type ObservabilitySettings, settingsOf } from './observability.settings';
export { AlertLevel } from '@opensqt/trading-events';
export {
  ALERT_CHANNELS,
  type AlertChannel,
  type AlertNotification,
  type AlertPayload,
  type DeliveryReceipt,
  type EarlierMessage,
  type RateLimit,
} from './alerts/alert-channel';
export {
  AlertError,
  AlertService,
  type RaiseOptions,
  type SilenceOptions,
  type TestResult,
} from './alerts/alert.service';
export type { Alert, DeadLetter } from './alerts/alerts.state';
export { ALERT_CONDITIONS, TRADING_ENDED } from './alerts/alert-conditions';
export type { AlertRule, AlertSettings } from './alerts/alert-rule';
export { type Difference, backtest } from './alerts/backtest';
export { channelVerdicts } from './alerts/channel-verdicts';
export { routesOf } from './alerts/channel-routes';
export type { Route } from './alerts/route';
export { type Step, explainAlert, explainEvent } from './alerts/explain';
export { DeliveryError, type DeliveryErrorOptions } from './alerts/delivery-error';
export { alertsProjection, isAlertEvent } from './alerts/alerts.projection';
export { ALERT_RULES } from './alerts/rules/alert-rules';
export { AlertmanagerChannel, type AlertmanagerChannelOptions } from './channels/alertmanager.channel';
export { DiscordChannel, type DiscordChannelOptions } from './channels/discord.channel';
export { EmailChannel, type EmailChannelOptions } from './channels/email.channel';
export { LogChannel } from './channels/log.channel';
export { PagerDutyChannel, type PagerDutyChannelOptions } from './channels/pagerduty.channel';
export { SlackBotChannel, type SlackBotChannelOptions } from './channels/slack-bot.channel';
export { SlackChannel } from './channels/slack.channel';
export { TelegramChannel } from './channels/telegram.channel';
export { WebhookChannel, type WebhookChannelOptions } from './channels/webhook.channel';
export { WEBHOOK_SCHEMA, type WebhookMessage } from './channels/webhook-message';
export { healthProjection } from './health/health.projection';
export {
  CommittedProjections,
  type Restored,
  type SnapshotLogger,
  type SnapshotSchedule,
} from './intake/committed-projections';
export { EVENT_LOG, EventRecorder } from './intake/event-recorder';
export { type AnyProjection, ProjectedState, type Projection } from './intake/projection';
export { ReplayError } from './intake/replay-error';
export { type Codec, asIs, codecOf, listOf, mapOf, optional, recordOf, setOf } from './intake/state-codec';
export { encodedState, stateText } from './intake/state-text';
export type { HeartbeatMethod } from './heartbeat/ping';
export { METRIC_CATALOGUE, type MetricDefinition } from './metrics/metric-catalogue';
export { METRIC, type MetricName } from './metrics/metric-names';
export { MetricsListener } from './metrics/metrics-listener';
export { type MetricsAnswer, MetricsPage } from './metrics/metrics-page';
export { metricsProjection } from './metrics/metrics.projection';
export type { MetricsSource } from './metrics/metrics-source';
export { renderMetrics } from './metrics/render-metrics';
export { summaryProjection } from './summary/summary.projection';
