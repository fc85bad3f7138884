import type { Provider } from '@nestjs/common';
import { getToken } from '@willsoto/nestjs-prometheus';
import { METRIC_CATALOGUE } from '../catalogue/metric-catalogue';
import type { MetricsSource } from '../catalogue/metrics-source';
import { metricView } from './metric-view';
import { type AnyMetric, RegisteredMetrics } from './registered-metrics';

/** Injection token of the function that gives the {@link MetricsSource} of the moment. */
export const METRICS_SOURCE = Symbol('METRICS_SOURCE');

/** The metrics' tokens, which other modules may inject. */
export const metricTokens = METRIC_CATALOGUE.map(({ name }) => getToken(name));

/**
 * The metrics as providers, for `@InjectMetric(name)`, and what registers them at init: nestjs-prometheus' own providers would
 * register them when they are made.
 */
export const metricProviders: Provider[] = [
  ...METRIC_CATALOGUE.map((definition) => ({
    provide: getToken(definition.name),
    inject: [METRICS_SOURCE],
    useFactory: (read: () => MetricsSource) => metricView(definition, read),
  })),
  {
    provide: RegisteredMetrics,
    inject: metricTokens,
    useFactory: (...views: AnyMetric[]) => new RegisteredMetrics(views),
  },
];
