import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';

/**
 * Puts the instruments of OpenTelemetry's global MeterProvider into the same `/metrics` body: whoever has instrumented with
 * OpenTelemetry need not change anything. The provider is the global one from init until the application has ended.
 */
@Injectable()
export class OpenTelemetryMetrics implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Metrics');
  private readonly exporter = new PrometheusExporter({ preventServerStart: true });
  private readonly serializer = new PrometheusSerializer();
  private provider: MeterProvider | undefined;
  private isGlobal = false;

  onModuleInit(): void {
    this.provider = new MeterProvider({ readers: [this.exporter] });
    this.isGlobal = metrics.setGlobalMeterProvider(this.provider);
    if (!this.isGlobal) {
      this.logger.warn(
        'OpenTelemetry has a global MeterProvider already: its instruments go where that one sends them, not to /metrics.',
      );
    }
  }

  /** The instruments in the Prometheus text format; empty when there are none. */
  async render(): Promise<string> {
    if (this.provider === undefined) return '';
    const { resourceMetrics, errors } = await this.exporter.collect();
    for (const error of errors) this.logger.warn(`An OpenTelemetry instrument failed: ${String(error)}`);
    const instruments = resourceMetrics.scopeMetrics.some(({ metrics }) => metrics.length > 0);
    return instruments ? this.serializer.serialize(resourceMetrics) : '';
  }

  async onApplicationShutdown(): Promise<void> {
    const { provider } = this;
    this.provider = undefined;
    if (this.isGlobal) metrics.disable();
    this.isGlobal = false;
    await provider?.shutdown();
  }
}
