import type { EventType } from '@opensqt/trading-events';
import {
  DELIVERY_LATENCY_BUCKETS,
  EXCHANGE_LATENCY_BUCKETS,
  type HistogramState,
  TICK_TO_TRADE_BUCKETS,
} from '../projection/histogram';
import { METRIC, type MetricName } from './metric-names';
import type { MetricsSource, Series } from './metrics-source';
import * as series from './metric-series';

interface MetricEntry<Type extends string, Value> {
  readonly name: MetricName;
  readonly type: Type;
  readonly labels: readonly string[];
  readonly unit: string;
  readonly help: string;
  /** The event types that it is derived from, or words for a source that is no event. */
  readonly from: readonly (
    EventType | 'the event log' | 'the boundary' | 'every event' | 'the build' | 'the heartbeat'
  )[];
  readonly series: (source: MetricsSource) => Iterable<Series<Value>>;
}

export type NumberMetric = MetricEntry<'counter' | 'gauge', number>;
export type HistogramMetric = MetricEntry<'histogram', HistogramState> & {
  readonly buckets: readonly number[];
};

/** One of our metrics: its name, its meaning, and its series as the state gives them. */
export type MetricDefinition = NumberMetric | HistogramMetric;

/** Every metric of ours, once. `/metrics`, the injectable providers and `docs/metrics.md` are made from this table. */
export const METRIC_CATALOGUE: readonly MetricDefinition[] = [
  {
    name: METRIC.pnl.realizedProfit,
    type: 'counter',
    labels: ['symbol', 'strategy'],
    unit: 'quote currency',
    help: 'Cumulative realized profit/loss: the profits. A counter cannot go down, so losses are in market_maker_pnl_realized_loss_total and the signed net is market_maker_pnl_realized. Fees not included.',
    from: ['position.changed'],
    series: series.realizedProfit,
  },
  {
    name: METRIC.pnl.realizedLoss,
    type: 'counter',
    labels: ['symbol', 'strategy'],
    unit: 'quote currency',
    help: 'Cumulative realized losses, as a positive number. Fees not included.',
    from: ['position.changed'],
    series: series.realizedLoss,
  },
  {
    name: METRIC.pnl.realizedNet,
    type: 'gauge',
    labels: ['symbol', 'strategy'],
    unit: 'quote currency',
    help: 'Realized profit minus realized loss, signed. Fees not included.',
    from: ['position.changed'],
    series: series.realizedNet,
  },
  {
    name: METRIC.pnl.unrealized,
    type: 'gauge',
    labels: ['symbol', 'strategy'],
    unit: 'quote currency',
    help: 'Current unrealized PnL based on mark price',
    from: ['position.changed', 'position.marked'],
    series: series.unrealized,
  },
  {
    name: METRIC.orders.active,
    type: 'gauge',
    labels: ['symbol', 'side'],
    unit: 'orders',
    help: 'Number of currently open orders',
    from: ['order.placed', 'order.filled', 'order.canceled', 'order.rejected'],
    series: series.ordersActive,
  },
  {
    name: METRIC.orders.placed,
    type: 'counter',
    labels: ['symbol', 'side', 'type'],
    unit: 'orders',
    help: 'Total orders placed',
    from: ['order.placed'],
    series: series.ordersPlaced,
  },
  {
    name: METRIC.orders.filled,
    type: 'counter',
    labels: ['symbol', 'side'],
    unit: 'fills',
    help: 'Total orders filled (trades)',
    from: ['order.filled'],
    series: series.ordersFilled,
  },
  {
    name: METRIC.volume,
    type: 'counter',
    labels: ['symbol'],
    unit: 'base asset',
    help: 'Total trading volume in base asset',
    from: ['order.filled'],
    series: series.volume,
  },
  {
    name: METRIC.positionSize,
    type: 'gauge',
    labels: ['symbol'],
    unit: 'base asset',
    help: 'Current position size (signed)',
    from: ['position.changed'],
    series: series.positionSize,
  },
  {
    name: METRIC.latency.exchange,
    type: 'histogram',
    labels: ['exchange', 'operation'],
    unit: 'ms',
    help: 'Latency of exchange API calls',
    from: ['exchange.call_completed'],
    buckets: EXCHANGE_LATENCY_BUCKETS,
    series: series.exchangeLatency,
  },
  {
    name: METRIC.latency.tickToTrade,
    type: 'histogram',
    labels: ['symbol'],
    unit: 'ms',
    help: 'Time from price update to order action',
    from: ['order.placed'],
    buckets: TICK_TO_TRADE_BUCKETS,
    series: series.tickToTrade,
  },
  {
    name: METRIC.risk.breakerOpen,
    type: 'gauge',
    labels: ['scope'],
    unit: '0 or 1',
    help: '1 while the circuit breaker of the scope is tripped and nothing is placed, 0 otherwise',
    from: ['circuit_breaker.tripped', 'circuit_breaker.reset'],
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
    name: METRIC.exchangeConnected,
    type: 'gauge',
    labels: ['exchange', 'stream'],
    unit: '0 or 1',
    help: '1 while the exchange stream is connected, 0 otherwise',
    from: ['symbol.started', 'exchange.disconnected', 'exchange.reconnected'],
    series: series.exchangeConnected,
  },
  {
    name: METRIC.strategyPanics,
    type: 'counter',
    labels: ['symbol', 'strategy'],
    unit: 'panics',
    help: 'Total strategy panics',
    from: ['strategy.panicked'],
    series: series.strategyPanics,
  },
  {
    name: METRIC.alerts.raised,
    type: 'counter',
    labels: ['condition', 'level'],
    unit: 'alerts',
    help: 'Total alerts raised, at the level they were raised with',
    from: ['alert.raised'],
    series: series.alertsRaised,
  },
  {
    name: METRIC.alerts.deliveries,
    type: 'counter',
    labels: ['channel', 'outcome'],
    unit: 'attempts',
    help: 'Total delivery attempts by how they ended: delivered, a kind of failure that is tried again, or abandoned for good',
    from: ['delivery.succeeded', 'delivery.failed', 'delivery.abandoned'],
    series: series.alertDeliveries,
  },
  {
    name: METRIC.alerts.deliveryLatency,
    type: 'histogram',
    labels: ['channel'],
    unit: 'ms',
    help: "Time from the alert's commit until the provider accepted it",
    from: ['delivery.succeeded'],
    buckets: DELIVERY_LATENCY_BUCKETS,
    series: series.deliveryLatency,
  },
  {
    name: METRIC.alerts.sender,
    type: 'gauge',
    labels: [],
    unit: '0 or 1',
    help: '1 in the process that decides and sends the alerts of all that share its event log, 0 in those that stand by. The sum over them is 1, except for seconds while one takes over',
    from: ['the event log'],
    series: ({ sendsAlerts }) =>
      sendsAlerts === undefined ? [] : [{ labels: {}, value: sendsAlerts ? 1 : 0 }],
  },
  {
    name: METRIC.eventLog.position,
    type: 'gauge',
    labels: [],
    unit: 'position',
    help: 'Last committed position of the event log',
    from: ['the event log'],
    series: ({ log }) => [{ labels: {}, value: log.position }],
  },
  {
    name: METRIC.eventLog.lag,
    type: 'gauge',
    labels: [],
    unit: 'ms',
    help: 'Age of the oldest event that is not yet on disk',
    from: ['the event log'],
    series: ({ log }) => [{ labels: {}, value: log.lagMs }],
  },
  {
    name: METRIC.eventLog.append,
    type: 'gauge',
    labels: [],
    unit: 'ms',
    help: 'Duration of the last commit of the event log',
    from: ['the event log'],
    series: ({ log }) => [{ labels: {}, value: log.appendMs }],
  },
  {
    name: METRIC.eventLog.queueDepth,
    type: 'gauge',
    labels: [],
    unit: 'events',
    help: 'Events that wait to be committed',
    from: ['the event log'],
    series: ({ log }) => [{ labels: {}, value: log.queueDepth }],
  },
  {
    name: METRIC.eventLog.queueCapacity,
    type: 'gauge',
    labels: [],
    unit: 'events',
    help: 'Events that may wait to be committed; placed and cancelled orders are refused from four fifths of it',
    from: ['the event log'],
    series: ({ log }) => [{ labels: {}, value: log.queueCapacity }],
  },
  {
    name: METRIC.eventLog.refused,
    type: 'counter',
    labels: [],
    unit: 'events',
    help: 'Events that the log refused because too many were waiting, since the process started; by type in market_maker_events_rejected_total',
    from: ['the event log'],
    series: ({ log }) => [{ labels: {}, value: log.refused }],
  },
  {
    name: METRIC.eventLog.writerRestarts,
    type: 'counter',
    labels: [],
    unit: 'restarts',
    help: 'How often the thread that writes the event log died and was started again, since the process started',
    from: ['the event log'],
    series: ({ log }) => [{ labels: {}, value: log.writerRestarts }],
  },
  {
    name: METRIC.eventLog.walBytes,
    type: 'gauge',
    labels: [],
    unit: 'bytes',
    help: "Size of the log's write-ahead log, which grows while a reader keeps it from being emptied",
    from: ['the event log'],
    series: ({ log }) => (log.storage === undefined ? [] : [{ labels: {}, value: log.storage.walBytes }]),
  },
  {
    name: METRIC.heartbeats,
    type: 'counter',
    labels: ['outcome'],
    unit: 'heartbeats',
    help: "Heartbeats that were due since the process started: sent to the dead-man's switch, failed to arrive there, or withheld because not all is well",
    from: ['the heartbeat'],
    series: ({ heartbeat = {} }) =>
      Object.entries(heartbeat).map(([outcome, value]) => ({ labels: { outcome }, value })),
  },
  {
    name: METRIC.eventsRejected,
    type: 'counter',
    labels: ['type', 'reason'],
    unit: 'events',
    help: 'Events refused at the boundary since the process started',
    from: ['the boundary'],
    series: series.eventsRejected,
  },
  {
    name: METRIC.eventAge,
    type: 'gauge',
    labels: ['type'],
    unit: 's',
    help: 'Time since an event of the type last occurred, on the clock that events are stamped by',
    from: ['every event'],
    series: series.eventAge,
  },
  {
    name: METRIC.buildInfo,
    type: 'gauge',
    labels: ['version', 'node'],
    unit: '1',
    help: 'Always 1; the labels say what runs',
    from: ['the build'],
    series: ({ version }) => [{ labels: { version, node: process.version }, value: 1 }],
  },
];
