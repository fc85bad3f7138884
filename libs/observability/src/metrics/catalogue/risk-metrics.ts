import { EXCHANGE_CALL_BOUNDS } from '@opensqt/trading-events';
import type { MetricDefinition } from './metric-definition';
import { METRIC } from './metric-names';
import * as series from './risk-series';

/** The metrics of risk and of the exchange. */
export const RISK_METRICS: readonly MetricDefinition[] = [
  {
    name: METRIC.risk.breakerOpen,
    type: 'gauge',
    labels: ['scope'],
    unit: '0 or 1',
    help: '1 while the circuit breaker of the scope is tripped and nothing is placed, 0 otherwise',
    from: ['symbol.started', 'circuit_breaker.tripped', 'circuit_breaker.reset'],
    series: series.breakerOpen,
  },
  {
    name: METRIC.risk.limitBreached,
    type: 'gauge',
    labels: ['scope', 'limit'],
    unit: '0 or 1',
    help: '1 while the risk limit is exceeded, 0 otherwise',
    from: ['risk.limit_breached', 'risk.limit_cleared'],
    series: series.limitBreached,
  },
  {
    name: METRIC.risk.limitValue,
    type: 'gauge',
    labels: ['scope', 'limit'],
    unit: "the limit's",
    help: 'Value that is measured against the limit, as of its last sample',
    from: ['risk.sampled', 'risk.limit_breached', 'risk.limit_cleared'],
    series: series.limitValue,
  },
  {
    name: METRIC.risk.limitThreshold,
    type: 'gauge',
    labels: ['scope', 'limit'],
    unit: "the limit's",
    help: 'Threshold of the limit',
    from: ['risk.sampled', 'risk.limit_breached', 'risk.limit_cleared'],
    series: series.limitThreshold,
  },
  {
    name: METRIC.risk.drawdown,
    type: 'gauge',
    labels: ['scope'],
    unit: 'quote currency',
    help: 'Fall of the profit from its peak, fees deducted: the value of the limit max_drawdown',
    from: ['risk.sampled', 'risk.limit_breached', 'risk.limit_cleared'],
    series: series.drawdown,
  },
  {
    name: METRIC.exchangeConnected,
    type: 'gauge',
    labels: ['exchange', 'stream'],
    unit: '0 or 1',
    help: '1 while the exchange stream is connected, 0 otherwise',
    from: ['symbol.started', 'exchange.disconnected', 'exchange.reconnected'],
    series: series.exchangeConnected,
  },
  {
    name: METRIC.exchangeCalls,
    type: 'counter',
    labels: ['exchange', 'outcome'],
    unit: 'calls',
    help: 'Calls to the exchange that came back or failed to, by how they ended',
    from: ['exchange.call_completed', 'exchange.sampled'],
    series: series.exchangeCalls,
  },
  {
    name: METRIC.latency.exchange,
    type: 'histogram',
    labels: ['exchange', 'operation'],
    unit: 'ms',
    help: 'Latency of exchange API calls',
    from: ['exchange.call_completed', 'exchange.sampled'],
    buckets: EXCHANGE_CALL_BOUNDS,
    series: series.exchangeLatency,
  },
];
