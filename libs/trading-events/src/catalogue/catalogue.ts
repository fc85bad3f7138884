import { alerts } from './catalogue.alerts';
import type { DataOf, EventType } from '../events/trading-event';
import { amount, decimal, measure, price, quantity } from './decimal-rules';
import type { CatalogueEntry } from './catalogue-entry';
import { bucketCounts, errorDetails, flag, oneOf, optional, record } from './field-rules';
import { measuredLimits } from './measured-limits';
import { count, duration } from './number-rules';
import { id, label, name, text } from './text-rules';

type Catalogue = { readonly [Type in EventType]: CatalogueEntry<DataOf<Type>> };

const orchestrator = { source: 'orchestrator', version: 1, kept: 'log' } as const;
const riskMonitor = { source: 'risk-monitor', version: 2, kept: 'log' } as const;
const orderExecutor = { source: 'order-executor', version: 1, kept: 'log' } as const;
const positionManager = { source: 'position-manager', version: 1, kept: 'log' } as const;
const remoteExchange = { source: 'remote-exchange', version: 1, kept: 'live' } as const;
const side = oneOf('buy', 'sell');
const stream = oneOf('market', 'orders');
const outcome = oneOf('ok', 'error', 'timeout', 'rate_limited');
const pause = oneOf(
  'warming_up',
  'breaker',
  'limit',
  'stale_price',
  'disconnected',
  'strategy_panic',
  'position_unknown',
  'order_size',
  'ended',
);
const severity = oneOf('warning', 'error');

/** Every event type, once: who states it, whether it is stored, and what its fields must be. */
export const EVENT_CATALOGUE: Catalogue = {
  'symbol.started': {
    ...orchestrator,
    fact: 'A symbol began to trade.',
    fields: { symbol: label, exchange: label, strategy: label },
  },
  'symbol.stopped': {
    ...orchestrator,
    fact: 'A symbol no longer trades.',
    fields: { symbol: label, reason: text },
  },
  'strategy.panicked': {
    ...orchestrator,
    fact: "A symbol's strategy threw; that symbol alone stands still.",
    fields: { symbol: label, strategy: label, error: errorDetails },
  },
  'strategy.restarted': {
    ...orchestrator,
    fact: 'A strategy that had panicked runs again.',
    fields: { symbol: label, strategy: label, attempt: count },
  },
  'exchange.disconnected': {
    ...orchestrator,
    fact: 'A connection to an exchange was lost.',
    fields: { exchange: label, stream, reason: text, reconnecting: flag },
  },
  'exchange.reconnected': {
    ...orchestrator,
    fact: 'A lost connection is back.',
    fields: { exchange: label, stream, downtimeMs: duration, attempts: count },
  },
  'price.updated': {
    ...orchestrator,
    kept: 'live',
    fact: "A symbol's price moved.",
    fields: { symbol: label, price },
  },
  'market.sampled': {
    ...orchestrator,
    fact: 'A symbol as it stood: what live events say of its price and position, and our best orders. Stated at an interval of market time, if anything of it changed.',
    fields: {
      symbol: label,
      strategy: label,
      price,
      markPrice: price,
      unrealizedPnl: decimal,
      bestBid: optional(price),
      bestAsk: optional(price),
    },
  },
  'quoting.paused': {
    ...orchestrator,
    fact: 'Nothing is quoted for a symbol, and why. Stated again when the reason changes.',
    fields: { symbol: label, reason: pause },
  },
  'quoting.resumed': {
    ...orchestrator,
    fact: 'A symbol is quoted again.',
    fields: { symbol: label, reason: pause, pausedMs: duration },
  },
  'risk.limit_breached': {
    ...riskMonitor,
    fact: 'A risk limit is exceeded.',
    fields: {
      scope: label,
      limit: label,
      value: measure,
      threshold: measure,
      severity,
      quoteAsset: optional(name),
    },
  },
  'risk.limit_cleared': {
    ...riskMonitor,
    fact: 'A risk limit that was exceeded no longer is.',
    fields: {
      scope: label,
      limit: label,
      value: optional(measure),
      threshold: optional(measure),
      severity: optional(severity),
      quoteAsset: optional(name),
    },
  },
  'risk.sampled': {
    ...riskMonitor,
    version: 1,
    fact: 'What a scope measures against its limits, exceeded or not. Stated at an interval of market time, if anything of it changed.',
    fields: { scope: label, limits: measuredLimits, quoteAsset: optional(name) },
  },
  'circuit_breaker.tripped': {
    ...riskMonitor,
    fact: 'Trading in the scope was halted and its orders cancelled.',
    fields: {
      scope: label,
      reason: text,
      value: measure,
      threshold: measure,
      cooldownMs: duration,
      position: optional(decimal),
      notional: optional(decimal),
      unrealizedPnl: optional(decimal),
      realizedPnl: optional(decimal),
      quoteAsset: optional(name),
      ordersCanceled: optional(count),
      positionsKept: optional(flag),
    },
  },
  'circuit_breaker.reset': {
    ...riskMonitor,
    fact: 'A tripped breaker lets trading go on.',
    fields: { scope: label, by: text, reason: optional(text), stillTripped: optional(record) },
  },
  'order.placed': {
    ...orderExecutor,
    fact: 'The venue accepted an order.',
    fields: {
      symbol: label,
      strategy: label,
      orderId: id,
      clientOrderId: name,
      side,
      orderType: oneOf('limit', 'market', 'post_only'),
      price: optional(price),
      quantity,
      tickToTradeMs: optional(duration),
    },
  },
  'order.filled': {
    ...orderExecutor,
    fact: 'An order traded, in full or in part. A fill is known by its symbol, `orderId` and `fillId`: another event about it is a duplicate.',
    fields: {
      symbol: label,
      strategy: label,
      orderId: id,
      fillId: id,
      side,
      price,
      quantity,
      remaining: amount,
      fee: decimal,
      feeAsset: name,
    },
  },
  'order.canceled': {
    ...orderExecutor,
    fact: 'An open order was cancelled.',
    fields: { symbol: label, strategy: label, orderId: id, side, reason: text },
  },
  'order.rejected': {
    ...orderExecutor,
    fact: 'The venue refused an order.',
    fields: { symbol: label, strategy: label, orderId: id, side, reason: text },
  },
  'position.changed': {
    ...positionManager,
    fact: 'A fill changed a position. `realizedPnl` is what this fill realized, not a running total.',
    fields: {
      symbol: label,
      strategy: label,
      size: decimal,
      entryPrice: price,
      realizedPnl: decimal,
      unrealizedPnl: decimal,
    },
  },
  'position.marked': {
    ...positionManager,
    kept: 'live',
    fact: 'A position was valued at a new mark price.',
    fields: { symbol: label, strategy: label, markPrice: price, unrealizedPnl: decimal },
  },
  'exchange.call_completed': {
    ...remoteExchange,
    fact: 'A call to an exchange came back, or failed to.',
    fields: {
      exchange: label,
      operation: label,
      durationMs: duration,
      outcome,
    },
  },
  'exchange.sampled': {
    ...remoteExchange,
    kept: 'log',
    fact: "Calls to an exchange since the last sample, as a histogram's increments: `exchange.call_completed` of each is not stored.",
    fields: { exchange: label, operation: label, outcome, calls: bucketCounts, sumMs: duration },
  },
  ...alerts,
  'event.quarantined': {
    source: 'event-log',
    version: 1,
    kept: 'log',
    fact: 'An event that could not be read was set aside by `verify -- --quarantine`. This stands at its position.',
    fields: { eventType: text, reason: text, stored: text },
  },
};

/** Every event type, in the catalogue's order. */
export const EVENT_TYPES = Object.keys(EVENT_CATALOGUE) as readonly EventType[];
