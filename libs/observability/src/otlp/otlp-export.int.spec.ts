import { type INestApplication, Logger } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { metrics } from '@opentelemetry/api';
import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import {
  type ProviderServer,
  type ReceivedRequest,
  startProviderServer,
} from '../channels/testing/provider-server';
import { HealthService } from '../health/health.service';
import { MetricsPage } from '../metrics/http/metrics-page';
import { ObservabilityModule } from '../observability.module';
import type { ObservabilityOptions } from '../options/observability-options';
import { type ReceivedMetrics, receivedMetrics, shownSeries } from './testing/received-metrics';

const now = 1_700_000_000_000;
const order = { symbol: 'BTCUSDT', strategy: 'grid', orderId: '1', side: 'buy' } as const;
const EVENTS = [
  createEvent('symbol.started', { symbol: order.symbol, strategy: 'grid', exchange: 'paper' }),
  createEvent('order.placed', {
    ...{ ...order, clientOrderId: 'c', orderType: 'limit', quantity: '1', tickToTradeMs: 0.3 },
  }),
  createEvent('order.filled', {
    ...{ ...order, fillId: '1', price: '60000', quantity: '0.1', remaining: '0', fee: '0.3' },
    feeAsset: 'USDT',
  }),
  createEvent('exchange.call_completed', {
    ...{ exchange: 'paper', operation: 'place', durationMs: 12, outcome: 'ok' },
  }),
] as const;

/** Series that say the same at each look: not how much memory and time the process has used. */
const isSteady = (key: string): boolean =>
  !/^(process|nodejs)_|_event_log_(lag|append)|^target_info/.test(key);

/** The keys of the series; of Node's own, which come and go with sockets and timers, the names. */
function namesOf(keys: Iterable<string>): readonly string[] {
  const names = [...keys].map((key) => (key.startsWith('nodejs_') ? key.replace(/\[.*/, '') : key));
  return [...new Set(names)].filter((name) => !/^(nodejs_gc|target_info)/.test(name)).sort();
}

describe('The export by OTLP', () => {
  let collector: ProviderServer;
  let app: INestApplication | undefined;
  const said: string[] = [];

  beforeEach(async () => {
    collector = await startProviderServer();
    said.length = 0;
    for (const level of ['log', 'warn', 'error'] as const)
      jest
        .spyOn(Logger.prototype, level)
        .mockImplementation((...[message]) => void said.push(String(message)));
  });

  afterEach(async () => {
    await app?.close();
    app = undefined;
    await collector.close();
    metrics.disable();
    jest.restoreAllMocks();
  });

  async function start(
    otlp: NonNullable<NonNullable<ObservabilityOptions['telemetry']>['otlp']> = {},
    options: ObservabilityOptions = {},
  ): Promise<INestApplication> {
    const telemetry = { otlp: { endpoint: collector.url, interval: '100ms', ...otlp }, ...options.telemetry };
    const registry = new Registry();
    const testing = await Test.createTestingModule({
      imports: [
        EventEmitterModule.forRoot(),
        ObservabilityModule.forRoot({ registry, clock: { now: () => now }, ...options, telemetry }),
      ],
    }).compile();
    app = testing.createNestApplication();
    return app.init();
  }

  const emit = (...events: readonly { readonly type: string }[]): void => {
    for (const event of events) app?.get(EventEmitter2).emit(event.type, event);
  };
  const page = async (): Promise<string> =>
    Buffer.concat((await app?.get(MetricsPage).render())?.body ?? []).toString();
  const health = () => app?.get(HealthService).all();
  const warnings = (): readonly string[] => said.filter((line) => line.includes('export'));

  /** The first export that begins after the call. */
  async function nextExport(): Promise<ReceivedMetrics> {
    const { length } = collector.requests;
    const requests = await collector.received(length + 2);
    return receivedMetrics(requests[length + 1] as ReceivedRequest);
  }

  it('has every series of /metrics, under its name, with its labels and its value', async () => {
    const registry = new Registry();
    const registers = [registry];
    registry.setDefaultLabels({ desk: 'one', side: 'none' });
    new Counter({ name: 'own_total', help: 'own', labelNames: ['a'], registers }).inc({ a: 'é"\\\n' }, 0.1);
    const gauge = new Gauge({ name: 'own', help: 'own', labelNames: ['n'], registers });
    for (const n of [NaN, Infinity, -Infinity, -0.5]) gauge.set({ n }, n);
    const histogram = new Histogram({
      name: 'h',
      help: 'h',
      buckets: [0.1, 1],
      labelNames: ['x'],
      registers,
    });
    for (const value of [0.05, 0.5, 0.5, 3]) histogram.observe({ x: 'a' }, value);
    histogram.observe({ x: 'b' }, 1);
    new Summary({ name: 's', help: 's', percentiles: [0.5], registers }).observe(2);
    const telemetry = { openTelemetry: true, defaultMetrics: true };
    await start({}, { registry, telemetry });
    const meter = metrics.getMeter('funding');
    meter.createCounter('payments').add(3, { venue: 'paper' });
    meter.createHistogram('wait').record(7);
    emit(...EVENTS);
    await eventually(async () => (await page()).includes('market_maker_volume_total{symbol="BTC'), {
      what: 'the events',
    });

    const before = shownSeries(await page());
    const { series } = await nextExport();
    const after = shownSeries(await page());

    expect(namesOf(series.keys())).toEqual(namesOf(after.keys()));
    for (const [key, { start, time }] of series) expect([key, start <= time]).toEqual([key, true]);
    const values = [...after].filter(([key]) => isSteady(key));
    expect(values.length).toBeGreaterThan(100);
    for (const [key, value] of values) {
      expect([key, before.get(key)]).toEqual([key, value]);
      expect([key, series.get(key)?.value]).toEqual([key, value]);
    }
    expect(series.get('own_total[["a","é\\"\\\\\\n"],["desk","one"],["side","none"]]')).toMatchObject({
      ...{ type: 'counter', value: 0.1 },
    });
  });

  it('says whose metrics they are: the bot and its process, unless the environment has it otherwise', async () => {
    const before = { ...process.env };
    process.env['OTEL_RESOURCE_ATTRIBUTES'] = 'deployment.environment=live,service.instance.id=pod-1';
    try {
      await start({}, { name: 'mm-btc-1', version: '1.2.3' });
      expect((await nextExport()).resource).toMatchObject({
        'service.name': 'mm-btc-1',
        'service.version': '1.2.3',
        'service.instance.id': 'pod-1',
        'deployment.environment': 'live',
      });
    } finally {
      process.env = before;
    }
  });

  it('sends headers that nobody sees, compressed where asked', async () => {
    const secret = 's3cret-token-1';
    collector.answer(401, JSON.stringify({ code: 16, message: `no such key: ${secret}` }));
    await start({ headers: { authorization: `Bearer ${secret}` }, compression: 'gzip' });
    const [request] = await collector.received(2);
    expect(receivedMetrics(request as ReceivedRequest).series.size).toBeGreaterThan(10);
    expect(request?.headers).toMatchObject({
      ...{ authorization: `Bearer ${secret}`, 'content-encoding': 'gzip' },
    });
    expect(request?.path).toBe('/v1/metrics');
    expect(health()?.details['otlp']).toMatchObject({
      ...{ status: 'degraded', reason: 'the collector answered 401 no such key: [redacted]' },
    });
    expect(JSON.stringify([said, health()])).not.toContain(secret);
  });

  it.each([
    [
      'refuses',
      (server: ProviderServer) => server.answer(400, '{"code":3,"message":"bad"}'),
      'answered 400 bad',
    ],
    [
      'refuses a part',
      (server: ProviderServer) =>
        server.answer(200, '{"partialSuccess":{"rejectedDataPoints":"7","errorMessage":"too old"}}'),
      'left out 7 data points: too old',
    ],
    ['hangs', (server: ProviderServer) => server.hang(), 'did not answer within 300 ms'],
    ['never ends its answer', (server: ProviderServer) => server.stall(503), 'answered 503'],
    ['breaks off', (server: ProviderServer) => server.reset(), 'could not be reached (ECONNRESET)'],
  ])('costs only itself when the collector %s, which is said once', async (_, fail, reason) => {
    fail(collector);
    await start({ timeout: 300 });
    await collector.received(3);
    await eventually(() => health()?.details['otlp']?.reason.includes(reason), {
      what: reason,
      showing: () => health()?.details['otlp'],
    });
    expect(warnings()).toEqual([expect.stringContaining(reason)]);
    expect(app?.get(HealthService).ready().details).not.toHaveProperty('otlp');
    expect(app?.get(HealthService).ready().status).not.toBe('error');

    collector.answer(200, '{}');
    await eventually(() => health()?.details['otlp']?.status === 'up', { what: 'an export that arrives' });
    expect(warnings()).toHaveLength(2);
  });

  it('goes the way of the alerts, through their proxy', async () => {
    await start({ endpoint: 'http://collector.example:4318' }, { alerts: { proxy: collector.url } });
    const [request] = await collector.received(1);
    expect(request?.path).toBe('http://collector.example:4318/v1/metrics');
  });

  it('waits as long as the collector asks for', async () => {
    collector.answer(429, '', { 'retry-after': '2' }).answer(200, '{}');
    await start();
    const [first, second] = await collector.received(2);
    expect((second?.receivedAt ?? 0) - (first?.receivedAt ?? 0)).toBeGreaterThanOrEqual(1_900);
  });

  it('has all of it once more when the application ends', async () => {
    await start({ interval: '1h' });
    await collector.received(1);
    emit(...EVENTS);
    await app?.close();
    const last = receivedMetrics(collector.requests.at(-1) as ReceivedRequest);
    expect(collector.requests).toHaveLength(2);
    const filled = 'market_maker_orders_filled_total[["side","buy"],["symbol","BTCUSDT"]]';
    expect(last.series.get(filled)?.value).toBe(1);
  });

  it('does not hold up the end where the collector hangs', async () => {
    collector.hang();
    await start({ interval: '1h', timeout: '1h' });
    await collector.received(1);
    await app?.close();
    expect(collector.requests).toHaveLength(2);
  });

  it('is off unless there is somewhere to export to', async () => {
    process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = collector.url;
    try {
      await start({ endpoint: undefined });
      expect(health()?.details).not.toHaveProperty('otlp');
      await app?.close();
      await start({ endpoint: undefined, environment: true });
      await collector.received(1);
      expect(collector.requests[0]?.path).toBe('/v1/metrics');
    } finally {
      delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT'];
    }
  });
});
