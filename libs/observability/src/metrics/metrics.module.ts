import { Module } from '@nestjs/common';
import { OBSERVABILITY_OPTIONS } from '../options/options.module';
import type { ResolvedOptions } from '../options/observability-options';
import { metricProviders, metricTokens } from './registry/metric-providers';
import { METRICS_ADDRESS, MetricsListener } from './http/metrics-listener';
import { METRICS_ON_APPLICATION, MetricsPage } from './http/metrics-page';
import { OpenTelemetryMetrics } from './registry/open-telemetry';
import { ShownMetrics } from './registry/shown-metrics';

/** Renders the metrics. Imports the options, the ingest, and a module that provides the `METRICS_SOURCE`: metrics know no other room. */
@Module({
  providers: [
    {
      provide: METRICS_ADDRESS,
      inject: [OBSERVABILITY_OPTIONS],
      useFactory: ({
        telemetry: { metricsEnabled, metricsHost: host, metricsPort: port },
      }: ResolvedOptions) => (metricsEnabled && port !== undefined ? { host, port } : undefined),
    },
    {
      provide: METRICS_ON_APPLICATION,
      inject: [OBSERVABILITY_OPTIONS],
      useFactory: ({ telemetry: { metricsEnabled, metricsPort } }: ResolvedOptions) =>
        metricsEnabled && metricsPort === undefined,
    },
    ...metricProviders,
    OpenTelemetryMetrics,
    ShownMetrics,
    MetricsPage,
    MetricsListener,
  ],
  exports: [MetricsPage, MetricsListener, OpenTelemetryMetrics, ShownMetrics, ...metricTokens],
})
export class MetricsModule {}
