import { type Codec, asIs, codecOf, mapOf, optional, recordOf } from '../intake/state-codec';
import { ExactSum } from './exact-sum';
import { type HistogramState, histogram } from './histogram';
import type { MetricsState, StrategyMetrics, SymbolMetrics } from './metrics.state';

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
  shown: asIs(),
  sides: asIs(),
  openOrders: mapOf(asIs()),
  volume: exactSum,
  strategies: mapOf(
    recordOf<StrategyMetrics>({
      profit: exactSum,
      loss: exactSum,
      unrealized: optional(asIs<string>()),
      size: optional(asIs<string>()),
      panics: asIs(),
    }),
  ),
  tickToTrade: optional(histogramState),
});

/** How the metrics' state is written into a snapshot and read back. */
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
