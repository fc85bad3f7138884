import type { MetricsSource, Series } from './metrics-source';
import { type StrategyMetrics, type SymbolMetrics, isShown } from '../projection/metrics.state';
import type { HistogramState } from '../projection/histogram';

export type Numbers = Iterable<Series<number>>;
export type Histograms = Iterable<Series<HistogramState>>;

/** The symbols that have series. */
export function* shownSymbols({ state }: MetricsSource): Iterable<readonly [string, SymbolMetrics]> {
  for (const entry of state.symbols) if (isShown(entry[1])) yield entry;
}

/** A series for each symbol whose value is known. */
export function* perSymbol(
  source: MetricsSource,
  read: (metrics: SymbolMetrics) => number | undefined,
): Numbers {
  for (const [symbol, metrics] of shownSymbols(source)) {
    const value = read(metrics);
    if (value !== undefined) yield { labels: { symbol }, value };
  }
}

/** A series for each strategy of each symbol whose value is known. */
export function* perStrategy(
  source: MetricsSource,
  read: (metrics: StrategyMetrics) => number | undefined,
): Numbers {
  for (const [symbol, { strategies }] of shownSymbols(source)) {
    for (const [strategy, metrics] of strategies) {
      const value = read(metrics);
      if (value !== undefined) yield { labels: { symbol, strategy }, value };
    }
  }
}
