import {
  type AlertLevel,
  type CallOutcome,
  EXCHANGE_CALL_BOUNDS,
  type EpochMs,
  type EventType,
  type ExchangeStream,
  type OrderType,
  type Side,
} from '@opensqt/trading-events';
import { ExactSum } from '../../projections/exact-sum';
import { type HistogramState, TICK_TO_TRADE_BUCKETS, TIME_TO_FILL_BUCKETS, histogram } from './histogram';
import { CANCEL_REASONS, REJECT_REASONS, countsOf } from './reason-codes';
import { RealizedPnl } from './realized-pnl';

/** The metrics of one strategy on one symbol. */
export interface StrategyMetrics {
  readonly realized: RealizedPnl;
  /** Undefined until a position was valued. */
  unrealized: string | undefined;
  size: string | undefined;
  entryPrice: string | undefined;
  panics: number;
  /** The time of the event that gave the size, and of that which gave the valuation: an event from before does not replace them. */
  sizedAt: number | undefined;
  valuedAt: number | undefined;
}

/** The metrics of one side of a symbol's orders. */
export interface SideMetrics {
  active: number;
  filled: number;
  readonly placed: Record<OrderType, number>;
}

/** An order that is open at the venue, and the time at which it was placed. */
export interface OpenOrder {
  readonly side: Side;
  readonly at: EpochMs;
}

/** The fees in one asset. A counter can't go down: what the venue paid us is counted for itself. */
export interface FeeMetrics {
  readonly paid: ExactSum;
  /** As a positive number. */
  readonly received: ExactSum;
}

/** The price that the symbol is valued at, and its time. */
export interface Mark {
  readonly price: string;
  readonly at: EpochMs;
}

/** Our best orders; a side that has none is absent. */
export interface Quote {
  readonly bid?: string;
  readonly ask?: string;
  /** The time of the event that said so: one that comes late changes nothing. */
  readonly at: EpochMs;
}

/** The time that a symbol was quoted: up to its last logged event. */
export interface QuotingTime {
  ms: number;
  /** The time up to which it is counted while the symbol is quoted; undefined while it is not. */
  upTo: EpochMs | undefined;
}

export interface SymbolMetrics {
  /** It is not traded any more. */
  stopped: boolean;
  readonly sides: Readonly<Record<Side, SideMetrics>>;
  /** By the orders' ids. */
  readonly openOrders: Map<string, OpenOrder>;
  /** The orders that were closed last, and whether they were counted as placed: one whose placing comes late is not open. */
  readonly closedOrders: Map<string, boolean>;
  readonly volume: ExactSum;
  /** Quote currency. */
  readonly turnover: ExactSum;
  /** By asset. */
  readonly fees: Map<string, FeeMetrics>;
  /** By reason code. */
  readonly rejected: Map<string, number>;
  /** By reason code. */
  readonly canceled: Map<string, number>;
  readonly strategies: Map<string, StrategyMetrics>;
  readonly tickToTrade: HistogramState;
  /** Seconds from the placing of an order until it was filled to the end. */
  readonly timeToFill: HistogramState;
  readonly quoting: QuotingTime;
  mark: Mark | undefined;
  quote: Quote | undefined;
}

/** A limit of a scope: undefined as far as it is not known. */
export interface LimitMetrics {
  breached: boolean | undefined;
  value: number | undefined;
  threshold: number | undefined;
}

/** The durations of one operation's calls. */
export interface CallMetrics extends HistogramState {
  /** This process has seen the calls themselves: samples are of calls that are counted. A restart begins with false. */
  isLive: boolean;
}

/** The times of the first events that are counted; absent while there are none. */
export interface Begins {
  /** Of those that are in the log. */
  log?: EpochMs;
  /** Of those that are never stored. */
  live?: EpochMs;
}

/** Everything that the metrics say, as the events give it. */
export interface MetricsState {
  readonly begins: Begins;
  readonly symbols: Map<string, SymbolMetrics>;
  readonly breakers: Map<string, boolean>;
  readonly limits: Map<string, Map<string, LimitMetrics>>;
  readonly connections: Map<string, Map<ExchangeStream, boolean>>;
  readonly calls: Map<string, Map<string, CallMetrics>>;
  /** By exchange. */
  readonly callOutcomes: Map<string, Map<CallOutcome, number>>;
  readonly alertsRaised: Map<string, Map<AlertLevel, number>>;
  readonly deliveries: Map<string, Map<string, number>>;
  readonly deliveryLatency: Map<string, HistogramState>;
  /** The time at which each type last occurred. In boxes: a number set in a Map is allocated anew each time. */
  readonly lastOccurred: Map<EventType, Occurrence>;
}

/** The newest time of a type's events. */
export interface Occurrence {
  at: EpochMs;
  /** The time of the event before that one, or of one that came late since: it counts where the newest turns out to be in the future. */
  other?: EpochMs;
}

const CALL_OUTCOMES: readonly CallOutcome[] = ['ok', 'error', 'timeout', 'rate_limited'];

/** Nothing has happened yet. */
export function initialMetrics(): MetricsState {
  return {
    begins: {},
    symbols: new Map(),
    breakers: new Map(),
    limits: new Map(),
    connections: new Map(),
    calls: new Map(),
    callOutcomes: new Map(),
    alertsRaised: new Map(),
    deliveries: new Map(),
    deliveryLatency: new Map(),
    lastOccurred: new Map(),
  };
}

/** Distinct values that a label may take: beyond them a new one has no series of its own. Nothing else is lost. */
const MAX_VALUES = 500;

/**
 * The symbol's metrics, begun when it is new. Where there are too many, those of a stopped symbol give way; where all of them trade,
 * the metrics belong to nothing that is shown.
 */
export function symbolMetrics(state: MetricsState, symbol: string): SymbolMetrics {
  let metrics = state.symbols.get(symbol);
  if (metrics === undefined) {
    metrics = {
      stopped: false,
      sides: { buy: sideMetrics(), sell: sideMetrics() },
      openOrders: new Map(),
      closedOrders: new Map(),
      volume: new ExactSum(),
      turnover: new ExactSum(),
      fees: new Map(),
      rejected: countsOf(REJECT_REASONS),
      canceled: countsOf(CANCEL_REASONS),
      strategies: new Map(),
      tickToTrade: histogram(TICK_TO_TRADE_BUCKETS),
      timeToFill: histogram(TIME_TO_FILL_BUCKETS),
      quoting: { ms: 0, upTo: undefined },
      mark: undefined,
      quote: undefined,
    };
    setBounded(state.symbols, symbol, metrics, (other) => !isShown(other));
  }
  return metrics;
}

/** Series of a stopped symbol are not shown until it trades again, and go on where they were; while it has a position or live orders they stay. */
export function isShown({ stopped, openOrders, strategies }: SymbolMetrics): boolean {
  if (!stopped || openOrders.size > 0) return true;
  return [...strategies.values()].some(({ size }) => size !== undefined && Number(size) !== 0);
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
      entryPrice: undefined,
      panics: 0,
      sizedAt: undefined,
      valuedAt: undefined,
    };
    setBounded(metrics.strategies, strategy, found);
  }
  return found;
}

/** The operation's calls, begun when it is new. */
export function callMetrics({ calls }: MetricsState, exchange: string, operation: string): CallMetrics {
  return entryOf(
    entryOf(calls, exchange, () => new Map<string, CallMetrics>()),
    operation,
    () => ({
      ...histogram(EXCHANGE_CALL_BOUNDS),
      isLive: false,
    }),
  );
}

/** The outcomes of the exchange's calls, all of them begun at zero. */
export function outcomesOf({ callOutcomes }: MetricsState, exchange: string): Map<CallOutcome, number> {
  return entryOf(callOutcomes, exchange, () => new Map(CALL_OUTCOMES.map((outcome) => [outcome, 0])));
}

export function limitMetrics({ limits }: MetricsState, scope: string, limit: string): LimitMetrics {
  return entryOf(
    entryOf(limits, scope, () => new Map<string, LimitMetrics>()),
    limit,
    () => ({ breached: undefined, value: undefined, threshold: undefined }),
  );
}

/** The entry of that key, made when it is new; it belongs to nothing where there are too many. */
export function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) setBounded(map, key, (value = make()));
  return value;
}

/** Adds one to the count of that key. */
export function countOne<Key>(counts: Map<Key, number>, key: Key): void {
  setBounded(counts, key, (counts.get(key) ?? 0) + 1);
}

/**
 * Sets the entry, if there is room for it.
 *
 * @param isOver true for one that a new one may replace
 */
export function setBounded<Key, Value>(
  map: Map<Key, Value>,
  key: Key,
  value: Value,
  isOver: (value: Value) => boolean = () => false,
): void {
  if (map.size >= MAX_VALUES && !map.has(key)) {
    const over = [...map].find(([, entry]) => isOver(entry));
    if (over === undefined) return;
    map.delete(over[0]);
  }
  map.set(key, value);
}
