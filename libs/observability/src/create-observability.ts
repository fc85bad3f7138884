import { NestFactory } from '@nestjs/core';
import type { LoggerService } from '@nestjs/common';
import { AlertService } from './alerts/runtime/alert.service';
import type { ComponentHealth } from './health/component-health';
import { HealthService } from './health/health.service';
import { EventRecorder } from './ingest/event-recorder';
import { TradingEvents } from './ingest/trading-events';
import { MetricsPage } from './metrics/http/metrics-page';
import { ObservabilityModule } from './observability.module';
import type { RootOptions } from './options/options.module';

/** Metrics, health and alerts of a process that has no Nest application. */
export interface Observability {
  /** States facts of trading. */
  readonly events: TradingEvents;
  readonly alerts: AlertService;
  /** The text of `/metrics`, and its content type. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
  /** Each component that trading needs, with its state and reason: what `/health/ready` says. */
  health(): Readonly<Record<string, ComponentHealth>>;
  /** Writes and sends what is under way, and ends. */
  close(): Promise<void>;
}

/** The options of {@link createObservability}: those of the module, and where its log lines go. */
export interface CreateOptions extends Omit<RootOptions, 'isGlobal' | 'imports'> {
  /** @default Nest's console logger, warnings and errors */
  readonly logger?: LoggerService;
}

/**
 * Starts what `ObservabilityModule` does in a process of its own making: a plain script, a worker. It listens on no port unless
 * `telemetry.metricsPort` names one, which then serves `/metrics`; events go to `events`. SIGTERM and SIGINT are left to the process,
 * which calls `close()`.
 *
 * @throws ObservabilityOptionsError (rejects) with every violation of the options
 * @example
 * const { events, close } = await createObservability({ telemetry: { metricsPort: 9464 }, eventLog: { kind: 'sqlite' } });
 * events.filled({ symbol: 'BTCUSDT', strategy: 'mine', orderId: '1', fillId: '1', side: 'buy', price: 60_000,
 *   quantity: 0.1, remaining: 0, fee: 0, feeAsset: 'USDT' });
 * process.once('SIGTERM', () => void close());
 */
export async function createObservability({
  logger,
  ...options
}: CreateOptions = {}): Promise<Observability> {
  const app = await NestFactory.createApplicationContext(ObservabilityModule.forRoot(options), {
    logger: logger ?? ['warn', 'error', 'fatal'],
    abortOnError: false,
  });
  await app.get(EventRecorder).ready();
  return {
    events: app.get(TradingEvents),
    alerts: app.get(AlertService),
    async metrics() {
      const { contentType, body } = await app.get(MetricsPage).render();
      return { contentType, text: Buffer.concat(body).toString() };
    },
    health: () => Object.fromEntries(app.get(HealthService, { strict: false }).readiness()),
    close: () => app.close(),
  };
}
