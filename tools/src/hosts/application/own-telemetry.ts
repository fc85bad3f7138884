import { metrics } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';

/** The application's own telemetry. */
export interface OwnTelemetry {
  /** The names of the instruments that have arrived where the application sends them. */
  collected(): Promise<readonly string[]>;
}

/** Makes the global provider and counts with an instrument of the API, as an application does that has OpenTelemetry already. */
export function ownMeterProvider(): OwnTelemetry {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  if (!metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] })))
    throw new Error('Somebody has made a global MeterProvider.');
  return {
    async collected() {
      metrics.getMeter('own').createCounter('own_orders').add(1);
      await reader.forceFlush();
      return exporter
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics)
        .flatMap((scope) => scope.metrics.map(({ descriptor }) => descriptor.name));
    },
  };
}
