export { backtest } from '../alerts/diagnostics/backtest';
export type { BacktestDifference } from '../alerts/diagnostics/decided';
export { channelVerdicts } from '../alerts/diagnostics/channel-verdicts';
export { type Step, explainAlert, explainEvent } from '../alerts/diagnostics/explain';
export { IdPrefixError, idByPrefix } from '../alerts/model/id-prefix';
export { alertsProjection, isAlertEvent } from '../alerts/model/alerts.projection';
export { routesOf } from '../alerts/policy/channel-routes';
export type { Channel } from '../alerts/policy/channel-route';
export { MatcherError, matcherText, parseMatchers } from '../alerts/policy/stages/matchers';
export type { AlertPolicy } from '../alerts/policy/settings';
export { ALERT_CONDITIONS, BUILT_IN_RULES, CONDITIONS, rulesOf } from '../alerts/rules/registry';
export { PastFold } from '../console/past/past-fold';
export { healthProjection } from '../health/health.projection';
export { METRIC } from '../metrics/catalogue/metric-names';
export { METRIC_CATALOGUE } from '../metrics/catalogue/metric-catalogue';
export { CANCEL_REASONS, MAX_CODES, REJECT_REASONS } from '../metrics/projection/reason-codes';
export type { MetricDefinition } from '../metrics/catalogue/metric-definition';
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
export { OWN_PROJECTIONS } from './own-projections';
export { ownRecords } from './own-records';
export { Rebuild, type RebuildProgress } from './rebuild';
export { type Difference, type Values, allSeries, differences, loggedSeries, metricsText } from './series';
