import type { Meter, Observable, ObservableResult } from '@opentelemetry/api';
import { METRIC_CATALOGUE } from '../catalogue/metric-catalogue';
import type { MetricDefinition } from '../catalogue/metric-definition';
import type { MetricsSource, Series } from '../catalogue/metrics-source';

/**
 * Makes our metrics instruments of a meter, read when its provider collects. There are no observable histograms: of one, the count and the
 * sum are counters.
 *
 * @param read gives the source of that moment
 * @returns ends it
 */
export function joinProvider(meter: Meter, read: () => MetricsSource): () => void {
  const ends = METRIC_CATALOGUE.flatMap((definition) =>
    instrumentsOf(meter, definition).map(([instrument, series]) => {
      const observe = (result: ObservableResult): void => {
        for (const { labels, value } of series(read())) result.observe(value, labels);
      };
      instrument.addCallback(observe);
      return () => instrument.removeCallback(observe);
    }),
  );
  return () => {
    for (const end of ends) end();
  };
}

type Instrument = readonly [Observable, (source: MetricsSource) => Iterable<Series<number>>];

function instrumentsOf(meter: Meter, definition: MetricDefinition): readonly Instrument[] {
  const { name, help: description } = definition;
  switch (definition.type) {
    case 'counter':
      return [[meter.createObservableCounter(name, { description }), definition.series]];
    case 'gauge':
      return [[meter.createObservableGauge(name, { description }), definition.series]];
    case 'histogram':
      return (['count', 'sum'] as const).map((part) => [
        meter.createObservableCounter(`${name}_${part}`, { description }),
        function* (source) {
          for (const { labels, value } of definition.series(source)) yield { labels, value: value[part] };
        },
      ]);
  }
}
