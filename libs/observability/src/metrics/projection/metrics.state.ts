import type { AlertLevel, EventType, ExchangeStream, OrderType, Side } from '@opensqt/trading-events';
import { ExactSum } from '../../projections/exact-sum';
import type { HistogramState } from './histogram';
import { RealizedPnl } from './realized-pnl';

/** The metrics of one strategy on one symbol. */
export interface StrategyMetrics {
  readonly realized: RealizedPnl;
  /** Undefined until a position was valued. */
  unrealized: string | undefined;
  size: string | undefined;
  panics: number;
}

/** The metrics of one side of a symbol's orders. */
export interface SideMetrics {
  active: number;
  filled: number;
  readonly placed: Record<OrderType, number>;
}

/** The metrics of one symbol. */
export interface SymbolMetrics {
  /** False once the symbol is stopped: its series are not shown until it trades again, and go on where they were. */
  shown: boolean;
  readonly sides: Readonly<Record<Side, SideMetrics>>;
  /** The orders that are open at the venue, by their ids. */
  readonly openOrders: Map<string, Side>;
  readonly volume: ExactSum;
  readonly strategies: Map<string, StrategyMetrics>;
  tickToTrade: HistogramState | undefined;
}

/** Everything that the metrics say, as the events give it. */
export interface MetricsState {
  readonly symbols: Map<string, SymbolMetrics>;
  readonly breakers: Map<string, boolean>;
  readonly limits: Map<string, Map<string, boolean>>;
  readonly connections: Map<string, Map<ExchangeStream, boolean>>;
  readonly calls: Map<string, Map<string, HistogramState>>;
  readonly alertsRaised: Map<string, Map<AlertLevel, number>>;
  readonly deliveries: Map<string, Map<string, number>>;
  readonly deliveryLatency: Map<string, HistogramState>;
  /** The time at which each type last occurred. In boxes: a number set in a Map is allocated anew each time. */
  readonly lastOccurred: Map<EventType, { at: number }>;
}

/** Nothing has happened yet. */
export function initialMetrics(): MetricsState {
  return {
    symbols: new Map(),
    breakers: new Map(),
    limits: new Map(),
    connections: new Map(),
    calls: new Map(),
    alertsRaised: new Map(),
    deliveries: new Map(),
    deliveryLatency: new Map(),
    lastOccurred: new Map(),
  };
}

/** The symbol's metrics, begun when it is new. */
export function symbolMetrics(state: MetricsState, symbol: string): SymbolMetrics {
  let metrics = state.symbols.get(symbol);
  if (metrics === undefined) {
    metrics = {
      shown: true,
      sides: { buy: sideMetrics(), sell: sideMetrics() },
      openOrders: new Map(),
      volume: new ExactSum(),
      strategies: new Map(),
      tickToTrade: undefined,
    };
    state.symbols.set(symbol, metrics);
  }
  return metrics;
}

function sideMetrics(): SideMetrics {
  return { active: 0, filled: 0, placed: { limit: 0, market: 0, post_only: 0 } };
}

/** The strategy's metrics on that symbol, begun when it is new. */
export function strategyMetrics(metrics: SymbolMetrics, strategy: string): StrategyMetrics {
  let found = metrics.strategies.get(strategy);
  if (found === undefined) {
    found = {
      realized: new RealizedPnl(),
      unrealized: undefined,
      size: undefined,
      panics: 0,
    };
    metrics.strategies.set(strategy, found);
  }
  return found;
}

/** The entry of that key, made when it is new. */
export function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

/** Adds one to the count of that key. */
export function countOne<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
