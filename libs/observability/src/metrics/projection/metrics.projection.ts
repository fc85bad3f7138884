import {
  DRILL,
  EVENT_CATALOGUE,
  EVENT_TYPES,
  type EpochMs,
  type ExchangeSampled,
  type Fact,
  type MarketSampled,
  type PositionChanged,
  type PositionMarked,
  type RiskLimitCleared,
  type SymbolStarted,
  type SymbolStopped,
  assertNever,
} from '@opensqt/trading-events';
import { type Projection, isBefore, isLate } from '../../projections/projection';
import { liveMetrics, metricsCodec } from './metrics.codec';
import { DELIVERY_LATENCY_BUCKETS, histogram, observe, observeSome } from './histogram';
import {
  type MetricsState,
  type StrategyMetrics,
  callMetrics,
  countOne,
  entryOf,
  initialMetrics,
  limitMetrics,
  outcomesOf,
  setBounded,
  strategyMetrics,
  symbolMetrics,
} from './metrics.state';
import { cancel, countQuoting, fill, place, reject } from './order-fold';

/** The scope of a breaker that covers every symbol. */
const GLOBAL_SCOPE = 'global';

/** The metrics, folded from the events. */
export const metricsProjection: Projection<MetricsState> = {
  name: 'metrics',
  version: 8,
  handles: EVENT_TYPES,
  initial: initialMetrics,
  evolve,
  ...metricsCodec,
  live: liveMetrics,
};

function evolve(state: MetricsState, event: Fact): MetricsState {
  const last = state.lastOccurred.get(event.type);
  if (last === undefined) {
    state.begins[EVENT_CATALOGUE[event.type].kept] ??= event.occurredAt;
    state.lastOccurred.set(event.type, { at: event.occurredAt });
  } else if (isLate(event.occurredAt, last.at)) last.other = event.occurredAt;
  else {
    last.other = last.at;
    last.at = event.occurredAt;
  }
  switch (event.type) {
    case 'symbol.started':
      connect(state, event.data.exchange);
      start(state, event.data, event.occurredAt);
      break;
    case 'symbol.stopped':
      stop(state, event.data, event.occurredAt);
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
      limitMetrics(state, event.data.scope, event.data.limit).breached = event.type === 'risk.limit_breached';
      measure(state, event.data);
      break;
    case 'risk.sampled':
      for (const [limit, measured] of Object.entries(event.data.limits))
        measure(state, { scope: event.data.scope, limit, ...measured });
      break;
    case 'circuit_breaker.tripped':
    case 'circuit_breaker.reset':
      setBounded(
        state.breakers,
        event.data.scope,
        event.type === 'circuit_breaker.tripped',
        (tripped) => !tripped,
      );
      break;
    case 'order.placed':
      place(state, event.data, event.occurredAt);
      break;
    case 'order.filled':
      fill(state, event.data, event.occurredAt);
      break;
    case 'order.canceled':
      cancel(state, event.data, event.occurredAt);
      break;
    case 'order.rejected':
      reject(state, event.data);
      break;
    case 'position.changed':
      changePosition(state, event.data, event.occurredAt);
      break;
    case 'position.marked':
      mark(state, event.data, event.occurredAt);
      break;
    case 'market.sampled':
      mark(state, event.data, event.occurredAt);
      quote(state, event.data, event.occurredAt);
      break;
    case 'exchange.call_completed': {
      const { exchange, operation, durationMs, outcome } = event.data;
      const calls = callMetrics(state, exchange, operation);
      calls.isLive = true;
      observe(calls, durationMs);
      countOne(outcomesOf(state, exchange), outcome);
      break;
    }
    case 'exchange.sampled':
      countSample(state, event.data);
      break;
    case 'alert.raised':
      if (event.data.condition === DRILL) break;
      countIn(state.alertsRaised, event.data.condition, event.data.notice.level);
      break;
    case 'delivery.succeeded':
      countIn(state.deliveries, event.data.channel, 'delivered');
      observe(
        entryOf(state.deliveryLatency, event.data.channel, () => histogram(DELIVERY_LATENCY_BUCKETS)),
        event.data.latencyMs,
      );
      break;
    case 'delivery.failed':
      countIn(state.deliveries, event.data.channel, event.data.outcome);
      break;
    case 'delivery.abandoned':
      countIn(state.deliveries, event.data.channel, 'abandoned');
      break;
    case 'quoting.paused': {
      const metrics = symbolMetrics(state, event.data.symbol);
      countQuoting(metrics, event.occurredAt);
      metrics.quoting.upTo = undefined;
      break;
    }
    case 'quoting.resumed':
      symbolMetrics(state, event.data.symbol).quoting.upTo = event.occurredAt;
      break;
    case 'price.updated':
    case 'strategy.restarted':
    case 'event.quarantined':
    case 'alert.escalated':
    case 'alert.suppressed':
    case 'alert.acknowledged':
    case 'alert.resolved':
    case 'silence.created':
    case 'silence.expired':
    case 'summary.closed':
    case 'channel.tested':
    case 'incident.planned':
    case 'delivery.requested':
    case 'delivery.started':
      break;
    default:
      assertNever(event);
  }
  return state;
}

function countIn<Key>(counts: Map<string, Map<Key, number>>, outer: string, inner: Key): void {
  countOne(
    entryOf(counts, outer, () => new Map<Key, number>()),
    inner,
  );
}

/** A symbol that starts has both of its exchange's streams, until one is said to be lost. */
function connect(state: MetricsState, exchange: string): void {
  const streams = entryOf(state.connections, exchange, () => new Map());
  if (!streams.has('market')) streams.set('market', true);
  if (!streams.has('orders')) streams.set('orders', true);
}

/** Calls that were counted one by one as they came back are not counted again by the sample of them. */
function countSample(
  state: MetricsState,
  { exchange, operation, outcome, calls, sumMs }: ExchangeSampled,
): void {
  const metrics = callMetrics(state, exchange, operation);
  if (metrics.isLive) return;
  const outcomes = outcomesOf(state, exchange);
  for (const [bound, times] of Object.entries(calls)) {
    observeSome(metrics, Number(bound), times);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + times);
  }
  metrics.sum += sumMs;
}

/**
 * Everything that can happen to the symbol begins at zero. A run that starts at an earlier time, as a recording does that is traded again, is not
 * late; between two runs nothing is quoted.
 */
function start(state: MetricsState, { symbol, strategy: name, exchange }: SymbolStarted, at: EpochMs): void {
  const metrics = symbolMetrics(state, symbol);
  metrics.stopped = false;
  metrics.quoting.upTo = undefined;
  strategyMetrics(metrics, name);
  outcomesOf(state, exchange);
  for (const scope of [GLOBAL_SCOPE, symbol])
    if (!state.breakers.has(scope)) setBounded(state.breakers, scope, false);
  if (isBefore(at, metrics.mark?.at)) metrics.mark = undefined;
  if (isBefore(at, metrics.quote?.at)) metrics.quote = undefined;
  for (const strategy of metrics.strategies.values()) {
    if (isBefore(at, strategy.sizedAt)) strategy.sizedAt = undefined;
    if (isBefore(at, strategy.valuedAt)) strategy.valuedAt = undefined;
  }
  for (const last of state.lastOccurred.values()) last.at = Math.min(last.at, at);
}

function stop(state: MetricsState, { symbol, reason }: SymbolStopped, at: EpochMs): void {
  const metrics = symbolMetrics(state, symbol);
  metrics.stopped = reason !== 'process_exit';
  countQuoting(metrics, at);
  metrics.quoting.upTo = undefined;
  metrics.quote = { at };
}

type Measured = Pick<RiskLimitCleared, 'scope' | 'limit' | 'value' | 'threshold'>;

function measure(state: MetricsState, { scope, limit, value, threshold }: Measured): void {
  const metrics = limitMetrics(state, scope, limit);
  if (value !== undefined) metrics.value = Number(value);
  if (threshold !== undefined) metrics.threshold = Number(threshold);
}

function mark(
  state: MetricsState,
  { symbol, strategy, markPrice, unrealizedPnl }: PositionMarked | MarketSampled,
  at: EpochMs,
): void {
  const metrics = symbolMetrics(state, symbol);
  value(strategyMetrics(metrics, strategy), unrealizedPnl, at);
  if (!isLate(at, metrics.mark?.at)) metrics.mark = { price: markPrice, at };
}

function quote(state: MetricsState, { symbol, bestBid, bestAsk }: MarketSampled, at: EpochMs): void {
  const metrics = symbolMetrics(state, symbol);
  countQuoting(metrics, at);
  if (isLate(at, metrics.quote?.at)) return;
  metrics.quote = {
    at,
    ...(bestBid === undefined ? {} : { bid: bestBid }),
    ...(bestAsk === undefined ? {} : { ask: bestAsk }),
  };
}

/** Realized PnL is per fill and counts whenever it comes; the position that a later fill has changed since stays. */
function changePosition(state: MetricsState, change: PositionChanged, at: EpochMs): void {
  const strategy = strategyMetrics(symbolMetrics(state, change.symbol), change.strategy);
  strategy.realized.add(change.realizedPnl);
  value(strategy, change.unrealizedPnl, at);
  if (isLate(at, strategy.sizedAt)) return;
  strategy.size = change.size;
  strategy.entryPrice = change.entryPrice;
  strategy.sizedAt = at;
}

function value(strategy: StrategyMetrics, unrealized: string, at: EpochMs): void {
  if (isLate(at, strategy.valuedAt)) return;
  strategy.unrealized = unrealized;
  strategy.valuedAt = at;
}
