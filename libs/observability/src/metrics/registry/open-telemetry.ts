import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/**
 * Puts the instruments of OpenTelemetry's global MeterProvider into the same `/metrics` body: whoever has instrumented with
 * OpenTelemetry need not change anything.
 */
@Injectable()
export class OpenTelemetryMetrics implements OnApplicationShutdown {
  private readonly logger = new Logger('Metrics');
  private readonly exporter = new PrometheusExporter({ preventServerStart: true });
  private readonly serializer = new PrometheusSerializer();
  private readonly provider = new MeterProvider({ readers: [this.exporter] });
  private readonly isGlobal = metrics.setGlobalMeterProvider(this.provider);

  constructor() {
    if (!this.isGlobal) {
      this.logger.warn(
        'OpenTelemetry has a global MeterProvider already: its instruments go where that one sends them, not to /metrics.',
      );
    }
  }

  /** The instruments in the Prometheus text format; empty when there are none. */
  async render(): Promise<string> {
    const { resourceMetrics, errors } = await this.exporter.collect();
    for (const error of errors) this.logger.warn(`An OpenTelemetry instrument failed: ${String(error)}`);
    const instruments = resourceMetrics.scopeMetrics.some(({ metrics }) => metrics.length > 0);
    return instruments ? this.serializer.serialize(resourceMetrics) : '';
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.isGlobal) metrics.disable();
    await this.provider.shutdown();
  }
}
