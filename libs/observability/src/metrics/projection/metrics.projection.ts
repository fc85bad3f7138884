import {
  EVENT_TYPES,
  type Fact,
  type OrderFilled,
  type OrderPlaced,
  type PositionChanged,
  assertNever,
} from '@opensqt/trading-events';
import type { Projection } from '../../projections/projection';
import { liveMetrics, metricsCodec } from './metrics.codec';
import {
  DELIVERY_LATENCY_BUCKETS,
  EXCHANGE_LATENCY_BUCKETS,
  TICK_TO_TRADE_BUCKETS,
  histogram,
  observe,
} from './histogram';
import {
  type MetricsState,
  type SymbolMetrics,
  countOne,
  entryOf,
  initialMetrics,
  strategyMetrics,
  symbolMetrics,
} from './metrics.state';

/**
 * Beyond so many open orders of a symbol, the longest open one is forgotten: a source that never closes any must not eat the
 * memory. Ten times what Binance allows (MAX_NUM_ORDERS, 200 per symbol).
 */
const MAX_OPEN_ORDERS = 2_000;

/** The metrics, folded from the events. */
export const metricsProjection: Projection<MetricsState> = {
  name: 'metrics',
  version: 3,
  handles: EVENT_TYPES,
  initial: initialMetrics,
  evolve,
  ...metricsCodec,
  live: liveMetrics,
};

function evolve(state: MetricsState, event: Fact): MetricsState {
  const last = state.lastOccurred.get(event.type);
  if (last === undefined) state.lastOccurred.set(event.type, { at: event.occurredAt });
  else last.at = event.occurredAt;
  switch (event.type) {
    case 'symbol.started':
      connect(state, event.data.exchange);
      symbolMetrics(state, event.data.symbol).shown = true;
      break;
    case 'symbol.stopped':
      symbolMetrics(state, event.data.symbol).shown = event.data.reason === 'process_exit';
      break;
    case 'strategy.panicked':
      strategyMetrics(symbolMetrics(state, event.data.symbol), event.data.strategy).panics += 1;
      break;
    case 'exchange.disconnected':
      entryOf(state.connections, event.data.exchange, () => new Map()).set(event.data.stream, false);
      break;
    case 'exchange.reconnected':
      entryOf(state.connections, event.data.exchange, () => new Map()).set(event.data.stream, true);
      break;
    case 'risk.limit_breached':
    case 'risk.limit_cleared':
      entryOf(state.limits, event.data.scope, () => new Map()).set(
        event.data.limit,
        event.type === 'risk.limit_breached',
      );
      break;
    case 'circuit_breaker.tripped':
    case 'circuit_breaker.reset':
      state.breakers.set(event.data.scope, event.type === 'circuit_breaker.tripped');
      break;
    case 'order.placed':
      place(state, event.data);
      break;
    case 'order.filled':
      fill(state, event.data);
      break;
    case 'order.canceled':
    case 'order.rejected':
      closeOrder(symbolMetrics(state, event.data.symbol), event.data.orderId);
      break;
    case 'position.changed':
      changePosition(state, event.data);
      break;
    case 'position.marked':
      strategyMetrics(symbolMetrics(state, event.data.symbol), event.data.strategy).unrealized =
        event.data.unrealizedPnl;
      break;
    case 'exchange.call_completed': {
      const operations = entryOf(state.calls, event.data.exchange, () => new Map());
      observe(
        entryOf(operations, event.data.operation, () => histogram(EXCHANGE_LATENCY_BUCKETS)),
        event.data.durationMs,
      );
      break;
    }
    case 'alert.raised':
      countOne(
        entryOf(state.alertsRaised, event.data.condition, () => new Map()),
        event.data.notice.level,
      );
      break;
    case 'delivery.succeeded':
      countOne(
        entryOf(state.deliveries, event.data.channel, () => new Map()),
        'delivered',
      );
      observe(
        entryOf(state.deliveryLatency, event.data.channel, () => histogram(DELIVERY_LATENCY_BUCKETS)),
        event.data.latencyMs,
      );
      break;
    case 'delivery.failed':
      countOne(
        entryOf(state.deliveries, event.data.channel, () => new Map()),
        event.data.outcome,
      );
      break;
    case 'delivery.abandoned':
      countOne(
        entryOf(state.deliveries, event.data.channel, () => new Map()),
        'abandoned',
      );
      break;
    case 'price.updated':
    case 'strategy.restarted':
    case 'alert.escalated':
    case 'alert.suppressed':
    case 'alert.acknowledged':
    case 'alert.resolved':
    case 'silence.created':
    case 'silence.expired':
    case 'summary.closed':
    case 'delivery.requested':
    case 'delivery.started':
      break;
    default:
      assertNever(event);
  }
  return state;
}

/** A symbol that starts has both of its exchange's streams, until one is said to be lost. */
function connect(state: MetricsState, exchange: string): void {
  const streams = entryOf(state.connections, exchange, () => new Map());
  if (!streams.has('market')) streams.set('market', true);
  if (!streams.has('orders')) streams.set('orders', true);
}

function place(state: MetricsState, order: OrderPlaced): void {
  const metrics = symbolMetrics(state, order.symbol);
  const side = metrics.sides[order.side];
  const { openOrders } = metrics;
  if (!openOrders.has(order.orderId)) {
    for (const eldest of openOrders.keys()) {
      if (openOrders.size < MAX_OPEN_ORDERS) break;
      closeOrder(metrics, eldest);
    }
    openOrders.set(order.orderId, order.side);
    side.active += 1;
  }
  side.placed[order.orderType] += 1;
  if (order.tickToTradeMs !== undefined) {
    observe((metrics.tickToTrade ??= histogram(TICK_TO_TRADE_BUCKETS)), order.tickToTradeMs);
  }
}

function fill(state: MetricsState, fill: OrderFilled): void {
  const metrics = symbolMetrics(state, fill.symbol);
  metrics.sides[fill.side].filled += 1;
  metrics.volume.add(fill.quantity);
  if (isZero(fill.remaining)) closeOrder(metrics, fill.orderId);
}

function closeOrder({ openOrders, sides }: SymbolMetrics, orderId: string): void {
  const side = openOrders.get(orderId);
  if (side === undefined) return;
  openOrders.delete(orderId);
  sides[side].active -= 1;
}

function changePosition(state: MetricsState, change: PositionChanged): void {
  const strategy = strategyMetrics(symbolMetrics(state, change.symbol), change.strategy);
  strategy.size = change.size;
  strategy.unrealized = change.unrealizedPnl;
  strategy.realized.add(change.realizedPnl);
}

function isZero(decimal: string): boolean {
  for (let i = 0; i < decimal.length; i++) {
    const code = decimal.charCodeAt(i);
    if (code > 48 && code <= 57) return false;
  }
  return true;
}
