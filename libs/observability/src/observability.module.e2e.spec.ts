import { type INestApplication, Injectable } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { type EventType, type TradingEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { metrics } from '@opentelemetry/api';
import { type Counter, register } from 'prom-client';
import { getToken } from '@willsoto/nestjs-prometheus';
import request from 'supertest';
import type { AlertChannel, AlertPayload } from './channels/channel';
import { AlertService } from './alerts/runtime/alert.service';
import { type ProviderServer, TELEGRAM_OK, startProviderServer } from './channels/testing/provider-server';
import { METRIC } from './metrics/catalogue/metric-names';
import { ObservabilityModule } from './observability.module';
import type { ObservabilityOptions } from './options/observability-options';

const TOKEN = '123456:secret-bot-token';
const WEBHOOK_PATH = '/services/T000/B000/secret-webhook';

const subject = { symbol: 'BTCUSDT', strategy: 'grid' } as const;
const order = { ...subject, orderId: '1', side: 'buy' } as const;

/** One event of each type that trading states, in an order that makes sense. */
const ONE_OF_EACH: readonly TradingEvent[] = [
  createEvent('symbol.started', { ...subject, exchange: 'paper' }),
  createEvent('price.updated', { symbol: 'BTCUSDT', price: '60000' }),
  createEvent('exchange.call_completed', {
    exchange: 'paper',
    operation: 'place_order',
    durationMs: 12,
    outcome: 'ok',
  }),
  createEvent('order.placed', {
    ...order,
    clientOrderId: 'c1',
    orderType: 'post_only',
    price: '60000',
    quantity: '0.3',
    tickToTradeMs: 0.2,
  }),
  createEvent('order.filled', {
    ...order,
    fillId: 'f1',
    price: '60000',
    quantity: '0.2',
    remaining: '0.1',
    fee: '0',
    feeAsset: 'USDT',
  }),
  createEvent('position.changed', {
    ...subject,
    size: '0.2',
    entryPrice: '60000',
    realizedPnl: '-12.5',
    unrealizedPnl: '0',
  }),
  createEvent('position.marked', { ...subject, markPrice: '60010', unrealizedPnl: '2' }),
  createEvent('order.canceled', { ...order, reason: 'requote' }),
  createEvent('order.rejected', { ...order, orderId: '2', reason: 'post_only_would_take' }),
  createEvent('risk.limit_breached', {
    scope: 'BTCUSDT',
    limit: 'max_position',
    value: '12000',
    threshold: '10000',
    severity: 'warning',
  }),
  createEvent('circuit_breaker.tripped', {
    scope: 'global',
    reason: 'max_drawdown',
    value: '512.3',
    threshold: '500',
    cooldownMs: 600_000,
  }),
  createEvent('strategy.panicked', { ...subject, error: { name: 'GridError', message: 'level below zero' } }),
  createEvent('exchange.disconnected', {
    exchange: 'paper',
    stream: 'market',
    reason: 'socket closed',
    reconnecting: true,
  }),
];

const RECOVERY: readonly TradingEvent[] = [
  createEvent('exchange.reconnected', {
    exchange: 'paper',
    stream: 'market',
    downtimeMs: 2_000,
    attempts: 2,
  }),
  createEvent('strategy.restarted', { ...subject, attempt: 1 }),
  createEvent('circuit_breaker.reset', { scope: 'global', by: 'cooldown' }),
  createEvent('risk.limit_cleared', { scope: 'BTCUSDT', limit: 'max_position' }),
  createEvent('position.changed', {
    ...{ ...subject, size: '0', entryPrice: '0' },
    ...{ realizedPnl: '0', unrealizedPnl: '0' },
  }),
  createEvent('symbol.stopped', { symbol: 'BTCUSDT', reason: 'operator' }),
];

describe('ObservabilityModule in an application that is not the market maker', () => {
  let slack: ProviderServer;
  let telegram: ProviderServer;
  let app: INestApplication;

  beforeEach(async () => {
    register.clear();
    slack = await startProviderServer();
    telegram = await startProviderServer();
    telegram.answer(200, TELEGRAM_OK);
  });

  afterEach(async () => {
    await app?.close();
    await slack.close();
    await telegram.close();
  });

  async function start(options: ObservabilityOptions = {}): Promise<void> {
    const testing = await Test.createTestingModule({
      imports: [EventEmitterModule.forRoot(), ObservabilityModule.forRoot(options)],
    }).compile();
    app = testing.createNestApplication({ logger: false });
    await app.init();
  }

  const both = (): ObservabilityOptions => ({
    alerts: {
      slack: { enabled: true, webhookUrl: slack.url + WEBHOOK_PATH },
      telegram: { enabled: true, botToken: TOKEN, chatId: '42', apiRoot: telegram.url },
    },
  });

  function emit(...events: readonly TradingEvent[]): void {
    const emitter = app.get(EventEmitter2);
    for (const event of events) emitter.emit(event.type, event);
  }

  const scrape = async (): Promise<string> =>
    (await request(app.getHttpServer()).get('/metrics').expect(200)).text;

  it('serves metrics and health when it is imported without options', async () => {
    await start();
    const text = await scrape();
    for (const name of [
      'market_maker_pnl_realized_total counter',
      'market_maker_pnl_unrealized gauge',
      'market_maker_orders_active gauge',
      'market_maker_orders_placed_total counter',
      'market_maker_orders_filled_total counter',
      'market_maker_volume_total counter',
      'market_maker_position_size gauge',
      'market_maker_latency_exchange_ms histogram',
      'market_maker_latency_tick_to_trade_ms histogram',
    ]) {
      expect(text).toContain(`# TYPE ${name}`);
    }
    expect(text).not.toContain('process_cpu_seconds_total');
    const health = await request(app.getHttpServer()).get('/health').expect(200);
    expect(health.body.status).toBe('ok');
  });

  it('shows each event in the scrape at once', async () => {
    await start();
    emit(...ONE_OF_EACH);
    const lines = (await scrape()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'market_maker_pnl_realized_loss_total{symbol="BTCUSDT",strategy="grid"} 12.5',
        'market_maker_pnl_realized_total{symbol="BTCUSDT",strategy="grid"} 0',
        'market_maker_pnl_realized{symbol="BTCUSDT",strategy="grid"} -12.5',
        'market_maker_pnl_unrealized{symbol="BTCUSDT",strategy="grid"} 2',
        'market_maker_orders_active{symbol="BTCUSDT",side="buy"} 0',
        'market_maker_orders_placed_total{symbol="BTCUSDT",side="buy",type="post_only"} 1',
        'market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"} 1',
        'market_maker_volume_total{symbol="BTCUSDT"} 0.2',
        'market_maker_position_size{symbol="BTCUSDT"} 0.2',
        'market_maker_latency_exchange_ms_bucket{le="25",exchange="paper",operation="place_order"} 1',
        'market_maker_latency_tick_to_trade_ms_count{symbol="BTCUSDT"} 1',
        'market_maker_circuit_breaker_open{scope="global"} 1',
        'market_maker_risk_limit_breached{scope="BTCUSDT",limit="max_position"} 1',
        'market_maker_exchange_connected{exchange="paper",stream="market"} 0',
        'market_maker_exchange_connected{exchange="paper",stream="orders"} 1',
        'market_maker_strategy_panics_total{symbol="BTCUSDT",strategy="grid"} 1',
      ]),
    );
  });

  it('says in /health what is down and what is degraded, and recovers', async () => {
    await start();
    emit(...ONE_OF_EACH);
    const down = await request(app.getHttpServer()).get('/health').expect(503);
    expect(down.body.details.exchange_paper).toMatchObject({
      status: 'down',
      reason: expect.stringContaining('socket closed'),
    });
    expect(down.body.details.trading).toMatchObject({
      status: 'down',
      reason: expect.stringContaining('max_drawdown'),
    });
    expect(down.body.verdict).toMatchObject({
      verdict: 'not_trading',
      title: 'Not trading: market stream lost',
      symbols: { total: 1, still: [{ symbol: 'BTCUSDT', code: 'disconnected' }] },
    });
    await request(app.getHttpServer()).get('/health/live').expect(200);
    await request(app.getHttpServer()).get('/health/ready').expect(503);

    emit(...RECOVERY);
    const up = await request(app.getHttpServer()).get('/health').expect(200);
    expect(up.body.status).toBe('ok');
  });

  it('tells every condition and its end on Slack and on Telegram', async () => {
    await start(both());
    emit(...ONE_OF_EACH);
    const expected = [
      ['CRITICAL', 'Circuit breaker tripped: all symbols'],
      ['CRITICAL', 'Strategy panicked: grid on BTCUSDT'],
      ['WARNING', 'Risk limit breached: max position of BTCUSDT'],
      ['WARNING', 'Exchange disconnected: paper (market stream)'],
      ['INFO', 'Large execution: BTCUSDT buy 12,000'],
    ];
    for (const server of [slack, telegram]) {
      const bodies = (await server.received(5)).map(({ body }) => body);
      for (const [level = '', title = ''] of expected) {
        expect(bodies).toContainEqual(expect.stringMatching(new RegExp(`${level}[^]*${escaped(title)}`)));
      }
    }
    emit(...RECOVERY);
    // Telegram changes the message and answers it.
    for (const [server, requests] of [[slack, 4] as const, [telegram, 8] as const]) {
      const bodies = (await server.received(5 + requests)).map(({ body }) => body).slice(5);
      for (const title of [
        'Circuit breaker reset: all symbols',
        'Strategy restarted: grid on BTCUSDT',
        'Risk limit cleared: max position of BTCUSDT',
        'Exchange reconnected: paper (market stream)',
      ]) {
        expect(bodies).toContainEqual(expect.stringContaining(title));
      }
    }
    expect(slack.requests.every(({ path }) => path === WEBHOOK_PATH)).toBe(true);
    expect(new Set(telegram.requests.map(({ path }) => path))).toEqual(
      new Set([`/bot${TOKEN}/sendMessage`, `/bot${TOKEN}/editMessageText`]),
    );
    expect(app.get(AlertService).active()).toEqual([]);
  });

  it('leaves no series of a symbol that is stopped, and goes on counting when it starts again', async () => {
    await start();
    emit(...ONE_OF_EACH, ...RECOVERY);
    expect(await scrape()).not.toContain('symbol="BTCUSDT"');
    emit(createEvent('symbol.started', { ...subject, exchange: 'paper' }));
    expect(await scrape()).toContain('market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"} 1');
  });

  it.each<[string, EventType | string, unknown, string, string]>([
    ['NaN', 'exchange.call_completed', { durationMs: NaN }, 'exchange.call_completed', 'not_finite'],
    [
      'a negative duration',
      'exchange.call_completed',
      { durationMs: -1 },
      'exchange.call_completed',
      'negative',
    ],
    ['a missing label', 'price.updated', { symbol: undefined }, 'price.updated', 'missing_field'],
    ['an unknown type', 'order.teleported', {}, 'unknown', 'unknown_type'],
    ['an unknown symbol', 'price.updated', { symbol: 'DOGEUSDT' }, 'price.updated', 'unknown_symbol'],
    ['an amount that is no decimal', 'price.updated', { price: '1e5' }, 'price.updated', 'not_decimal'],
  ])('refuses %s, counts it, and shows nothing of it', async (_what, type, change, label, reason) => {
    await start({ symbols: ['BTCUSDT'] });
    const good = ONE_OF_EACH.find((event) => event.type === type) ?? ONE_OF_EACH[0];
    const bad = { ...good, type, data: { ...good?.data, ...(change as object) } };
    app.get(EventEmitter2).emit(type, bad);
    const text = await scrape();
    expect(text).toContain(`market_maker_events_rejected_total{type="${label}",reason="${reason}"} 1`);
    expect(text).not.toMatch(/ NaN$/m);
    expect(text).not.toContain('DOGEUSDT');
  });

  it('counts an event that is told twice once', async () => {
    await start();
    const [filled] = ONE_OF_EACH.filter(({ type }) => type === 'order.filled');
    if (filled !== undefined) emit(filled, filled);
    const text = await scrape();
    expect(text).toContain('market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"} 1');
    expect(text).toContain('market_maker_events_rejected_total{type="order.filled",reason="duplicate"} 1');
  });

  it('raises a disconnect as a WARNING, makes it an ERROR when it lasts, and resolves it: one alert', async () => {
    let now = 1_700_000_000_000;
    await start({ ...both(), clock: { now: () => now } });
    const lost = {
      exchange: 'paper',
      stream: 'market',
      reason: 'socket closed',
      reconnecting: true,
    } as const;
    emit(createEvent('exchange.disconnected', lost, { occurredAt: now }));
    const [warning] = await slack.received(1);
    expect(warning?.body).toContain('WARNING');
    const [open] = app.get(AlertService).active();

    now += 60_000;
    const escalated = (await slack.received(2))[1];
    expect(escalated?.body).toContain('ERROR');
    expect(escalated?.body).toContain('Exchange still disconnected');
    expect(app.get(AlertService).active()).toMatchObject([{ id: open?.id, level: 'ERROR' }]);

    now += 5_000;
    const back = { exchange: 'paper', stream: 'market', downtimeMs: 65_000, attempts: 7 } as const;
    emit(createEvent('exchange.reconnected', back, { occurredAt: now }));
    const resolved = (await slack.received(3))[2];
    expect(resolved?.body).toContain('Exchange reconnected');
    expect(app.get(AlertService).history()).toMatchObject([{ id: open?.id, status: 'resolved' }]);
    expect(await scrape()).toContain(
      'market_maker_alerts_raised_total{condition="exchange_disconnect",level="WARNING"} 1',
    );
  });

  it('tells a disconnect that nobody mends as an ERROR at once', async () => {
    await start(both());
    const lost = { exchange: 'paper', stream: 'orders', reason: 'banned', reconnecting: false } as const;
    emit(createEvent('exchange.disconnected', lost));
    const [message] = await slack.received(1);
    expect(message?.body).toContain('ERROR');
  });

  it.each(['cooldown', 'operator'] as const)('closes the breaker gauge after a reset by %s', async (by) => {
    await start();
    emit(...ONE_OF_EACH.filter(({ type }) => type === 'circuit_breaker.tripped'));
    expect(await scrape()).toContain('market_maker_circuit_breaker_open{scope="global"} 1');
    emit(createEvent('circuit_breaker.reset', { scope: 'global', by }));
    expect(await scrape()).toContain('market_maker_circuit_breaker_open{scope="global"} 0');
  });

  it('sends through channels of one’s own', async () => {
    const sent: AlertPayload[] = [];
    @Injectable()
    class OwnChannel implements AlertChannel {
      readonly name = 'own';
      async send(alert: AlertPayload): Promise<void> {
        sent.push(alert);
      }
    }
    await start({ channels: [OwnChannel] });
    await app
      .get(AlertService)
      .raise({ level: 'ERROR', title: 'Funding is late', message: 'No payment since 08:00.' });
    await eventually(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toMatchObject({ level: 'ERROR', title: 'Funding is late', timestamp: expect.any(Date) });
  });

  it('tells through the other channels when one is broken, and says so in /health', async () => {
    slack.answer(404, 'no_service');
    await start(both());
    emit(...ONE_OF_EACH.filter(({ type }) => type === 'circuit_breaker.tripped'));
    const bodies = (await telegram.received(2)).map(({ body }) => body);
    expect(bodies).toContainEqual(expect.stringContaining('Circuit breaker tripped'));
    expect(bodies).toContainEqual(expect.stringContaining('Alert channel broken: slack'));
    const health = await request(app.getHttpServer()).get('/health').expect(200);
    expect(health.body.details.alert_channels).toMatchObject({ status: 'degraded' });
    expect(slack.requests).toHaveLength(1);
  });

  it('injects the metrics by name, as views of the events', async () => {
    await start();
    emit(...ONE_OF_EACH);
    const filled = app.get<Counter>(getToken(METRIC.orders.filled));
    expect((await filled.get()).values).toEqual([
      { labels: { symbol: 'BTCUSDT', side: 'buy' }, value: 1 },
      { labels: { symbol: 'BTCUSDT', side: 'sell' }, value: 0 },
    ]);
  });

  it('shows instruments of the global OpenTelemetry MeterProvider in the same body, where it is asked for', async () => {
    await start({ telemetry: { openTelemetry: true } });
    metrics.getMeter('funding').createCounter('funding_payments').add(3, { venue: 'paper' });
    expect(await scrape()).toMatch(/funding_payments_total\{.*venue="paper".*\} 3/);
  });

  it('keeps the emitter’s caller safe from whatever is emitted', async () => {
    await start();
    const emitter = app.get(EventEmitter2);
    for (const value of [null, undefined, 1, 'text', [], {}, { type: 'order.filled' }, () => 1]) {
      expect(() => emitter.emit('order.filled', value)).not.toThrow();
    }
    expect(() => emitter.emit('user.created', { id: 1 })).not.toThrow();
    expect(await scrape()).toMatch(/events_rejected_total\{type="unknown",reason="malformed_envelope"\} \d/);
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
