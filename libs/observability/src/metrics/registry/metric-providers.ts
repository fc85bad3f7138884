import type { FactoryProvider, Provider } from '@nestjs/common';
import { makeCounterProvider, makeGaugeProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge, Histogram } from 'prom-client';
import { collectFrom } from './collect-from';
import { METRIC_CATALOGUE, type MetricDefinition } from '../catalogue/metric-catalogue';
import type { MetricsSource } from '../catalogue/metrics-source';

/** Injection token of the function that gives the {@link MetricsSource} of the moment. */
export const METRICS_SOURCE = Symbol('METRICS_SOURCE');

/**
 * The metrics as providers, for `@InjectMetric(name)`. They live in prom-client's global registry; each reads the projected
 * state when it is scraped.
 */
export const metricProviders: Provider[] = METRIC_CATALOGUE.map((definition) => {
  const made = makeProvider(definition);
  return {
    provide: made.provide,
    inject: [METRICS_SOURCE, ...(made.inject ?? [])],
    useFactory: (read: () => MetricsSource, ...rest: unknown[]) =>
      collectFrom(made.useFactory(...rest) as Counter | Gauge | Histogram, definition, read),
  };
});

/** What other modules may inject. */
export const metricTokens = metricProviders.map((provider) => (provider as FactoryProvider).provide);

function makeProvider(definition: MetricDefinition): FactoryProvider {
  const { name, help } = definition;
  const labelNames = [...definition.labels];
  switch (definition.type) {
    case 'counter':
      return makeCounterProvider({ name, help, labelNames }) as FactoryProvider;
    case 'gauge':
      return makeGaugeProvider({ name, help, labelNames }) as FactoryProvider;
    case 'histogram':
      return makeHistogramProvider({
        name,
        help,
        labelNames,
        buckets: [...definition.buckets],
      }) as FactoryProvider;
  }
}
