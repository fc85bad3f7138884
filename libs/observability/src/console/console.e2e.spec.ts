import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import request from 'supertest';
import { overview as overviewSchema } from './api/overview';
import { problem, session } from './api/problem';
import { streamEvents } from './api/stream';
import { eventsPage } from './api/timeline';
import { PageFiles } from './page/page-files';
import {
  type ConsoleApplication,
  type StreamPage,
  openPage,
  startConsole,
} from './testing/console-application';
import { trading } from './testing/trading';

const TOKEN = 'a-token-for-operators';
const HOSTILE = '<img/src=x>';

describe('The API of the page', () => {
  let console: ConsoleApplication;
  const pages: StreamPage[] = [];
  afterEach(async () => {
    for (const page of pages.splice(0)) page.close();
    await console.close();
  });

  const overviewNow = async () =>
    overviewSchema.parse((await request(console.url).get('/api/v1/overview').expect(200)).body);
  const listen = (after?: number): StreamPage => {
    const page = openPage(`${console.url}/api/v1/stream`, after);
    pages.push(page);
    return page;
  };
  const positionsIn = ({ messages }: StreamPage) =>
    messages
      .filter(({ event }) => event === 'records')
      .flatMap(({ data }) => streamEvents.records.parse(data).records.map(({ position }) => position));

  it('says before the first event that nothing is known yet, and shows no zero in its place', async () => {
    console = await startConsole();
    await eventually(async () => expect((await overviewNow()).replaying).toBeNull());
    expect(await overviewNow()).toMatchObject({
      mode: 'live',
      position: 0,
      time: null,
      verdict: { verdict: 'unknown' },
      profit: { realized: null, unrealized: null, afterFees: null, volume: null, fees: [] },
      latency: { tickToOrder: null, exchangeCall: null },
      symbols: [],
    });
  });

  it('shows each symbol, why one is not quoted, and exact sums', async () => {
    console = await startConsole();
    console.emit(...trading(Date.now()));
    await eventually(async () => expect((await overviewNow()).position).toBe(8));
    const { profit, symbols, latency } = await overviewNow();
    expect(symbols).toMatchObject([
      {
        ...{ symbol: 'BTCUSDT', state: 'quoting', reason: null, resting: { buys: 1, sells: 1 } },
        ...{ bid: '59980', ask: '60010', price: '60005', priceFrom: 'live', priceStale: false },
        ...{ position: '0.1', value: '6000.5', entry: '59990', unrealized: '2', realized: '-1.25' },
        ...{ fees: [{ asset: 'USDT', amount: '0.5999' }], quoteAsset: 'USDT' },
      },
      { symbol: 'ETHUSDT', state: 'no_orders', reason: { code: 'no_price' }, price: null, position: null },
    ]);
    expect(profit).toMatchObject({ realized: '-1.25', unrealized: '2', fills: 1 });
    expect(latency.tickToOrder).toEqual({ p50: 0.25, p99: 0.25, orders: 3 });
  });

  it('takes names as they are: hostile ones are text in JSON', async () => {
    console = await startConsole();
    const symbol = { symbol: HOSTILE, exchange: 'paper', strategy: '</script>' };
    console.emit(createEvent('symbol.started', symbol, { occurredAt: Date.now() }));
    await eventually(async () => expect((await overviewNow()).symbols[0]?.symbol).toBe(HOSTILE));
    const { headers } = await request(console.url).get('/api/v1/overview');
    expect(headers['content-type']).toMatch(/^application\/json/);
  });

  it('streams records and the overview to every page, and goes on after a reconnect where it was', async () => {
    console = await startConsole();
    const [one, two] = [listen(), listen()];
    await eventually(() => expect(one.messages.length * two.messages.length).toBeGreaterThan(0));
    console.emit(...trading(Date.now()));
    const all = [1, 2, 3, 4, 5, 6, 7, 8];
    await eventually(() => expect([positionsIn(one), positionsIn(two)]).toEqual([all, all]), {
      within: 20_000,
    });
    one.close();
    const reconnected = listen(5);
    await eventually(() => expect(positionsIn(reconnected)).toEqual([6, 7, 8]), { within: 20_000 });
    const shown = reconnected.messages.filter(({ event }) => event === 'overview');
    expect(overviewSchema.parse(shown.at(-1)?.data).symbols).toHaveLength(2);
    expect(reconnected.messages.find(({ event }) => event === 'records')?.id).toBe('8');
    await eventually(() => expect(reconnected.messages.map(({ event }) => event)).toContain('heartbeat'), {
      within: 20_000,
    });
  });

  it('sends a page that was away for long the newest records, and says how many it has left out', async () => {
    console = await startConsole();
    const price = { symbol: 'BTCUSDT', strategy: 'grid', price: '1', markPrice: '1', unrealizedPnl: '0' };
    const at = Date.now();
    for (let n = 0; n < 500; n++) console.emit(createEvent('market.sampled', price, { occurredAt: at + n }));
    await eventually(async () => expect((await overviewNow()).position).toBe(500), { within: 20_000 });
    const page = listen(1);
    await eventually(() => expect(positionsIn(page)).toHaveLength(200), { within: 20_000 });
    const [first] = page.messages;
    expect(first?.data).toMatchObject({ head: 500, skipped: 299 });
  });

  it('takes types in one list or in several, and refuses what can only be given once', async () => {
    console = await startConsole();
    console.emit(...trading(Date.now()));
    const api = (path: string) => request(console.url).get(`/api/v1/${path}`);
    const recorded = async () =>
      eventsPage.parse(
        (await api('events?type=quoting.paused&type=order.filled,symbol.started').expect(200)).body,
      );
    await eventually(async () =>
      expect((await recorded()).records.map(({ type }) => type)).toEqual([
        ...['symbol.started', 'symbol.started', 'order.filled', 'quoting.paused'],
      ]),
    );
    for (const name of ['symbol', 'bot', 'alert', 'limit', 'at'])
      expect((await api(`events?${name}=1&${name}=2`).expect(400)).body).toMatchObject({
        code: 'INVALID_REQUEST',
      });
    await api('series?symbol=A&symbol=B').expect(400);
  });

  it('answers errors with problem+json', async () => {
    console = await startConsole();
    const answer = await request(console.url).get('/api/v1/stream?after=x').expect(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(problem.parse(answer.body)).toMatchObject({
      code: 'INVALID_REQUEST',
      detail: expect.stringContaining('after'),
    });
  });

  it('begins a session with the token, in a cookie that no script reads, and ends it', async () => {
    console = await startConsole({ apiToken: TOKEN });
    const path = '/api/v1/session';
    const wrong = await request(console.url).post(path).send({ token: 'guess' }).expect(401);
    expect(problem.parse(wrong.body).code).toBe('TOKEN_NEEDED');
    const begun = await request(console.url).post(path).send({ token: TOKEN }).expect(200);
    const [cookie = ''] = begun.get('Set-Cookie') ?? [];
    expect(cookie).toMatch(/^opensqt_session=[\w-]{43}; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    const named = cookie.split(';')[0] ?? '';
    const canChange = async () =>
      session.parse((await request(console.url).get(path).set('cookie', named)).body).canChange;
    expect(await canChange()).toBe(true);
    await request(console.url).delete(path).set('cookie', named).expect(200);
    expect(await canChange()).toBe(false);
  });

  it('keeps the sessions of other bots on the host, which share its cookie, and says Secure behind HTTPS', async () => {
    console = await startConsole({ apiToken: TOKEN, access: { trustedProxies: ['127.0.0.1', '::1'] } });
    const path = '/api/v1/session';
    const other = 'x'.repeat(43);
    const begun = await request(console.url)
      .post(path)
      .set({ cookie: `opensqt_session=${other}`, 'x-forwarded-proto': 'https' })
      .send({ token: TOKEN })
      .expect(200);
    const [cookie = ''] = begun.get('Set-Cookie') ?? [];
    expect(cookie).toMatch(new RegExp(`^__Secure-opensqt_session=${other}\\.[\\w-]{43}; .*; Secure$`));
    const both = cookie.split(';')[0] ?? '';
    const shown = await request(console.url).get(path).set('cookie', both);
    expect(session.parse(shown.body).canChange).toBe(true);
    const ended = await request(console.url).delete(path).set('cookie', both).expect(200);
    expect((ended.get('Set-Cookie') ?? [])[0]).toMatch(new RegExp(`^opensqt_session=${other}; HttpOnly`));
  });

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
  ])('refuses to begin a session for %s', async (_, headers) => {
    console = await startConsole({ apiToken: TOKEN });
    const answer = await request(console.url)
      .post('/api/v1/session')
      .set(headers)
      .send({ token: TOKEN })
      .expect(403);
    expect(answer.body.code).toBe('CROSS_SITE');
  });

  it('is served under the path that is asked for, or not at all', async () => {
    console = await startConsole({ http: { api: '/observe', console: false } });
    await request(console.url).get('/observe/overview').expect(200);
    await request(console.url).get('/api/v1/overview').expect(404);
    await request(console.url).get('/observability/').expect(404);
  });
});

describe('The page', () => {
  let console: ConsoleApplication;
  afterEach(() => console.close());
  beforeEach(() => {
    const files = {
      'index.html':
        '<!doctype html><html><head><script src="./assets/index-DAmNbf3k.js"></script></head></html>',
      'assets/index-DAmNbf3k.js': 'export {}',
      'icon-not-trading.svg': '<svg/>',
    };
    const types = {
      html: 'text/html; charset=utf-8',
      js: 'text/javascript; charset=utf-8',
      svg: 'image/svg+xml',
    };
    jest.spyOn(PageFiles.prototype, 'find').mockImplementation((path) => {
      const text = (files as Record<string, string>)[path];
      const type = (types as Record<string, string>)[path.split('.').at(-1) ?? ''] ?? '';
      return text === undefined ? undefined : { type, body: Buffer.from(text), etag: '"1"' };
    });
  });

  it('knows the way to its API below any prefix, and is strict', async () => {
    console = await startConsole({}, 'bots/one');
    const above = await request(console.url).get('/bots/one/observability?at=7').expect(200);
    expect(above.text).toContain('<meta name="opensqt-api" content="observability/../api/v1">');
    expect(above.text).toContain('<script src="./observability/assets/index-DAmNbf3k.js">');
    const { text, headers } = await request(console.url).get('/bots/one/observability/').expect(200);
    expect(text).toContain('<meta name="opensqt-api" content="../api/v1">');
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'self'"),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    });
    const etag = String(headers['etag']);
    await request(console.url).get('/bots/one/observability/').set('if-none-match', etag).expect(304);
    await request(console.url).get('/bots/one/api/v1/overview').expect(200);
  });

  it('finds its files and its API where a proxy serves it under a path, with or without a slash at its end', async () => {
    console = await startConsole({ http: { console: '/' } }, undefined, (app) =>
      app.use((received: { url: string }, _response: unknown, next: () => void) => {
        received.url = received.url.replace(/^\/bot(?=\/|$)\/?/, '/');
        next();
      }),
    );
    const { text } = await request(console.url).get('/bot').expect(200);
    expect(text).toContain('<meta name="opensqt-api" content="bot/api/v1">');
    expect(text).toContain('<script src="./bot/assets/index-DAmNbf3k.js">');
    const below = await request(console.url).get('/bot/').expect(200);
    expect(below.text).toContain('<meta name="opensqt-api" content="api/v1">');
    expect(below.text).toContain('<script src="./assets/index-DAmNbf3k.js">');
  });

  it('lets what is hashed be kept for good, and nothing else', async () => {
    console = await startConsole({ http: { console: '/' } });
    const asset = await request(console.url).get('/assets/index-DAmNbf3k.js').expect(200);
    expect(asset.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    const icon = await request(console.url).get('/icon-not-trading.svg').expect(200);
    expect(icon.headers['cache-control']).toBe('no-cache');
    expect((await request(console.url).get('/').expect(200)).text).toContain('content="api/v1"');
    await request(console.url).get('/assets/..%2f..%2fpackage.json').expect(404);
  });

  it('can be off', async () => {
    console = await startConsole({ console: { enabled: false } });
    const { body } = await request(console.url).get('/observability/').expect(404);
    expect(body).toMatchObject({ code: 'PAGE_OFF', detail: expect.stringContaining('console.enabled') });
  });
});
