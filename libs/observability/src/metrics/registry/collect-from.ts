import { Logger } from '@nestjs/common';
import type { Counter, Gauge, Histogram } from 'prom-client';
import type { HistogramState } from '../projection/histogram';
import type { MetricDefinition } from '../catalogue/metric-catalogue';
import type { MetricsSource, Series } from '../catalogue/metrics-source';

/** prom-client's own store: its public calls could only add to it, a view has to replace it. Kept to 15.1 by the lockfile. */
interface MetricStore {
  hashMap: Record<string, unknown>;
  collect?: () => void;
}

const logger = new Logger('Metrics');

/**
 * Turns a Prometheus metric into a view: at each scrape its `collect()` replaces what it holds by what the state says. What
 * is set on it directly is gone with the next scrape.
 *
 * @param read gives the source of that moment
 */
export function collectFrom<Metric extends Counter | Gauge | Histogram>(
  metric: Metric,
  definition: MetricDefinition,
  read: () => MetricsSource,
): Metric {
  const store = metric as unknown as MetricStore;
  store.collect = () => {
    try {
      store.hashMap =
        definition.type === 'histogram'
          ? copy(definition.series(read()), histogramEntry)
          : copy(definition.series(read()), numberEntry);
    } catch (error) {
      logger.error(`${definition.name} could not be read and shows its last values: ${String(error)}`);
    }
  };
  return metric;
}

function copy<Value>(
  series: Iterable<Series<Value>>,
  entry: (series: Series<Value>) => unknown,
): Record<string, unknown> {
  const entries: Record<string, unknown> = {};
  let key = 0;
  for (const one of series) entries[key++] = entry(one);
  return entries;
}

function numberEntry({ labels, value }: Series<number>): unknown {
  return { labels, value };
}

function histogramEntry({ labels, value }: Series<HistogramState>): unknown {
  const bucketValues = Object.fromEntries(value.bounds.map((bound, i) => [bound, value.counts[i] ?? 0]));
  return { labels, bucketValues, sum: value.sum, count: value.count };
}
