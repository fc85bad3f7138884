import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { sentence } from '../../format/format';
import type { MetricsSource } from '../catalogue/metrics-source';
import { joinProvider } from './join-provider';
import { METRICS_SOURCE } from './metric-providers';
import { withLegalLabels, withoutRepeats } from './open-telemetry-text';

/** An observable's callback that takes longer costs its own instrument. */
const CALLBACK_TIMEOUT_MS = 1_000;
/** Kinds of failures that are remembered as said. */
const MAX_REPORTED = 100;

const PACKAGES =
  '@opentelemetry/api @opentelemetry/sdk-metrics @opentelemetry/resources @opentelemetry/exporter-prometheus';
/** The meter that our metrics are instruments of, in a provider of the host. */
const METER = '@opensqt/observability';

/** The parts that were made when the application started, as far as they are ours. */
interface Instruments {
  collect(): Promise<ResourceMetrics>;
  text(metrics: ResourceMetrics, taken: ReadonlySet<string>): string;
  end(): Promise<void>;
}

/**
 * Puts, if asked for, the instruments of OpenTelemetry's global MeterProvider into the same `/metrics` body: whoever has instrumented with
 * OpenTelemetry need not change anything. The provider is the global one from init until the application has ended,
 * or for good where `telemetry.ts` has registered it before. In a provider of the host our metrics are instruments instead.
 */
@Injectable()
export class OpenTelemetryMetrics implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Metrics');
  private readonly reported = new Set<string>();
  private instruments: Instruments | undefined;

  constructor(
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(METRICS_SOURCE) private readonly source: () => MetricsSource,
  ) {}

  async onModuleInit(): Promise<void> {
    if (!this.options.telemetry.openTelemetry) return;
    const { metrics, PrometheusSerializer, earlyMeters, registerMeters } = await packages();
    const early = earlyMeters();
    const { reader, provider, isGlobal } = early ?? registerMeters();
    const serializer = new PrometheusSerializer();
    const leave = isGlobal
      ? undefined
      : joinProvider(
          metrics.getMeterProvider().getMeter(METER, this.options.version),
          this.source,
          (metric, error) => this.report(`${metric} could not be read and has no samples: ${String(error)}`),
        );
    this.instruments = {
      collect: async () => {
        const { resourceMetrics, errors } = await reader.collect({ timeoutMillis: CALLBACK_TIMEOUT_MS });
        for (const error of errors) this.report(`An OpenTelemetry instrument failed: ${String(error)}`);
        return resourceMetrics;
      },
      text: (resourceMetrics, taken) => {
        const hasAny = resourceMetrics.scopeMetrics.some((scope) => scope.metrics.length > 0);
        if (!hasAny) return '';
        return withoutRepeats(serializer.serialize(withLegalLabels(resourceMetrics)), taken, (metric) =>
          this.report(
            `The OpenTelemetry instrument ${metric} is not shown whole: others have its name or its labels.`,
          ),
        );
      },
      end: async () => {
        leave?.();
        if (early !== undefined) return; // it is the process's
        if (isGlobal) metrics.disable();
        await provider.shutdown();
      },
    };
    if (!isGlobal) {
      this.logger.log(
        'OpenTelemetry has a global MeterProvider already: its instruments go where that one sends them, not to /metrics, and our metrics with them.',
      );
    }
  }

  /**
   * The instruments in the Prometheus text format; empty when there are none.
   *
   * @param taken names of metrics that the page has already
   */
  async render(taken: ReadonlySet<string>): Promise<string> {
    const { instruments } = this;
    return instruments === undefined ? '' : instruments.text(await instruments.collect(), taken);
  }

  /** The instruments by scope: `ScopeMetrics` of @opentelemetry/sdk-metrics, which applications that compile against this need not have. */
  async collect(): Promise<readonly unknown[]> {
    return (await this.instruments?.collect())?.scopeMetrics ?? [];
  }

  async onApplicationShutdown(): Promise<void> {
    const { instruments } = this;
    this.instruments = undefined;
    await instruments?.end();
  }

  private report(message: string): void {
    if (this.reported.has(message) || this.reported.size >= MAX_REPORTED) return;
    this.reported.add(message);
    this.logger.warn(`${sentence(message)} Said once.`);
  }
}

/** The packages, which only an application that asks for them installs. */
async function packages() {
  try {
    return {
      ...(await import('@opentelemetry/api')),
      ...(await import('@opentelemetry/exporter-prometheus')),
      ...(await import('./global-meters.js')),
    };
  } catch (cause) {
    throw new Error(`telemetry.openTelemetry needs packages: npm install ${PACKAGES}.`, { cause });
  }
}
