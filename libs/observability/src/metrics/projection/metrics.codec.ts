import { EVENT_CATALOGUE, type EventType } from '@opensqt/trading-events';
import type { LivePart } from '../../projections/projection';
import { type Codec, asIs, codecOf, mapOf, optional, recordOf } from '../../projections/state-codec';
import { exactSum } from '../../projections/exact-sum';
import { type HistogramState, histogram } from './histogram';
import { RealizedPnl } from './realized-pnl';
import {
  type MetricsState,
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

const symbol = recordOf<SymbolMetrics>({
  shown: asIs(),
  sides: asIs(),
  openOrders: mapOf(asIs()),
  volume: exactSum,
  strategies: mapOf(
    recordOf<StrategyMetrics>({
      realized: realizedPnl,
      unrealized: optional(asIs<string>()),
      size: optional(asIs<string>()),
      panics: asIs(),
    }),
  ),
  tickToTrade: optional(histogramState),
});

/** Writes the metrics' state into a snapshot and reads it back. */
export const metricsCodec = codecOf<MetricsState>({
  symbols: mapOf(symbol),
  breakers: mapOf(asIs()),
  limits: mapOf(mapOf(asIs())),
  connections: mapOf(mapOf(asIs())),
  calls: mapOf(mapOf(histogramState)),
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
}

interface LiveMetrics {
  readonly calls: MetricsState['calls'];
  readonly lastOccurred: MetricsState['lastOccurred'];
  readonly valuations: readonly Valuation[];
}

const NOTHING: LiveMetrics = { calls: new Map(), lastOccurred: new Map(), valuations: [] };
const liveCodec = recordOf<LiveMetrics>({
  calls: mapOf(mapOf(histogramState)),
  lastOccurred: mapOf(asIs()),
  valuations: asIs(),
});

/** The metrics that the log can't give: call latencies, marked positions, and when each live event last came. */
export const liveMetrics: LivePart<MetricsState> = {
  encode: ({ calls, lastOccurred, symbols }) =>
    liveCodec.encode({
      calls,
      lastOccurred: new Map([...lastOccurred].filter(([type]) => isLive(type))),
      valuations: [...valuationsIn(symbols)],
    }),
  restore: (state, kept) => {
    const { calls, lastOccurred, valuations } = kept === undefined ? NOTHING : liveCodec.decode(kept);
    for (const [exchange, operations] of calls) state.calls.set(exchange, operations);
    for (const [type, last] of lastOccurred) state.lastOccurred.set(type, last);
    for (const { strategies } of state.symbols.values())
      for (const metrics of strategies.values()) if (!isFlat(metrics)) metrics.unrealized = undefined;
    for (const { symbol, strategy, size, unrealized } of valuations) {
      const metrics = strategyMetrics(symbolMetrics(state, symbol), strategy);
      if (metrics.size === size) metrics.unrealized = unrealized;
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
    for (const [strategy, { size, unrealized }] of strategies)
      if (unrealized !== undefined) yield { symbol, strategy, size, unrealized };
  }
}
