import { Logger } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { createEvent } from '@opensqt/trading-events';
import { type ObservableCallback, metrics } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { Gauge, register } from 'prom-client';
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

  it('costs its own alone where a callback or a collector throws, hangs or collides, and says so once', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockReset();
    const { app, page } = await application();
    const meter = metrics.getMeter('funding');
    const gauge = (name: string, callback: ObservableCallback) =>
      meter.createObservableGauge(name).addCallback(callback);
    gauge('funding_rate', (result) => result.observe(7));
    gauge('throws_at_once', () => {
      throw new Error('no feed');
    });
    gauge('rejects', () => Promise.reject(new Error('no answer')));
    gauge('hangs', () => new Promise<void>(() => undefined));
    gauge('market_maker_orders_filled_total', (result) => result.observe(666));
    gauge('of_the_host', (result) => result.observe(667));
    const collected = (name: string, collect: (this: Gauge) => void | Promise<void>) =>
      new Gauge({ name, help: 'of the host', collect });
    collected('of_the_host', function () {
      this.set(8);
    });
    collected('host_throws', () => {
      throw new Error('no connection');
    });
    collected('host_hangs', () => new Promise<void>(() => undefined));
    for (let scrape = 1; scrape <= 3; scrape++) {
      const text = await page();
      expect(text).toMatch(/^funding_rate\{.*\} 7$/m);
      expect(text).toMatch(/^of_the_host 8$/m);
      expect(text).toMatch(/^market_maker_exchange_calls_total\{.*outcome="ok"\} 1$/m);
      expect(text).not.toMatch(/66[67]/);
      expect(text).not.toMatch(/^(throws_at_once|rejects|hangs|host_throws|host_hangs)\b.* \d/m);
      const types = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
      expect(types).toHaveLength(new Set(types).size);
    }
    const said = warn.mock.calls.map(([message]) => String(message));
    for (const what of [
      /OpenTelemetry instrument failed: Error: no feed\. Said once/,
      /OpenTelemetry instrument failed: Error: no answer\. Said once/,
      /OpenTelemetry instrument failed: Error: Operation timed out\. Said once/,
      /instrument market_maker_orders_filled_total is not shown whole/,
      /instrument of_the_host is not shown whole/,
      /collector of host_throws failed: Error: no connection/,
      /collector of host_hangs did not answer/,
    ])
      expect([what, said.filter((line) => what.test(line)).length]).toEqual([what, 1]);
    warn.mockRestore();
    await app.close();
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
