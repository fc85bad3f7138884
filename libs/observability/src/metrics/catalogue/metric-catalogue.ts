import { ALERT_METRICS } from './alert-metrics';
import type { MetricDefinition } from './metric-definition';
import { ORDER_METRICS } from './order-metrics';
import { POSITION_METRICS } from './position-metrics';
import { PROCESS_METRICS } from './process-metrics';
import { RISK_METRICS } from './risk-metrics';

/** Every metric of ours, once. `/metrics`, the injectable providers and `docs/metrics.md` are made from this table. */
export const METRIC_CATALOGUE: readonly MetricDefinition[] = [
  ...POSITION_METRICS,
  ...ORDER_METRICS,
  ...RISK_METRICS,
  ...ALERT_METRICS,
  ...PROCESS_METRICS,
];
