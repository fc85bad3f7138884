export { type ResolvedAlerts, alertsOptions, enabledChannels, unknownChannels } from './alerts.options';
export { eventLogOptions } from './event-log.options';
export type { AlertsOptions, EventLogOptions, ResolvedOptions } from './observability-options';
export { OBSERVABILITY_OPTIONS } from './options.module';
export { telemetryOptions } from './telemetry.options';
export type { QuietHours } from './routes.options';
