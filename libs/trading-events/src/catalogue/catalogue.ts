import { alerts } from './catalogue.alerts';
import type { DataOf, EventType } from '../events/trading-event';
import {
  type CatalogueEntry,
  amount,
  count,
  decimal,
  duration,
  errorDetails,
  flag,
  label,
  measure,
  oneOf,
  optional,
  price,
  quantity,
  text,
} from './field-rules';

type Catalogue = { readonly [Type in EventType]: CatalogueEntry<DataOf<Type>> };

const side = oneOf('buy', 'sell');
const stream = oneOf('market', 'orders');
const severity = oneOf('warning', 'error');

/** Every event type, once: who states it, whether it is stored, and what its fields must be. */
export const EVENT_CATALOGUE: Catalogue = {
  'symbol.started': {
    source: 'orchestrator',
    version: 1,
    kept: 'log',
    fact: 'A symbol began to trade.',
    fields: { symbol: label, exchange: label, strategy: label },
  },
  'symbol.stopped': {
    source: 'orchestrator',
    version: 1,
    kept: 'log',
    fact: 'A symbol no longer trades.',
    fields: { symbol: label, reason: text },
  },
  'strategy.panicked': {
    source: 'orchestrator',
    version: 1,
    kept: 'log',
    fact: "A symbol's strategy threw; that symbol alone stands still.",
    fields: { symbol: label, strategy: label, error: errorDetails },
  },
  'strategy.restarted': {
    source: 'orchestrator',
    version: 1,
    kept: 'log',
    fact: 'A strategy that had panicked runs again.',
    fields: { symbol: label, strategy: label, attempt: count },
  },
  'exchange.disconnected': {
    source: 'orchestrator',
    version: 1,
    kept: 'log',
    fact: 'A connection to an exchange was lost.',
    fields: { exchange: label, stream, reason: text, reconnecting: flag },
  },
  'exchange.reconnected': {
    source: 'orchestrator',
    version: 1,
    kept: 'log',
    fact: 'A lost connection is back.',
    fields: { exchange: label, stream, downtimeMs: duration, attempts: count },
  },
  'price.updated': {
    source: 'orchestrator',
    version: 1,
    kept: 'live',
    fact: "A symbol's price moved.",
    fields: { symbol: label, price },
  },
  'risk.limit_breached': {
    source: 'risk-monitor',
    version: 1,
    kept: 'log',
    fact: 'A risk limit is exceeded.',
    fields: { scope: label, limit: label, value: measure, threshold: measure, severity },
  },
  'risk.limit_cleared': {
    source: 'risk-monitor',
    version: 1,
    kept: 'log',
    fact: 'A risk limit that was exceeded no longer is.',
    fields: {
      scope: label,
      limit: label,
      value: optional(measure),
      threshold: optional(measure),
      severity: optional(severity),
    },
  },
  'circuit_breaker.tripped': {
    source: 'risk-monitor',
    version: 1,
    kept: 'log',
    fact: 'Trading in the scope was halted and its orders cancelled.',
    fields: { scope: label, reason: text, value: measure, threshold: measure, cooldownMs: duration },
  },
  'circuit_breaker.reset': {
    source: 'risk-monitor',
    version: 1,
    kept: 'log',
    fact: 'A tripped breaker lets trading go on.',
    fields: { scope: label, by: oneOf('cooldown', 'operator') },
  },
  'order.placed': {
    source: 'order-executor',
    version: 1,
    kept: 'log',
    fact: 'The venue accepted an order.',
    fields: {
      symbol: label,
      strategy: label,
      orderId: text,
      clientOrderId: text,
      side,
      orderType: oneOf('limit', 'market', 'post_only'),
      price: optional(price),
      quantity,
      tickToTradeMs: optional(duration),
    },
  },
  'order.filled': {
    source: 'order-executor',
    version: 1,
    kept: 'log',
    fact: 'An order traded, in full or in part.',
    fields: {
      symbol: label,
      strategy: label,
      orderId: text,
      fillId: text,
      side,
      price,
      quantity,
      remaining: amount,
      fee: decimal,
      feeAsset: text,
    },
  },
  'order.canceled': {
    source: 'order-executor',
    version: 1,
    kept: 'log',
    fact: 'An open order was cancelled.',
    fields: { symbol: label, strategy: label, orderId: text, side, reason: text },
  },
  'order.rejected': {
    source: 'order-executor',
    version: 1,
    kept: 'log',
    fact: 'The venue refused an order.',
    fields: { symbol: label, strategy: label, orderId: text, side, reason: text },
  },
  'position.changed': {
    source: 'position-manager',
    version: 1,
    kept: 'log',
    fact: 'A fill changed a position.',
    fields: {
      symbol: label,
      strategy: label,
      size: decimal,
      entryPrice: amount,
      realizedPnl: decimal,
      unrealizedPnl: decimal,
    },
  },
  'position.marked': {
    source: 'position-manager',
    version: 1,
    kept: 'live',
    fact: 'A position was valued at a new mark price.',
    fields: { symbol: label, strategy: label, markPrice: price, unrealizedPnl: decimal },
  },
  'exchange.call_completed': {
    source: 'remote-exchange',
    version: 1,
    kept: 'live',
    fact: 'A call to an exchange came back, or failed to.',
    fields: {
      exchange: label,
      operation: label,
      durationMs: duration,
      outcome: oneOf('ok', 'error', 'timeout', 'rate_limited'),
    },
  },
  ...alerts,
};

/** Every event type, in the catalogue's order. */
export const EVENT_TYPES = Object.keys(EVENT_CATALOGUE) as readonly EventType[];
