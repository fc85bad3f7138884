export { type BacktestDifference, backtest } from '../alerts/diagnostics/backtest';
export { channelVerdicts } from '../alerts/diagnostics/channel-verdicts';
export { type Step, explainAlert, explainEvent } from '../alerts/diagnostics/explain';
export { alertsProjection, isAlertEvent } from '../alerts/model/alerts.projection';
export { routesOf } from '../alerts/policy/channel-routes';
export type { AlertPolicy } from '../alerts/policy/decision-context';
export type { Route } from '../alerts/policy/route';
export { BUILT_IN_RULES, CONDITIONS, rulesOf } from '../alerts/rules/registry';
export { type ChannelDefinition } from '../channels/channel-definition';
export { BUILT_IN_CHANNELS } from '../channels/registry';
export { healthProjection } from '../health/health.projection';
export { METRIC_CATALOGUE, type MetricDefinition } from '../metrics/catalogue/metric-catalogue';
export { metricsProjection } from '../metrics/projection/metrics.projection';
export { CommittedProjections, type Restored } from '../projections/committed-projections';
export { ProjectedState } from '../projections/projection';
export { ReplayError } from '../projections/replay-error';
export {
  type Codec,
  asIs,
  codecOf,
  listOf,
  mapOf,
  optional,
  recordOf,
  setOf,
} from '../projections/state-codec';
export { encodedState, stateText } from '../projections/state-text';
export { summaryProjection } from '../summary/summary.projection';
export { Rebuild, type RebuildProgress } from './rebuild';
export { type Difference, type Values, allSeries, differences, loggedSeries, metricsText } from './series';
