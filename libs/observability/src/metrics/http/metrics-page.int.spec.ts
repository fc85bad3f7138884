import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { INestApplication } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { metrics } from '@opentelemetry/api';
import type { EventLog } from '@opensqt/event-log';
import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { Counter, register } from 'prom-client';
import { ObservabilityModule } from '../../observability.module';
import { EVENT_LOG } from '../../ingest/event-log';
import { MetricsListener } from './metrics-listener';
import { MetricsPage } from './metrics-page';

const now = 1_700_000_000_000;

/** Lines that say the same at each scrape: not how much memory and time the process has used. */
const steady = (text: string): string[] =>
  text.split('\n').filter((line) => !/^(process|nodejs)_|event_log_/.test(line));

describe('The metrics page', () => {
  let app: INestApplication;

  beforeEach(async () => {
    register.clear();
    const testing = await Test.createTestingModule({
      imports: [
        EventEmitterModule.forRoot(),
        ObservabilityModule.forRoot({
          telemetry: { defaultMetrics: true, openTelemetry: true },
          clock: { now: () => now },
        }),
      ],
    }).compile();
    app = testing.createNestApplication({ logger: false });
    await app.init();
    emitCall();
  });

  afterEach(async () => {
    await app.close();
    register.clear();
  });

  function emitCall(): void {
    const call = { exchange: 'paper', operation: 'place', durationMs: 12, outcome: 'ok' } as const;
    app
      .get(EventEmitter2)
      .emit('exchange.call_completed', createEvent('exchange.call_completed', call, { occurredAt: now }));
  }

  async function page(): Promise<string> {
    return Buffer.concat((await app.get(MetricsPage).render()).body).toString();
  }

  it('is what prom-client’s registry would say, metrics of others included', async () => {
    new Counter({ name: 'own_total', help: 'of the application', labelNames: ['a'] }).inc({ a: 'b' });
    const text = await page();
    expect(text).toContain('own_total{a="b"} 1\n');
    expect(text).toContain('operation="place"} 1\n');
    expect(text).toContain('nodejs_version_info');
    expect(steady(text)).toEqual(steady(await register.metrics()));
  });

  it('carries labels that were set for every line', async () => {
    register.setDefaultLabels({ instance: 'a' });
    const text = await page();
    expect(text).toContain('exchange="paper",operation="place",instance="a"} 1\n');
    expect(steady(text)).toEqual(steady(await register.metrics()));
  });

  it('is rendered once for scrapes that come together, and anew for the next one', async () => {
    const shown = app.get(MetricsPage);
    const [first, second] = await Promise.all([shown.render(), shown.render()]);
    expect(second.body).toBe(first.body);
    emitCall();
    expect(await page()).toContain('operation="place"} 2\n');
  });

  describe('asked for OpenMetrics', () => {
    const accept = 'application/openmetrics-text; version=1.0.0, text/plain; q=0.5';

    async function openMetrics(): Promise<string> {
      const { contentType, body } = await app.get(MetricsPage).render({ accept });
      expect(contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
      return Buffer.concat(body).toString();
    }

    /** The names of series and their labels, with bounds as the text format has them. */
    const series = (text: string): string[] =>
      text
        .split('\n')
        .filter((line) => line !== '' && !/^#|^nodejs_gc_/.test(line))
        .map((line) =>
          line
            .replace(/ # .*$/, '')
            .replace(/ [^ ]+$/, '')
            .replace(/le="(\d+)\.0"/, 'le="$1"'),
        );

    it('has the series of the text format, in families whose names are theirs alone, and an end', async () => {
      new Counter({ name: 'own_total', help: 'of the application' }).inc();
      metrics.getMeter('funding').createCounter('funding_payments').add(3, { venue: 'paper' });
      const text = await openMetrics();
      expect(series(text)).toEqual(series(await page()));
      const families = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, family]) => family);
      expect(new Set(families).size).toBe(families.length);
      expect(text).toContain('# TYPE own counter\n# HELP own of the application\nown_total 1\n');
      expect(text).toContain('# TYPE funding_payments counter\n');
      expect(text).toContain('# TYPE market_maker_pnl_realized_total unknown\n');
      expect(text).toMatch(/[^\n]\n# EOF\n$/);
      expect(text).not.toContain('\n\n');
    });

    it('has exemplars that name the position of the event', async () => {
      const order = {
        symbol: 'BTCUSDT',
        strategy: 'grid',
        orderId: '1',
        clientOrderId: 'c',
        side: 'buy',
      } as const;
      const placed = createEvent(
        'order.placed',
        { ...order, orderType: 'limit', quantity: '1', tickToTradeMs: 0.3 },
        { occurredAt: now },
      );
      app.get(EventEmitter2).emit(placed.type, placed);
      await eventually(async () => {
        const text = await openMetrics();
        const labels = 'symbol="BTCUSDT",side="buy",type="limit"';
        expect(text).toContain(
          `market_maker_orders_placed_total{${labels}} 1 # {position="1"} 1 ${now / 1_000}\n`,
        );
        expect(text).toContain(
          `market_maker_latency_tick_to_trade_ms_bucket{le="0.5",symbol="BTCUSDT"} 1 # {position="1"} 0.3 ${now / 1_000}\n`,
        );
      });
    });

    it('is compressed for whom takes it, and the same', async () => {
      const { encoding, body } = await app.get(MetricsPage).render({ accept, acceptEncoding: 'gzip' });
      expect(encoding).toBe('gzip');
      const [plain, text] = [await openMetrics(), gunzipSync(Buffer.concat(body)).toString()];
      expect(series(text)).toEqual(series(plain));
    });
  });

  it('shows nothing of logged events that the log does not hold', async () => {
    const log = app.get<EventLog>(EVENT_LOG);
    const panic = { symbol: 'BTCUSDT', strategy: 'grid', error: { name: 'Error', message: 'no' } };
    for (let i = 1; i <= 20; i++) {
      const event = createEvent('strategy.panicked', panic, { occurredAt: now });
      app.get(EventEmitter2).emit(event.type, event);
      const shown = Number(/^market_maker_strategy_panics_total\{.*\} (\d+)$/m.exec(await page())?.[1]);
      let stored = 0;
      for await (const records of log.read({}))
        stored += records.filter(({ event: { type } }) => type === 'strategy.panicked').length;
      expect(shown).toBe(i);
      expect(stored).toBe(i);
    }
  });

  it.each(['the application', 'a port of its own'])('is negotiated on %s', async (where) => {
    const own = where !== 'the application';
    const { app: other, url } = await serving(own ? { metricsPort: 0 } : {});
    try {
      const answer = await fetch(url(), {
        headers: { accept: 'application/openmetrics-text', 'accept-encoding': 'gzip' },
      });
      expect(answer.headers.get('content-type')).toBe(
        'application/openmetrics-text; version=1.0.0; charset=utf-8',
      );
      expect(answer.headers.get('content-encoding')).toBe('gzip');
      expect(answer.headers.get('vary')).toContain('Accept, Accept-Encoding');
      expect(await answer.text()).toMatch(/# EOF\n$/);
      const plain = await fetch(url(), { headers: { accept: 'text/plain', 'accept-encoding': 'identity' } });
      expect(plain.headers.get('content-type')).toContain('version=0.0.4');
      expect(plain.headers.get('content-encoding')).toBeNull();
    } finally {
      await other.close();
    }
  });

  async function serving(telemetry: object) {
    const testing = await Test.createTestingModule({
      imports: [EventEmitterModule.forRoot(), ObservabilityModule.forRoot({ telemetry })],
    }).compile();
    const other = testing.createNestApplication({ logger: false });
    await other.listen(0, '127.0.0.1');
    const { port } = (other.getHttpServer() as Server).address() as AddressInfo;
    return {
      app: other,
      url: () => `http://127.0.0.1:${other.get(MetricsListener).port ?? port}/metrics`,
    };
  }
});
