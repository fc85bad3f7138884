export { AlertLevel } from '@opensqt/trading-events';
export { ObservabilityModule } from './observability.module';
export { ObservabilityImportError } from './registration';
export { RouteClashError } from './routes/route-clashes';
export { type CreateOptions, type Observability, createObservability } from './create-observability';
export { type ObservabilityOptions, ObservabilityOptionsError } from './options/observability-options';
export {
  ALERT_CHANNELS,
  type AlertChannel,
  type AlertNotification,
  type AlertPayload,
  type DeliveryReceipt,
  type RateLimit,
} from './channels/channel';
export { DeliveryError } from './channels/delivery-error';
export { AlertmanagerChannel } from './channels/alertmanager/alertmanager.channel';
export { DiscordChannel } from './channels/discord/discord.channel';
export { EmailChannel } from './channels/email/email.channel';
export { LogChannel } from './channels/log/log.channel';
export { NtfyChannel } from './channels/ntfy/ntfy.channel';
export { PagerDutyChannel } from './channels/pagerduty/pagerduty.channel';
export { SlackChannel } from './channels/slack/slack.channel';
export { TelegramChannel } from './channels/telegram/telegram.channel';
export { WebhookChannel } from './channels/webhook/webhook.channel';
export { WEBHOOK_SCHEMA, type WebhookMessage } from './channels/webhook/webhook-message';
export {
  AlertError,
  type RaiseOptions,
  type SilenceOptions,
  type TestResult,
} from './alerts/runtime/alert-requests';
export type { DrillAlert, DrillAnswer, DrillReport } from './alerts/rehearsal/drill-report';
export { AlertService } from './alerts/runtime/alert.service';
export type { Alert, DeadLetter } from './alerts/model/alerts.state';
export type { AlertRule, RuleMemory, RuleVerdict } from './alerts/rules/alert-rule';
export { TRADING_ENDED } from './alerts/rules/other-conditions';
export type { BreakerPort, BreakerReset, BreakerResetResult } from './options/breaker-port';
export { boundConnections } from './access/bound-connections';
export { Access } from './access/access';
export { surviveBrokenOutput } from './channels/log/survive-broken-output';
export { type Client, isLoopback } from './access/client';
export { hostName, isCrossSite, isKnownHost } from './access/foreign-requests';
export { EVENT_LOG, InjectEventLog } from './ingest/event-log';
export { EventRecorder } from './ingest/event-recorder';
export type { HealthReport } from './health/health-report';
export { HealthService } from './health/health.service';
export { TradingEvents } from './ingest/trading-events';
export { METRIC, type MetricName } from './metrics/catalogue/metric-names';
export { MetricsListener } from './metrics/http/metrics-listener';
export { type MetricsAnswer, MetricsPage } from './metrics/http/metrics-page';
export type { AnyProjection, Projection } from './projections/projection';
