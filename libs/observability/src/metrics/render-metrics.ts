import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { collectFrom } from './collect-from';
import { METRIC_CATALOGUE, type MetricDefinition } from './metric-catalogue';
import type { MetricsSource } from './metrics-source';

/**
 * Our metrics as `/metrics` would show them, from any state and without an application: what `replay` prints.
 *
 * @returns the Prometheus text format
 */
export async function renderMetrics(source: MetricsSource): Promise<string> {
  const registry = new Registry();
  for (const definition of METRIC_CATALOGUE) {
    collectFrom(makeMetric(definition, registry), definition, () => source);
  }
  return registry.metrics();
}

function makeMetric(definition: MetricDefinition, registry: Registry): Counter | Gauge | Histogram {
  const { name, help } = definition;
  const configuration = { name, help, labelNames: [...definition.labels], registers: [registry] };
  switch (definition.type) {
    case 'counter':
      return new Counter(configuration);
    case 'gauge':
      return new Gauge(configuration);
    case 'histogram':
      return new Histogram({ ...configuration, buckets: [...definition.buckets] });
  }
}
