import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { createEvent } from '@opensqt/trading-events';
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { register } from 'prom-client';
import { ObservabilityModule } from '../../observability.module';
import { MetricsPage } from '../http/metrics-page';

const call = createEvent('exchange.call_completed', {
  ...{ exchange: 'paper', operation: 'place_order', durationMs: 12, outcome: 'ok' },
} as Parameters<typeof createEvent<'exchange.call_completed'>>[1]);

describe('OpenTelemetry', () => {
  beforeEach(() => register.clear());
  afterEach(() => {
    metrics.disable();
    jest.resetModules();
  });

  async function application() {
    const testing = await Test.createTestingModule({
      imports: [
        EventEmitterModule.forRoot(),
        ObservabilityModule.forRoot({ telemetry: { openTelemetry: true } }),
      ],
    }).compile();
    const app = testing.createNestApplication({ logger: false });
    await app.init();
    app.get(EventEmitter2).emit(call.type, call);
    const page = async (): Promise<string> =>
      Buffer.concat((await app.get(MetricsPage).render()).body).toString();
    return { app, page };
  }

  it('says whose metrics they are, as OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have it', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      OTEL_SERVICE_NAME: 'mm-btc-1',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment=live,team=desk%20one',
    });
    try {
      const { app, page } = await application();
      metrics.getMeter('funding').createCounter('funding_payments').add(3);
      const target = /^target_info\{(.*)\} 1$/m.exec(await page())?.[1];
      expect(target).toContain('service_name="mm-btc-1"');
      expect(target).toContain('deployment_environment="live"');
      expect(target).toContain('team="desk one"');
      await app.close();
    } finally {
      process.env = before;
    }
  });

  it('has our metrics in a MeterProvider of the host, and lets go of it when the application ends', async () => {
    const reader = new PrometheusExporter({ preventServerStart: true });
    metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
    const shown = async (): Promise<string> =>
      new PrometheusSerializer().serialize((await reader.collect()).resourceMetrics);
    const { app } = await application();
    const text = await shown();
    expect(text).toMatch(/^market_maker_exchange_calls_total\{.*outcome="ok".*\} 1$/m);
    expect(text).toMatch(
      /^market_maker_latency_exchange_ms_sum(_total)?\{.*operation="place_order".*\} 12$/m,
    );
    await app.close();
    expect((await reader.collect()).errors).toEqual([]);
  });

  it('shows instruments that were made at import time, where telemetry is imported first', async () => {
    await import('../../telemetry.js');
    const early = metrics.getMeter('imported').createCounter('imported_early');
    for (let run = 1; run <= 2; run++) {
      const { app, page } = await application();
      early.add(1);
      expect(await page()).toMatch(new RegExp(`^imported_early_total\\{.*\\} ${run}$`, 'm'));
      await app.close();
    }
  });
});
