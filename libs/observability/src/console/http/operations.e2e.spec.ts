import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import request from 'supertest';
import { type AlertView, alertDetail, alertsPage, breaker, silencePreview } from '../api/alerts';
import { delivery } from '../api/delivery';
import { type ConsoleApplication, startConsole } from '../testing/console-application';

const breach = (symbol: string) =>
  createEvent('risk.limit_breached', {
    ...{ scope: symbol, limit: 'max_position', value: '2', threshold: '1', severity: 'warning' },
  });
const tripped = createEvent('circuit_breaker.tripped', {
  ...{ scope: 'global', reason: 'max_drawdown', value: '2500.74', threshold: '2500', cooldownMs: 60_000 },
});

describe('What operators do from the page', () => {
  let console: ConsoleApplication;
  let cookie: string;
  const resets: unknown[] = [];
  beforeEach(async () => {
    const apiTokens = [
      { name: 'desk', token: 'a-token-of-the-desk', role: 'operate' },
      { name: 'wall', token: 'a-token-of-the-wall', role: 'read' },
    ] as const;
    const breakers = {
      reset: (scope: string, asked: object) => {
        resets.push({ scope, ...asked });
        return Promise.resolve({ reset: scope === 'global', tripped: [] });
      },
    };
    console = await startConsole({ apiTokens: [...apiTokens], breakers });
    console.emit(breach('BTCUSDT'), breach('ETHUSDT'), tripped);
    await eventually(async () => expect(await open()).toHaveLength(3));
    cookie = await session('a-token-of-the-desk');
  });
  afterEach(() => console.close());

  async function session(token: string): Promise<string> {
    const begun = await request(console.url).post('/api/v1/session').send({ token }).expect(200);
    return (begun.get('Set-Cookie') ?? [])[0]?.split(';')[0] ?? '';
  }
  async function open(): Promise<readonly AlertView[]> {
    return alertsPage.parse((await request(console.url).get('/api/v1/alerts').expect(200)).body).alerts;
  }
  const post = (path: string, body: object, as = cookie) =>
    request(console.url).post(`/api/v1/${path}`).set('cookie', as).send(body);

  it('needs a session or a token that may', async () => {
    const path = `alerts/${(await open())[0]?.id}/acknowledge`;
    expect((await post(path, {}, '').expect(401)).body).toMatchObject({ code: 'TOKEN_NEEDED' });
    const reader = await session('a-token-of-the-wall');
    expect((await post(path, {}, reader).expect(403)).body).toMatchObject({ code: 'ROLE_READ' });
    const crossed = post(path, {}).set('sec-fetch-site', 'cross-site');
    expect((await crossed.expect(403)).body).toMatchObject({ code: 'CROSS_SITE' });
    await request(console.url)
      .post(`/api/v1/${path}`)
      .set('authorization', 'Bearer a-token-of-the-desk')
      .send({})
      .expect(200);
  });

  it('lists the worst first, and acknowledges and resolves under the name of the token', async () => {
    const [first, second] = await open();
    expect(first).toMatchObject({ level: 'CRITICAL', subject: 'all symbols', acknowledgedBy: null });
    expect(second).toMatchObject({ subject: 'BTCUSDT', summary: 'max position', symbol: 'BTCUSDT' });
    const taken = await post(`alerts/${first?.id}/acknowledge`, { note: 'on it' }).expect(200);
    expect(taken.body).toMatchObject({ acknowledgedBy: 'desk' });
    await post(`alerts/${second?.id}/resolve`, { reason: 'hedged' }).expect(200);
    const past = await request(console.url).get('/api/v1/alerts?status=past').expect(200);
    expect(alertsPage.parse(past.body).alerts).toMatchObject([{ id: second?.id, status: 'resolved' }]);
    const unknown = await post('alerts/nothing/acknowledge', {}).expect(404);
    expect(unknown.body).toMatchObject({ code: 'UNKNOWN_ALERT', detail: "No alert 'nothing' is open." });
  });

  it('answers open and past alerts a page at a time', async () => {
    const page = async (query: string) =>
      alertsPage.parse((await request(console.url).get(`/api/v1/alerts?limit=2&${query}`).expect(200)).body);
    const first = await page('status=open');
    expect(first.alerts.map(({ subject }) => subject)).toEqual(['all symbols', 'BTCUSDT']);
    const rest = await page(`before=${first.next}`);
    expect(rest.alerts.map(({ subject }) => subject)).toEqual(['ETHUSDT']);
    expect(rest.next).toBeNull();
    for (const { id } of [...first.alerts, ...rest.alerts])
      await post(`alerts/${id}/resolve`, {}).expect(200);
    const past = await page('status=past');
    expect(past.alerts).toHaveLength(2);
    expect(await page(`status=past&before=${past.next}`)).toMatchObject({ alerts: [{}], next: null });
  });

  it('shows beforehand what a silence would hold, and then holds it', async () => {
    const matchers = ['symbol=BTCUSDT'];
    const preview = silencePreview.parse((await post('silences/preview', { matchers }).expect(200)).body);
    expect(preview).toMatchObject({
      open: [{ subject: 'BTCUSDT' }],
      lastWeek: { matched: 1, raised: 3, critical: 0 },
      warnings: [],
    });
    const body = { matchers, duration: 60_000, reason: 'rebalancing' };
    const { silenceId, until } = (await post('silences', body).expect(201)).body;
    const silenced = async () => (await open()).map(({ silencedUntil }) => silencedUntil);
    await eventually(async () => expect(await silenced()).toEqual([null, until, null]));
    const { body: detail } = await request(console.url).get(`/api/v1/alerts/${(await open())[1]?.id}`);
    expect(alertDetail.parse(detail).alert.silencedUntil).toBe(until);
    await request(console.url).delete(`/api/v1/silences/${silenceId}`).set('cookie', cookie).expect(204);
    await eventually(async () => expect(await silenced()).toEqual([null, null, null]));
    await post('silences/preview', { matchers: [] }).expect(400);
  });

  it('shows what a breaker tripped on, and resets it once', async () => {
    const { body } = await request(console.url).get('/api/v1/breakers').expect(200);
    expect(breaker.array().parse(body)).toMatchObject([
      { scope: 'global', tripped: { value: '2500.74', threshold: '2500' }, now: { value: null } },
    ]);
    await post('breakers/global/reset', {}).expect(400);
    await post('breakers/global/reset', { reason: 'looked at it' }).expect(200);
    expect(resets).toEqual([{ scope: 'global', by: 'desk', reason: 'looked at it' }]);
    const other = await post('breakers/BTCUSDT/reset', { reason: 'r' }).expect(404);
    expect(other.body.code).toBe('NOT_TRIPPED');
  });

  it('shows the channels, what they delivered and what is silenced', async () => {
    const body = { matchers: { symbol: 'BTCUSDT' }, duration: 600_000, reason: 'rebalancing' };
    await post('silences', body).expect(201);
    await eventually(async () => {
      const view = delivery.parse((await request(console.url).get('/api/v1/channels').expect(200)).body);
      expect(view).toMatchObject({
        channels: [{ channel: 'log', state: 'delivers', waiting: 0, deadLetters: 0 }],
        ...{
          waiting: [],
          deadLetters: [],
          silences: [{ by: 'desk', reason: 'rebalancing', startsAt: expect.any(Number) }],
        },
      });
    });
  });

  it('is described by a document of OpenAPI 3.1', async () => {
    const { body } = await request(console.url).get('/api/v1/openapi.json').expect(200);
    expect(body).toMatchObject({ openapi: '3.1.0', servers: [{ url: '/api/v1' }] });
  });

  it('tests a channel', async () => {
    const { body } = await post('channels/log/test', {}).expect(200);
    expect(body).toMatchObject({ channel: 'log', delivered: true });
    expect((await post('channels/sms/test', {}).expect(404)).body.code).toBe('UNKNOWN_CHANNEL');
  });
});
