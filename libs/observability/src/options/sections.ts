export { type ResolvedAlerts, alertsOptions, enabledChannels, unknownChannels } from './alerts.options';
export { eventLogOptions } from './event-log.options';
export { telemetryOptions } from './telemetry.options';
export type { QuietHours } from './routes.options';
