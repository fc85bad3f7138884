import type { Meter, Observable } from '@opentelemetry/api';
import { METRIC_CATALOGUE } from '../catalogue/metric-catalogue';
import type { MetricDefinition } from '../catalogue/metric-definition';
import type { MetricsSource, Series } from '../catalogue/metrics-source';

/**
 * Makes our metrics instruments of a meter, read all at once when its provider collects. There are no observable histograms: of one, the count
 * and the sum are counters.
 *
 * @param read gives the source of that moment
 * @param onError called with a metric that can't be read; it is then shown without samples
 * @returns ends it
 */
export function joinProvider(
  meter: Meter,
  read: () => MetricsSource,
  onError: (metric: string, error: unknown) => void,
): () => void {
  const instruments = METRIC_CATALOGUE.flatMap((definition) => instrumentsOf(meter, definition));
  const observables = instruments.map(({ observable }) => observable);
  const observe: Parameters<Meter['addBatchObservableCallback']>[0] = (result) => {
    const source = read();
    for (const { name, observable, series } of instruments) {
      try {
        for (const { labels, value } of series(source)) result.observe(observable, value, labels);
      } catch (error) {
        onError(name, error);
      }
    }
  };
  meter.addBatchObservableCallback(observe, observables);
  return () => meter.removeBatchObservableCallback(observe, observables);
}

interface Instrument {
  readonly name: string;
  readonly observable: Observable;
  readonly series: (source: MetricsSource) => Iterable<Series<number>>;
}

function instrumentsOf(meter: Meter, definition: MetricDefinition): readonly Instrument[] {
  const { name, help: description } = definition;
  switch (definition.type) {
    case 'counter':
      return [
        {
          name,
          observable: meter.createObservableCounter(name, { description }),
          series: definition.series,
        },
      ];
    case 'gauge':
      return [
        { name, observable: meter.createObservableGauge(name, { description }), series: definition.series },
      ];
    case 'histogram':
      return (['count', 'sum'] as const).map((part) => ({
        name: `${name}_${part}`,
        observable: meter.createObservableCounter(`${name}_${part}`, { description }),
        *series(source) {
          for (const { labels, value } of definition.series(source)) yield { labels, value: value[part] };
        },
      }));
  }
}
