import { type Codec, asIs, codecOf, mapOf, optional, recordOf } from '../../projections/state-codec';
import { exactSum } from '../../projections/exact-sum';
import { type HistogramState, histogram } from './histogram';
import { RealizedPnl } from './realized-pnl';
import type { MetricsState, StrategyMetrics, SymbolMetrics } from './metrics.state';

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
