import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import {
  type ProviderServer,
  TELEGRAM_OK,
  startProviderServer,
} from '../../channels/testing/provider-server';
import { UnresolvableName } from './testing/unresolvable-name';
import { SlackChannel } from '../../channels/slack/slack.channel';
import { slackOptions } from '../../channels/slack/slack.options';
import { steadyClock } from './steady-clock';
import { AlertApplication, type AlertApplicationOptions } from './testing/alert-application';
import { chatsAt, secretsIn } from './testing/provider-secrets';
import { tripped } from '../testing/tripped';

const MARK = /possible duplicate/i;
const disconnected = () =>
  createEvent('exchange.disconnected', {
    ...{ exchange: 'paper', stream: 'market', reason: 'reset by peer', reconnecting: true },
  });
const reconnected = () =>
  createEvent('exchange.reconnected', {
    ...{ exchange: 'paper', stream: 'market', downtimeMs: 2_500, attempts: 1 },
  });
const breached = (limit: string) =>
  createEvent('risk.limit_breached', {
    ...{ scope: 'global', limit, value: '2', threshold: '1', severity: 'warning' },
  });
const filled = (fillId: string) =>
  createEvent('order.filled', {
    ...{ symbol: 'BTCUSDT', strategy: 'grid', orderId: fillId, fillId, side: 'buy', price: '10' },
    ...{ quantity: '1', remaining: '0', fee: '0', feeAsset: 'USDT' },
  });

describe('what providers, networks and clocks can do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-faults-'));
  let everythingSaid = '';
  let slack: ProviderServer;
  let telegram: ProviderServer;
  let app: AlertApplication | undefined;
  let logs = 0;

  beforeEach(async () => {
    slack = await startProviderServer();
    telegram = await startProviderServer();
    telegram.answer(200, TELEGRAM_OK);
    logs += 1;
  });
  afterEach(async () => {
    await stop();
    await slack.close();
    await telegram.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function start(given: Partial<AlertApplicationOptions> = {}): Promise<AlertApplication> {
    const path = join(folder, `${logs}.db`);
    return (app = await AlertApplication.start({
      path,
      ...given,
      alerts: given.alerts ?? chatsAt(slack.url, telegram.url),
    }));
  }

  async function stop(): Promise<void> {
    everythingSaid += (await app?.everythingSaid()) ?? '';
    await app?.stop();
    app = undefined;
  }

  /** The number of messages that a provider got and that begin with that. */
  function sentThrough(provider: 'slack' | 'telegram', what: string): number {
    const { requests } = provider === 'slack' ? slack : telegram;
    const headlines = requests
      .filter(({ path }) => !path.endsWith('/editMessageText'))
      .map(({ json }) => String(json?.['text']).split('\n')[0]);
    return headlines.filter((headline) => headline?.includes(what)).length;
  }

  it('10: a 502 with an HTML page from Telegram is tried again', async () => {
    const gateway = await startProviderServer();
    gateway.answer(502, '<html>Bad Gateway</html>').answer(200, TELEGRAM_OK);
    const started = await start({ alerts: chatsAt(slack.url, gateway.url) });
    started.emit(tripped('global'));
    await gateway.received(2);
    await started.settled();
    expect(await started.deliveries('telegram')).toEqual([
      'delivery.requested',
      ...['delivery.started', 'delivery.failed transient'],
      ...['delivery.started', 'delivery.succeeded'],
    ]);
    await gateway.close();
  });

  it("11: a captive portal's page is no delivery: sent once more, marked, then a dead letter", async () => {
    slack.answer(200, '<html>Log in to the hotel</html>');
    const started = await start();
    started.emit(tripped('global'));
    await slack.received(2);
    await started.settled();
    expect(await started.deliveries('slack')).toEqual([
      'delivery.requested',
      ...['delivery.started', 'delivery.failed ambiguous'],
      ...['delivery.started', 'delivery.abandoned ambiguous'],
    ]);
    expect(slack.requests.map(({ body }) => MARK.test(body))).toEqual([false, true]);
    expect(started.alerts.deadLetters()).toMatchObject([{ channel: 'slack', reason: 'ambiguous' }]);
  });

  it('12: a provider that hangs is given up on in time, and sent the message once more, marked', async () => {
    const { url } = slack;
    class ImpatientChannel extends SlackChannel {
      constructor() {
        const webhookUrl = `${url}/services/T0SECRET/B0SECRET/hook-that-nobody-sees`;
        super(slackOptions.parse({ enabled: true, webhookUrl }), { timeoutMs: 200 });
      }
    }
    slack.hang().answer(200, 'ok');
    const { telegram: other } = chatsAt(url, telegram.url);
    const started = await start({
      alerts: { ...(other && { telegram: other }) },
      channels: [ImpatientChannel],
    });
    started.emit(tripped('global'));
    await slack.received(2);
    await started.settled();
    expect(await started.deliveries('slack')).toEqual([
      'delivery.requested',
      ...['delivery.started', 'delivery.failed ambiguous'],
      ...['delivery.started', 'delivery.succeeded'],
    ]);
    expect(slack.requests.map(({ body }) => MARK.test(body))).toEqual([false, true]);
  });

  it('14: a name that does not resolve for ten minutes: queued, then delivered, marked as delayed', async () => {
    const wall = steadyClock();
    let later = 0;
    const dns = new UnresolvableName('chat.example');
    try {
      const started = await start({
        alerts: chatsAt(slack.url.replace('127.0.0.1', dns.name), telegram.url),
        wallClock: { now: () => wall.now() + later },
      });
      started.emit(tripped('global'));
      await eventually(async () => (await started.deliveries('slack')).includes('delivery.failed transient'));
      await eventually(() => expect(started.alerts.channelHealth().pending).toBe(1));
      expect(started.alerts.channelHealth().broken.size).toBe(0);
      later = 10 * 60_000;
      dns.resolve();
      await slack.received(1);
      await started.settled();
      expect(slack.requests.map(({ body }) => /delayed by 10 min/.test(body))).toEqual([true]);
      expect(telegram.requests.map(({ body }) => /delayed/.test(body))).toEqual([false]);
    } finally {
      dns.restore();
    }
  });

  it.each([401, 403, 410])(
    '15: a %i is tried once, marks the channel, and is sent through the others once',
    async (status) => {
      slack.answer(status, 'invalid_token /services/T0SECRET/B0SECRET/hook-that-nobody-sees');
      const started = await start();
      started.emit(tripped('A'));
      await telegram.received(2);
      started.emit(tripped('B'));
      await telegram.received(3);
      await started.settled();
      expect(slack.requests).toHaveLength(1);
      expect([...started.alerts.channelHealth().broken.keys()]).toEqual(['slack']);
      const sent = telegram.requests.map(({ body }) => /channel broken|tripped: [AB]/.exec(body)?.[0]);
      expect([...sent].sort()).toEqual(['channel broken', 'tripped: A', 'tripped: B']);
    },
  );

  it('16: with every other channel down the log is sent everything, and what trades is not disturbed', async () => {
    const [slackUrl, telegramUrl] = [slack.url, telegram.url];
    await Promise.all([slack.close(), telegram.close()]);
    const started = await start({ alerts: chatsAt(slackUrl, telegramUrl) });
    const scopes = Array.from({ length: 20 }, (_, n) => `S${n}`);
    for (const scope of scopes) started.emit(filled(`f-${scope}`), tripped(scope));
    await eventually(() => scopes.every((scope) => isLogged(started, `tripped: ${scope} `)));
    const fills = (await started.records()).filter(({ event }) => event.type === 'order.filled');
    expect(fills).toHaveLength(20);
    expect(await started.metric('market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"}')).toBe(20);
    slack = await startProviderServer();
    telegram = await startProviderServer();
  });

  it('17: a log that cannot be written keeps nothing from the other channels, and no channel from going on', async () => {
    slack.answer(400, 'no_text').answer(200, 'ok');
    const started = await start();
    const restore = started.breakLogger();
    started.emit(tripped('A'), tripped('B'));
    await slack.received(2);
    await telegram.received(2);
    await started.settled();
    restore();
    started.emit(tripped('C'));
    await slack.received(3);
    await started.settled();
    expect((await started.deliveries('slack')).filter((step) => /succ|aband/.test(step))).toEqual([
      'delivery.abandoned rejected',
      'delivery.succeeded',
      'delivery.succeeded',
    ]);
    expect(isLogged(started, 'tripped: C ')).toBe(true);
  });

  it('18: a group that became a supergroup is written to at its new id from then on', async () => {
    const bot = await startProviderServer();
    const parameters = { migrate_to_chat_id: -100_777 };
    bot.refuse(400, 'Bad Request: group chat was upgraded to a supergroup chat', parameters);
    bot.answer(200, TELEGRAM_OK);
    const started = await start({ alerts: chatsAt(slack.url, bot.url) });
    started.emit(tripped('A'));
    await bot.received(2);
    await started.settled();
    started.emit(tripped('B'));
    await bot.received(3);
    await started.settled();
    expect(bot.requests.map(({ json }) => String(json?.['chat_id']))).toEqual(['42', '-100777', '-100777']);
    await bot.close();
  });

  it('23: a connection that flaps every 5 s for 5 min is one alert, ERROR once its time down adds up, and resolved when it is stable', async () => {
    let now = Date.UTC(2026, 0, 15, 12);
    const started = await start({ clock: { now: () => now } });
    const log = started.log;
    const happens = async (event: TradingEvent): Promise<void> => {
      started.emit(event);
      await log.flush();
      await eventually(async () => expect(await started.health()).toMatchObject({ behind: 0 }));
    };
    for (let n = 0; n < 60; n += 1) {
      await happens({ ...disconnected(), occurredAt: now });
      now += 2_500;
      await happens({ ...reconnected(), occurredAt: now });
      now += 2_500;
    }
    await started.settled();
    now += 6 * 60_000;
    await eventually(() => expect(sentThrough('slack', 'RESOLVED')).toBe(2));
    await started.settled();
    const kinds = slack.requests.map(({ json }) => String(json?.['text']).split('\n')[0]?.split(' · ')[0]);
    expect(kinds).toEqual([
      ...[expect.stringContaining('WARNING'), expect.stringContaining('RESOLVED')],
      ...[expect.stringContaining('WARNING'), expect.stringContaining('flapping')],
      ...[expect.stringContaining('ERROR'), expect.stringContaining('RESOLVED')],
    ]);
    expect(started.alerts.active()).toEqual([]);
  });

  it.each([
    ['forward', 3_600_000, 'escalation', 'still disconnected', [disconnected()]],
    ['back', -3_600_000, 'escalation', 'still disconnected', [disconnected()]],
    ['forward', 3_600_000, 'digest', 'DIGEST', ['1', '2', '3', '4'].map(breached)],
    ['back', -3_600_000, 'digest', 'DIGEST', ['1', '2', '3', '4'].map(breached)],
  ])(
    '25: the wall clock steps %s by %i ms: retries and the %s that waits come, each once',
    async (_direction, step, _what, waiting, events) => {
      const real = Date.now;
      let shift = 0;
      Date.now = () => real.call(Date) + shift;
      try {
        slack.answer(503).answer(503).answer(200, 'ok');
        const limits = { exchangeDisconnect: { persistentAfter: 60_000 }, burst: 3, groupWindow: 60_000 };
        const started = await start({ alerts: { ...chatsAt(slack.url, telegram.url), ...limits } });
        const now = Date.now();
        started.emit(tripped('A'), ...events.map((event) => ({ ...event, occurredAt: now })));
        await eventually(async () =>
          (await started.deliveries('slack')).includes('delivery.failed transient'),
        );
        await telegram.received(Math.min(3, events.length + 1));
        expect(sentThrough('telegram', waiting)).toBe(0);
        shift = step;
        await eventually(() => sentThrough('telegram', waiting) === 1 && sentThrough('slack', waiting) === 1);
        started.emit(tripped('LATER'));
        await eventually(() => expect(sentThrough('slack', 'LATER')).toBe(1));
        await started.settled();
        expect(sentThrough('telegram', waiting)).toBe(1);
        expect((await started.deliveries('slack')).filter((one) => one.includes('transient'))).toHaveLength(
          2,
        );
        expect(new Set(telegram.requests.map(({ body }) => body)).size).toBe(telegram.requests.length);
        expect(started.alerts.deadLetters()).toEqual([]);
      } finally {
        Date.now = real;
      }
    },
  );

  it('21: none of these shows a token or an address in a log line, an event, a metric or an answer', () => {
    expect(everythingSaid).toContain('market_maker_alert_deliveries_total');
    expect(everythingSaid).toContain('invalid_token');
    expect(secretsIn(everythingSaid)).toEqual([]);
  });
});

function isLogged({ lines }: AlertApplication, text: string): boolean {
  return lines.some((line) => line.includes(text));
}
