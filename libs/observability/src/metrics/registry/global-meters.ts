import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { defaultResource, detectResources, envDetector } from '@opentelemetry/resources';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/** A MeterProvider that is read on demand, and whether it is OpenTelemetry's global one. */
export interface Meters {
  readonly reader: PrometheusExporter;
  readonly provider: MeterProvider;
  readonly isGlobal: boolean;
}

let early: Meters | undefined;

/** The provider that this process registered before anything else; undefined where it did not. */
export function earlyMeters(): Meters | undefined {
  return early;
}

/** Registers the provider for the life of the process, so that instruments made from now on belong to it. */
export function registerEarly(): void {
  early ??= registerMeters();
}

/** Makes a provider, and the global one of it where there is none. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` name what it is of. */
export function registerMeters(): Meters {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const resource = defaultResource().merge(detectResources({ detectors: [envDetector] }));
  const provider = new MeterProvider({ readers: [reader], resource });
  return { reader, provider, isGlobal: metrics.setGlobalMeterProvider(provider) };
}
