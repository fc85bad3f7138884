import type { Provider } from '@nestjs/common';
import { getToken } from '@willsoto/nestjs-prometheus';
import { register } from 'prom-client';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { METRIC_CATALOGUE } from '../catalogue/metric-catalogue';
import type { MetricsSource } from '../catalogue/metrics-source';
import { metricView } from './metric-view';
import { type AnyMetric, type AnyRegistry, METRICS_REGISTRY, RegisteredMetrics } from './registered-metrics';

/** Injection token of the function that gives the {@link MetricsSource} of the moment. */
export const METRICS_SOURCE = Symbol('METRICS_SOURCE');

/** The metrics' tokens, which other modules may inject. */
export const metricTokens = METRIC_CATALOGUE.map(({ name }) => getToken(name));

/**
 * The metrics as providers, for `@InjectMetric(name)`, and what registers them at init: nestjs-prometheus' own providers would
 * register them when they are made.
 */
export const metricProviders: Provider[] = [
  {
    provide: METRICS_REGISTRY,
    inject: [OBSERVABILITY_OPTIONS],
    useFactory: ({ registry = register }: ResolvedOptions): AnyRegistry => registry,
  },
  ...METRIC_CATALOGUE.map((definition) => ({
    provide: getToken(definition.name),
    inject: [METRICS_SOURCE],
    useFactory: (read: () => MetricsSource) => metricView(definition, read),
  })),
  {
    provide: RegisteredMetrics,
    inject: [OBSERVABILITY_OPTIONS, METRICS_REGISTRY, ...metricTokens],
    useFactory: ({ telemetry }: ResolvedOptions, registry: AnyRegistry, ...views: AnyMetric[]) =>
      new RegisteredMetrics(registry, views, telemetry.defaultMetrics),
  },
];
