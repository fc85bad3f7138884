export type { ChannelDefinition } from '../channels/channel-definition';
export { BUILT_IN_CHANNELS } from '../channels/registry';
export {
  hasOperators,
  publicOption,
  sharedTokens,
  tokenOption,
  tokensOf,
  tokensOption,
  trustedProxiesOption,
  allowedHostsOption,
} from './access.options';
export { type ResolvedAlerts, alertsSection, enabledChannels, unknownChannels } from './alerts.options';
export { eventLogOptions } from './event-log.options';
export { consoleOptions } from './console.options';
export type { AlertsOptions, EventLogOptions, ResolvedOptions } from './observability-options';
export { nameOption, writerOf } from './name.options';
export { OBSERVABILITY_OPTIONS } from './options.module';
export { telemetryOptions } from './telemetry.options';
export type { QuietHours } from '../alerts/policy/stages/quiet-hours';
export type { WrittenMatchers } from '../alerts/policy/stages/matchers';
