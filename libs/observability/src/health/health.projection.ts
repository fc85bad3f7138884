import { type FactOf, type EventType, type ExchangeStream, assertNever } from '@opensqt/trading-events';
import type { Projection } from '../projections/projection';
import { asIs, codecOf, mapOf, optional, recordOf, setOf } from '../projections/state-codec';

/** One connection to an exchange. */
export interface StreamHealth {
  connected: boolean;
  /** The reason of its loss; undefined while it is connected. */
  reason: string | undefined;
  since: number;
}

/** The state of everything that trading needs, as the events say it. */
export interface HealthState {
  readonly streams: Map<string, Map<ExchangeStream, StreamHealth>>;
  readonly exchangeOf: Map<string, string>;
  /** The time of each symbol's last price. */
  readonly pricedAt: Map<string, number>;
  readonly breakers: Map<string, { readonly reason: string; readonly since: number }>;
  readonly limits: Map<string, { readonly scope: string; readonly limit: string }>;
  readonly panicked: Map<string, { readonly strategy: string; readonly since: number }>;
  readonly trading: Set<string>;
}

const HANDLES = [
  'symbol.started',
  'symbol.stopped',
  'strategy.panicked',
  'strategy.restarted',
  'exchange.disconnected',
  'exchange.reconnected',
  'price.updated',
  'risk.limit_breached',
  'risk.limit_cleared',
  'circuit_breaker.tripped',
  'circuit_breaker.reset',
] as const satisfies readonly EventType[];

type Handled = (typeof HANDLES)[number];

const prices = mapOf<string, number>(asIs());

/** Health, folded from the events. */
export const healthProjection: Projection<HealthState, Handled> = {
  name: 'health',
  version: 2,
  handles: HANDLES,
  initial: () => ({
    streams: new Map(),
    exchangeOf: new Map(),
    pricedAt: new Map(),
    breakers: new Map(),
    limits: new Map(),
    panicked: new Map(),
    trading: new Set(),
  }),
  evolve,
  ...codecOf<HealthState>({
    streams: mapOf(
      mapOf(recordOf<StreamHealth>({ connected: asIs(), reason: optional(asIs<string>()), since: asIs() })),
    ),
    exchangeOf: mapOf(asIs()),
    pricedAt: prices,
    breakers: mapOf(asIs()),
    limits: mapOf(asIs()),
    panicked: mapOf(asIs()),
    trading: setOf(),
  }),
  live: {
    encode: ({ pricedAt }) => prices.encode(pricedAt),
    restore: (state, kept) => {
      if (kept !== undefined) for (const [symbol, at] of prices.decode(kept)) state.pricedAt.set(symbol, at);
    },
  },
};

function evolve(state: HealthState, event: FactOf<Handled>): HealthState {
  switch (event.type) {
    case 'symbol.started': {
      const { symbol, exchange } = event.data;
      state.exchangeOf.set(symbol, exchange);
      state.trading.add(symbol);
      for (const stream of ['market', 'orders'] as const) {
        if (!streamsOf(state, exchange).has(stream)) setStream(state, exchange, stream, event.occurredAt);
      }
      break;
    }
    case 'symbol.stopped':
      state.trading.delete(event.data.symbol);
      state.panicked.delete(event.data.symbol);
      state.pricedAt.delete(event.data.symbol);
      break;
    case 'strategy.panicked':
      state.panicked.set(event.data.symbol, { strategy: event.data.strategy, since: event.occurredAt });
      break;
    case 'strategy.restarted':
      state.panicked.delete(event.data.symbol);
      break;
    case 'exchange.disconnected':
      setStream(state, event.data.exchange, event.data.stream, event.occurredAt, event.data.reason);
      break;
    case 'exchange.reconnected':
      setStream(state, event.data.exchange, event.data.stream, event.occurredAt);
      break;
    case 'price.updated':
      state.pricedAt.set(event.data.symbol, event.occurredAt);
      break;
    case 'risk.limit_breached':
      state.limits.set(`${event.data.scope}\u0000${event.data.limit}`, event.data);
      break;
    case 'risk.limit_cleared':
      state.limits.delete(`${event.data.scope}\u0000${event.data.limit}`);
      break;
    case 'circuit_breaker.tripped':
      state.breakers.set(event.data.scope, { reason: event.data.reason, since: event.occurredAt });
      break;
    case 'circuit_breaker.reset':
      state.breakers.delete(event.data.scope);
      break;
    default:
      assertNever(event);
  }
  return state;
}

function streamsOf(state: HealthState, exchange: string): Map<ExchangeStream, StreamHealth> {
  let streams = state.streams.get(exchange);
  if (streams === undefined) state.streams.set(exchange, (streams = new Map()));
  return streams;
}

function setStream(
  state: HealthState,
  exchange: string,
  stream: ExchangeStream,
  since: number,
  reason?: string,
): void {
  streamsOf(state, exchange).set(stream, { connected: reason === undefined, reason, since });
}
