import type { Side } from '@opensqt/trading-events';
import { type Codec, asIs, codecOf, mapOf, optional, recordOf } from '../intake/state-codec';
import { ExactSum } from './exact-sum';
import { type HistogramState, histogram } from './histogram';
import {
  type MetricsState,
  type StrategyMetrics,
  type SymbolMetrics,
  initialMetrics,
  symbolMetrics,
} from './metrics.state';

const exactSum: Codec<ExactSum> = {
  encode: (sum) => sum.toString(),
  decode: (encoded) => {
    const sum = new ExactSum();
    sum.add(String(encoded));
    return sum;
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
  symbol: asIs(),
  shown: asIs(),
  placed: mapOf(mapOf(asIs())),
  filled: mapOf(asIs()),
  active: mapOf(asIs()),
  volume: exactSum,
  strategies: mapOf(
    recordOf<StrategyMetrics>({
      profit: exactSum,
      loss: exactSum,
      net: exactSum,
      unrealized: optional(asIs<string>()),
      size: optional(asIs<string>()),
      panics: asIs(),
    }),
  ),
  tickToTrade: optional(histogramState),
});

type OpenOrders = MetricsState['openOrders'];

/** Open orders belong to their symbol's record; written down, they name it. */
const writtenOrders = mapOf<string, readonly [symbol: string, side: Side]>(asIs());

const fields = codecOf<Omit<MetricsState, 'openOrders'>>({
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

/** How the metrics' state is written into a snapshot and read back. */
export const metricsCodec = {
  encode: (state: MetricsState): Readonly<Record<string, unknown>> => ({
    ...fields.encode(state),
    openOrders: ordersOf(state.openOrders),
  }),
  decode: (encoded: Readonly<Record<string, unknown>>): MetricsState => {
    const state: MetricsState = { ...initialMetrics(), ...fields.decode(encoded) };
    for (const [key, [of, side]] of writtenOrders.decode(encoded['openOrders'])) {
      state.openOrders.set(key, { of: symbolMetrics(state, of), side });
    }
    return state;
  },
};

function* ordersOf(orders: OpenOrders): Iterable<readonly [key: string, order: readonly [string, Side]]> {
  for (const [key, { of, side }] of orders) yield [key, [of.symbol, side]];
}
