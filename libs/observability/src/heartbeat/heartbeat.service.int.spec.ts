import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { type INestApplication, type LoggerService } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { register } from 'prom-client';
import request from 'supertest';
import { TRADING_ENDED } from '../alerts/rules/other-conditions';
import { AlertService } from '../alerts/runtime/alert.service';
import { type ProviderServer, startProviderServer } from '../channels/testing/provider-server';
import { ObservabilityModule } from '../observability.module';
import { OBSERVABILITY_OPTIONS } from '../options/options.module';
import { type ResolvedOptions, resolveOptions } from '../options/observability-options';

const SECRET = '/ping/5f0b8a3e-s3cret';
const disconnected = createEvent('exchange.disconnected', {
  exchange: 'paper',
  stream: 'market',
  reason: 'socket closed',
  reconnecting: true,
});
const reconnected = createEvent('exchange.reconnected', {
  exchange: 'paper',
  stream: 'market',
  downtimeMs: 1,
  attempts: 1,
});
const tripped = createEvent('circuit_breaker.tripped', {
  scope: 'global',
  reason: 'max_drawdown',
  value: '512',
  threshold: '500',
  cooldownMs: 600_000,
});

describe('heartbeats to a dead-man’s switch', () => {
  let service: ProviderServer;
  let failures: ProviderServer;
  let slack: ProviderServer;
  let app: INestApplication;
  let said: string[];

  beforeEach(async () => {
    register.clear();
    said = [];
    [service, failures, slack] = await Promise.all([
      startProviderServer(),
      startProviderServer(),
      startProviderServer(),
    ]);
  });
  afterEach(async () => {
    await app.close();
    await Promise.all([service.close(), failures.close(), slack.close()]);
  });

  /** Heartbeats are faster here than options allow. */
  async function start(given: Partial<ResolvedOptions['alerts']['heartbeat']> = {}): Promise<void> {
    const options = resolveOptions({ alerts: { slack: { enabled: true, webhookUrl: `${slack.url}/hook` } } });
    const { alerts } = options;
    const heartbeat = {
      ...alerts.heartbeat,
      url: service.url + SECRET,
      interval: 20,
      timeout: 2_000,
      ...given,
    };
    const logger = { log: note, warn: note, error: note, fatal: note } satisfies LoggerService;
    const module = Test.createTestingModule({
      imports: [ObservabilityModule.forRoot({ imports: [EventEmitterModule.forRoot()] })],
    })
      .overrideProvider(OBSERVABILITY_OPTIONS)
      .useValue({ ...options, alerts: { ...alerts, heartbeat } } satisfies ResolvedOptions)
      .setLogger(logger);
    app = (await module.compile()).createNestApplication();
    await app.init();
  }

  function note(message: unknown): void {
    said.push(String(message));
  }

  function emit(...events: readonly TradingEvent[]): void {
    for (const event of events) app.get(EventEmitter2).emit(event.type, event);
  }

  const health = async () =>
    (await request(app.getHttpServer()).get('/health')).body.details.heartbeat as Record<string, unknown>;
  const withheld = () => eventually(async () => String((await health())['reason']).startsWith('withheld'));

  it('are requested each interval while all is well, also while a breaker is open', async () => {
    await start({ method: 'POST' });
    await service.received(2);
    emit(tripped);
    await slack.received(1);
    await service.received(service.requests.length + 3);
    expect(service.requests.every(({ method, path }) => method === 'POST' && path === SECRET)).toBe(true);
    expect(await health()).toMatchObject({ status: 'up', reason: 'the last one arrived' });
    const { text } = await request(app.getHttpServer()).get('/metrics');
    expect(text).toMatch(/market_maker_heartbeats_total\{outcome="sent"\} [1-9]/);
  });

  it('are withheld while something that trading needs is down, and go on after it', async () => {
    await start({ failUrl: `${failures.url}/fail` });
    await service.received(1);
    emit(disconnected);
    await withheld();
    const sent = service.requests.length;
    const before = await count('withheld');
    await eventually(async () => expect(await count('withheld')).toBeGreaterThanOrEqual(before + 3));
    expect(service.requests.length).toBeLessThanOrEqual(sent + 1);
    expect(failures.requests).toHaveLength(1);
    expect(await health()).toMatchObject({
      status: 'degraded',
      reason: expect.stringContaining('the market stream is disconnected'),
    });
    emit(reconnected);
    await service.received(service.requests.length + 2);
    emit(createEvent(disconnected.type, disconnected.data));
    await failures.received(2);
    await eventually(() =>
      expect(said.filter((line) => line.startsWith('Heartbeats are withheld'))).toHaveLength(2),
    );
  });

  it('are withheld while an alert says that trading has ended', async () => {
    await start();
    await service.received(1);
    const alerts = app.get(AlertService);
    const ended = await alerts.raise({
      condition: TRADING_ENDED,
      level: 'CRITICAL',
      title: 'Trading has ended',
      message: 'Out of funds.',
    });
    await withheld();
    expect(await health()).toMatchObject({ reason: 'withheld: an open alert says: Trading has ended' });
    await alerts.resolve(ended.id);
    await service.received(service.requests.length + 1);
  });

  it('that do not arrive are alerted once, and resolved by the first that does', async () => {
    service.answer(500);
    await start();
    await slack.received(1);
    await service.received(service.requests.length + 5);
    expect(slack.requests).toHaveLength(1);
    expect(slack.requests[0]?.body).toContain("The dead-man's switch cannot be reached");
    expect(app.get(AlertService).active()).toMatchObject([
      { condition: 'heartbeat_failing', level: 'WARNING', labels: { bot: 'opensqt', writer: 'opensqt' } },
    ]);
    expect(await health()).toMatchObject({
      status: 'degraded',
      reason: 'the last one did not arrive: it answered 500',
    });
    service.answer(200);
    await slack.received(2);
    expect(slack.requests[1]?.body).toContain('RESOLVED');
    expect(app.get(AlertService).active()).toEqual([]);
    expect(said.filter((line) => line.startsWith('The heartbeat did not arrive'))).toHaveLength(1);
  });

  it.each([
    ['healthchecks', '/ping/5f2c0f3e-7a1b-4a57-9d3e-0e4c7b1f5a11', 'HEAD', '', 'HEAD has none: use GET'],
    ['Uptime Kuma', '/api/push/AbCdEf1234', 'HEAD', '', 'HEAD has none: use GET'],
    ['another', '/c2354d53d2', 'GET', '<html>Log in</html>', 'a page, as a captive portal does'],
  ] as const)(
    'that %s does not prove are said at the start and in health',
    async (_name, path, method, body, why) => {
      service.answer(200, body);
      await start({ url: service.url + path, method });
      await service.received(3);
      await eventually(async () =>
        expect(await health()).toMatchObject({ status: 'degraded', reason: expect.stringContaining(why) }),
      );
      expect(said.filter((line) => line.startsWith('Nothing proves that heartbeats count'))).toEqual([
        expect.stringContaining(why),
      ]);
      expect((await health())['lastSentAt']).toBe('never');
      expect(await count('sent')).toBe(0);
    },
  );

  it.each([
    ['healthchecks', '/ping/5f2c0f3e-7a1b-4a57-9d3e-0e4c7b1f5a11', 'OK (not found)', 'OK'],
    ['healthchecks', '/ping/5f2c0f3e-7a1b-4a57-9d3e-0e4c7b1f5a11', 'OK (rate limited)', 'OK'],
    ['Uptime Kuma', '/api/push/AbCdEf1234', '{"ok":false,"msg":"Monitor not found"}', '{"ok":true}'],
  ])('that %s refuses with 200 count from the answer on that proves them', async (_name, path, no, yes) => {
    service.answer(200, no).answer(200, no).answer(200, yes);
    await start({ url: service.url + path });
    await eventually(() => expect(said.filter((line) => line === 'Heartbeats are sent.')).toHaveLength(1));
    expect(said.filter((line) => line.startsWith('The heartbeat did not arrive'))).toHaveLength(1);
    expect(await health()).toMatchObject({ status: 'up' });
    expect(await count('failed')).toBe(2);
  });

  it('that fail now and then are not alerted', async () => {
    for (let i = 0; i < 4; i++) service.answer(500).answer(503).answer(200);
    await start();
    await service.received(12);
    expect(await count('failed')).toBe(8);
    expect(app.get(AlertService).active()).toEqual([]);
    expect(app.get(AlertService).history()).toEqual([]);
  });

  it('never show the address', async () => {
    service.hang();
    await start({ timeout: 50, failUrl: `${failures.url}/f41l-s3cret` });
    await slack.received(1);
    emit(disconnected);
    await failures.received(1);
    const { text } = await request(app.getHttpServer()).get('/metrics');
    const everything = [
      ...said,
      text,
      JSON.stringify(await health()),
      ...slack.requests.map(({ body }) => body),
    ];
    expect(everything.join('\n')).not.toMatch(/s3cret|f41l/);
  });

  it('end with the process, whatever is in flight', async () => {
    service.hang();
    await start({ timeout: 60_000 });
    await service.received(1);
    await app.close();
    expect(service.requests).toHaveLength(1);
  });

  it('are none without an address', async () => {
    const imports = [ObservabilityModule.forRoot({ imports: [EventEmitterModule.forRoot()] })];
    app = (await Test.createTestingModule({ imports }).compile()).createNestApplication({ logger: false });
    await app.init();
    expect(await health()).toBeUndefined();
    const { text } = await request(app.getHttpServer()).get('/metrics');
    expect(text).not.toContain('market_maker_heartbeats_total{');
  });

  async function count(outcome: string): Promise<number> {
    const { text } = await request(app.getHttpServer()).get('/metrics');
    const line = new RegExp(`market_maker_heartbeats_total\\{outcome="${outcome}"\\} (\\d+)`).exec(text);
    return Number(line?.[1] ?? 0);
  }
});
