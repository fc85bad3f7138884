import { EVENT_CATALOGUE, type EventType } from '@opensqt/trading-events';
import type { LivePart } from '../../projections/projection';
import { type Codec, asIs, codecOf, mapOf, optional, recordOf } from '../../projections/state-codec';
import { exactSum } from '../../projections/exact-sum';
import { type HistogramState, histogram } from './histogram';
import { RealizedPnl } from './realized-pnl';
import {
  type CallMetrics,
  type FeeMetrics,
  type LimitMetrics,
  type Mark,
  type MetricsState,
  type Quote,
  type QuotingTime,
  type StrategyMetrics,
  type SymbolMetrics,
  strategyMetrics,
  symbolMetrics,
} from './metrics.state';

const realizedPnl: Codec<RealizedPnl> = {
  encode: ({ profit, loss }) => [profit.toString(), loss.toString()],
  decode: (encoded) => {
    const [profit, loss] = encoded as readonly [string, string];
    const realized = new RealizedPnl();
    realized.add(profit);
    realized.add(`-${loss}`);
    return realized;
  },
};

const histogramState: Codec<HistogramState> = {
  encode: ({ bounds, counts, count, sum }) => ({ bounds, counts, count, sum }),
  decode: (encoded) => {
    const { bounds, counts, count, sum } = encoded as HistogramState;
    return { ...histogram(bounds), counts: [...counts], count, sum };
  },
};

const callMetrics: Codec<CallMetrics> = {
  encode: (calls) => histogramState.encode(calls),
  decode: (encoded) => ({ ...histogramState.decode(encoded), isLive: false }),
};

const symbol = recordOf<SymbolMetrics>({
  stopped: asIs(),
  sides: asIs(),
  openOrders: mapOf(asIs()),
  closedOrders: mapOf(asIs()),
  volume: exactSum,
  turnover: exactSum,
  fees: mapOf(recordOf<FeeMetrics>({ paid: exactSum, received: exactSum })),
  rejected: mapOf(asIs()),
  canceled: mapOf(asIs()),
  strategies: mapOf(
    recordOf<StrategyMetrics>({
      realized: realizedPnl,
      unrealized: optional(asIs<string>()),
      size: optional(asIs<string>()),
      entryPrice: optional(asIs<string>()),
      panics: asIs(),
      sizedAt: optional(asIs<number>()),
      valuedAt: optional(asIs<number>()),
    }),
  ),
  tickToTrade: histogramState,
  timeToFill: histogramState,
  quoting: recordOf<QuotingTime>({ ms: asIs(), upTo: optional(asIs<number>()) }),
  mark: optional(asIs<Mark>()),
  quote: optional(asIs<Quote>()),
});

const limit = recordOf<LimitMetrics>({
  breached: optional(asIs<boolean>()),
  value: optional(asIs<number>()),
  threshold: optional(asIs<number>()),
});

/** Writes the metrics' state into a snapshot and reads it back. */
export const metricsCodec = codecOf<MetricsState>({
  begins: asIs(),
  symbols: mapOf(symbol),
  breakers: mapOf(asIs()),
  limits: mapOf(mapOf(limit)),
  connections: mapOf(mapOf(asIs())),
  calls: mapOf(mapOf(callMetrics)),
  callOutcomes: mapOf(mapOf(asIs())),
  alertsRaised: mapOf(mapOf(asIs())),
  deliveries: mapOf(mapOf(asIs())),
  deliveryLatency: mapOf(histogramState),
  lastOccurred: mapOf(asIs()),
});

/** A position's value at its last mark, and the size that was valued. */
interface Valuation {
  readonly symbol: string;
  readonly strategy: string;
  readonly size: string | undefined;
  readonly unrealized: string;
  readonly at: number | undefined;
}

/** The price and our quotes of a symbol, as they were last seen. */
interface Market {
  readonly symbol: string;
  readonly mark: Mark | undefined;
  readonly quote: Quote | undefined;
}

interface LiveMetrics {
  readonly begin: number | undefined;
  readonly calls: MetricsState['calls'];
  readonly callOutcomes: MetricsState['callOutcomes'];
  readonly lastOccurred: MetricsState['lastOccurred'];
  readonly valuations: readonly Valuation[];
  readonly markets: readonly Market[];
  readonly limits: MetricsState['limits'];
}

const NOTHING: LiveMetrics = {
  begin: undefined,
  calls: new Map(),
  callOutcomes: new Map(),
  lastOccurred: new Map(),
  valuations: [],
  markets: [],
  limits: new Map(),
};
const liveCodec = recordOf<LiveMetrics>({
  begin: optional(asIs<number>()),
  calls: mapOf(mapOf(callMetrics)),
  callOutcomes: mapOf(mapOf(asIs())),
  lastOccurred: mapOf(asIs()),
  valuations: asIs(),
  markets: asIs(),
  limits: mapOf(mapOf(limit)),
});

/**
 * The metrics that the log can't give: calls, marked positions, measures of risk, and when each live event last came. What it has of them
 * are samples, which end before the process did: a series must neither go back nor show what was.
 */
export const liveMetrics: LivePart<MetricsState> = {
  encode: ({ begins, calls, callOutcomes, lastOccurred, symbols, limits }) =>
    liveCodec.encode({
      begin: begins.live,
      calls,
      callOutcomes,
      lastOccurred: new Map([...lastOccurred].filter(([type]) => isLive(type))),
      valuations: [...valuationsIn(symbols)],
      markets: [...symbols].map(([symbol, { mark, quote }]) => ({ symbol, mark, quote })),
      limits,
    }),
  restore: (state, kept) => {
    const live = kept === undefined ? NOTHING : liveCodec.decode(kept);
    const { begin, calls, callOutcomes, lastOccurred, valuations, markets, limits } = live;
    delete state.begins.live;
    if (begin !== undefined) state.begins.live = begin;
    state.calls.clear();
    for (const [exchange, operations] of calls) state.calls.set(exchange, operations);
    for (const outcomes of state.callOutcomes.values())
      for (const outcome of outcomes.keys()) outcomes.set(outcome, 0);
    for (const [exchange, outcomes] of callOutcomes) state.callOutcomes.set(exchange, outcomes);
    for (const [type, last] of lastOccurred) state.lastOccurred.set(type, last);
    for (const metrics of state.symbols.values()) {
      metrics.mark = metrics.quote = undefined;
      for (const strategy of metrics.strategies.values())
        if (!isFlat(strategy)) strategy.unrealized = undefined;
    }
    for (const { symbol, strategy, size, unrealized, at } of valuations) {
      const metrics = strategyMetrics(symbolMetrics(state, symbol), strategy);
      if (metrics.size === size) Object.assign(metrics, { unrealized, valuedAt: at });
    }
    for (const { symbol, mark, quote } of markets)
      Object.assign(symbolMetrics(state, symbol), { mark, quote });
    for (const [scope, ofScope] of state.limits) {
      for (const [name, metrics] of ofScope) {
        const { value, threshold } = limits.get(scope)?.get(name) ?? {};
        Object.assign(metrics, { value, threshold });
      }
    }
  },
};

function isLive(type: EventType): boolean {
  return EVENT_CATALOGUE[type].kept === 'live';
}

/** No mark changes the value of a position that is closed. */
function isFlat({ size }: StrategyMetrics): boolean {
  return size !== undefined && Number(size) === 0;
}

function* valuationsIn(symbols: MetricsState['symbols']): Iterable<Valuation> {
  for (const [symbol, { strategies }] of symbols) {
    for (const [strategy, { size, unrealized, valuedAt: at }] of strategies)
      if (unrealized !== undefined) yield { symbol, strategy, size, unrealized, at };
  }
}
