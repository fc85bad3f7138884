import type { INestApplication } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { register } from 'prom-client';
import request, { type Response } from 'supertest';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { ObservabilityModule } from '../../observability.module';
import { AlertService } from '../runtime/alert.service';

const TOKEN = 'a-token-for-operators';
const breached = createEvent('risk.limit_breached', {
  scope: 'BTCUSDT',
  limit: 'max_position',
  value: '2',
  threshold: '1',
  severity: 'warning',
});

describe('/alerts', () => {
  let slack: ProviderServer;
  let app: INestApplication;
  beforeEach(async () => {
    register.clear();
    slack = await startProviderServer();
  });
  afterEach(async () => {
    await app.close();
    await slack.close();
  });

  async function start(apiToken?: string): Promise<void> {
    const breakers = { reset: () => Promise.resolve({ reset: false, tripped: [] }) };
    const options = { alerts: { slack: { enabled: true, webhookUrl: slack.url } }, breakers };
    const module = ObservabilityModule.forRoot({
      ...options,
      imports: [EventEmitterModule.forRoot()],
      ...(apiToken === undefined ? {} : { apiToken }),
    });
    app = (await Test.createTestingModule({ imports: [module] }).compile()).createNestApplication({
      logger: false,
    });
    await app.init();
  }

  const post = (path: string, body: object, token = TOKEN) =>
    request(app.getHttpServer()).post(path).set('authorization', `Bearer ${token}`).send(body);

  async function raised(): Promise<string> {
    app.get(EventEmitter2).emit(breached.type, breached);
    await eventually(() => expect(app.get(AlertService).active()).not.toEqual([]));
    const { body } = await request(app.getHttpServer()).get('/alerts').expect(200);
    return body[0].id;
  }

  it('lists open alerts, then their history', async () => {
    await start();
    const id = await raised();
    await app.get(AlertService).resolve(id, 'over');
    expect((await request(app.getHttpServer()).get('/alerts').expect(200)).body).toEqual([]);
    const { body } = await request(app.getHttpServer()).get('/alerts/history?limit=1').expect(200);
    expect(body).toMatchObject([{ id, status: 'resolved', condition: 'risk_limit_breach' }]);
    const refused = await request(app.getHttpServer()).get('/alerts/history?limit=0').expect(400);
    expect(refused.body).toEqual({
      statusCode: 400,
      error: 'Bad Request',
      message: "limit must be a whole number from 1 to 1000, found '0'.",
    });
  });

  it('answers a page at a time, and says where the next one is', async () => {
    await start(TOKEN);
    const symbols = ['A', 'B', 'C', 'D', 'E'];
    for (const scope of symbols)
      app.get(EventEmitter2).emit(breached.type, createEvent(breached.type, { ...breached.data, scope }));
    await eventually(() => expect(app.get(AlertService).active()).toHaveLength(5));
    const pages = async (path: string, labelOf: (item: never) => unknown, onPage = async () => {}) => {
      const seen: unknown[][] = [];
      for (let query: string | undefined = '?limit=2'; query !== undefined;) {
        const page: Response = await request(app.getHttpServer())
          .get(path + query)
          .expect(200);
        seen.push(page.body.map(labelOf));
        query = /<(\?.+)>; rel="next"/.exec(page.get('Link')?.toString() ?? '')?.[1];
        await onPage();
      }
      return seen;
    };
    const symbolOf = ({ labels }: { labels: { symbol: string } }) => labels.symbol;
    const whole = await request(app.getHttpServer()).get('/alerts').expect(200);
    expect(whole.headers['link']).toBeUndefined();
    expect(whole.body.map(symbolOf)).toEqual(symbols);
    expect(await pages('/alerts', symbolOf)).toEqual([['A', 'B'], ['C', 'D'], ['E']]);
    const second = whole.body[1].id as string;
    const resolveSecond = async () => {
      if (
        app
          .get(AlertService)
          .active()
          .some(({ id }) => id === second)
      )
        await app.get(AlertService).resolve(second);
    };
    expect(await pages('/alerts', symbolOf, resolveSecond)).toEqual([['A', 'B'], ['C', 'D'], ['E']]);
    for (const { id } of app.get(AlertService).active()) await app.get(AlertService).resolve(id);
    expect(await pages('/alerts/history', symbolOf)).toEqual([['E', 'D'], ['C', 'A'], ['B']]);
    const silence = { duration: 60_000, reason: 'r' };
    for (const symbol of symbols) await post('/alerts/silences', { ...silence, matchers: { symbol } });
    const silencedOf = ({ matchers }: { matchers: { symbol: string } }) => matchers.symbol;
    expect(await pages('/alerts/silences', silencedOf)).toEqual([['A', 'B'], ['C', 'D'], ['E']]);
    expect(await pages('/alerts/dead-letters', String)).toEqual([[]]);
  });

  it.each([
    'limit=0',
    'limit=1001',
    'limit=1e400',
    'limit=1&limit=2',
    'cursor=',
    'cursor=%00',
    'cursor=0192f0c1-0000-7000-8000-000000000001',
    `cursor=${'x'.repeat(65)}`,
  ])('refuses %s with a sentence', async (query) => {
    await start();
    for (const list of ['', '/silences', '/dead-letters', '/history']) {
      const { body } = await request(app.getHttpServer()).get(`/alerts${list}?${query}`).expect(400);
      expect(body.message).toMatch(
        /^(limit must be|cursor must be|What the cursor names|The cursor is none of)/,
      );
    }
  });

  it('refuses changes without a configured token, and says how to set one', async () => {
    await start();
    const { body } = await post('/alerts/test', { channel: 'log' }).expect(403);
    expect(body.message).toContain('server.token');
  });

  it.each([
    ['no command without a configured token', undefined, []],
    ['the commands that a configured token lets succeed', TOKEN, ['reset BTCUSDT', 'ack ', 'silence ']],
  ])('is preceded by a message that names %s', async (_, token, commands) => {
    await start(token);
    const event = createEvent('circuit_breaker.tripped', {
      ...{ scope: 'BTCUSDT', reason: 'max_drawdown', value: '6', threshold: '5', cooldownMs: 600_000 },
    });
    app.get(EventEmitter2).emit(event.type, event);
    const [message] = await slack.received(1);
    const named = [...String(message?.body).matchAll(/npx opensqt alerts (reset BTCUSDT|\w+ )/g)];
    expect([...new Set(named.map(([, command]) => command))]).toEqual(commands);
  });

  it('refuses a wrong token, and soon refuses to listen', async () => {
    await start(TOKEN);
    for (let i = 0; i < 5; i++) await post('/alerts/test', { channel: 'log' }, 'guess').expect(401);
    await post('/alerts/test', { channel: 'log' }, 'guess').expect(429);
  });

  it('answers the right token, however many wrong ones came before', async () => {
    await start(TOKEN);
    for (let i = 0; i < 20; i++) await post('/alerts/test', { channel: 'log' }, 'guess');
    await post('/alerts/test', { channel: 'log' }).expect(200);
  });

  it('acknowledges an alert, and says who did', async () => {
    await start(TOKEN);
    const id = await raised();
    await post(`/alerts/${id}/acknowledge`, { note: 1 }).expect(400);
    const { body } = await post(`/alerts/${id}/acknowledge`, { by: 'eve', note: 'on it' }).expect(200);
    expect(body).toMatchObject({ id, acknowledgedBy: 'token' });
    const unknown = await post('/alerts/nothing/acknowledge', { by: 'eve' }).expect(404);
    expect(unknown.body).toEqual({
      statusCode: 404,
      error: 'Not Found',
      message: "No alert 'nothing' is open.",
    });
    const list = await post(`/alerts/${id}/acknowledge`, ['eve']).expect(400);
    expect(list.body.message).toBe('The request needs a JSON object as its body.');
  });

  it('takes the beginning of an id, and resolves what somebody says is over', async () => {
    await start(TOKEN);
    const id = await raised();
    const short = id.slice(0, 8);
    const acknowledged = await post(`/alerts/${short}/acknowledge`, { by: 'eve' }).expect(200);
    expect(acknowledged.body).toMatchObject({ id, acknowledgedBy: 'token' });
    const tooShort = await post(`/alerts/${id.slice(0, 3)}/acknowledge`, { by: 'eve' }).expect(400);
    expect(tooShort.body.message).toContain('give at least 4 characters');
    const resolved = await post(`/alerts/${short}/resolve`, { by: 'eve', reason: 'hedged' }).expect(200);
    expect(resolved.body).toMatchObject({ id, status: 'resolved' });
    await post(`/alerts/${short}/resolve`, { by: 'eve' }).expect(404);
    await post(`/alerts/${short}/resolve`, { by: ' ' }).expect(400);
  });

  it('names the candidates for the beginning of more than one id', async () => {
    await start(TOKEN);
    const silence = { matchers: { symbol: 'A' }, duration: 60_000, reason: 'r', by: 'eve' };
    const ids: string[] = [];
    for (let n = 0; n < 2; n += 1) ids.push((await post('/alerts/silences', silence)).body.silenceId);
    const end = (prefix: string) =>
      request(app.getHttpServer())
        .delete(`/alerts/silences/${prefix}`)
        .set('authorization', `Bearer ${TOKEN}`);
    const ambiguous = await end(String(ids[0]).slice(0, 6)).expect(400);
    for (const id of ids) expect(ambiguous.body.message).toContain(id);
    await end(String(ids[0])).expect(204);
    await end(String(ids[1]).slice(0, 6)).expect(204);
  });

  it('silences from a time on, warns of a label that no alert has had, and refuses what it does not know', async () => {
    await start(TOKEN);
    const silence = { matchers: ['symbol=BTCUSDT'], duration: 3_600_000, reason: 'work', by: 'eve' };
    const startsAt = Date.now() + 3_600_000;
    const later = await post('/alerts/silences', { ...silence, startsAt }).expect(201);
    expect(later.body).toMatchObject({ until: startsAt + silence.duration, warnings: [] });
    await raised();
    const [sent] = await slack.received(1);
    expect(sent?.body).toContain('Risk limit breached');

    const unheard = await post('/alerts/silences', { ...silence, matchers: ['simbol=BTCUSDT'] }).expect(201);
    expect(unheard.body.warnings).toEqual([expect.stringContaining('simbol')]);
    const unknown = await post('/alerts/silences', { ...silence, until: 'tomorrow' }).expect(400);
    expect(unknown.body.message).toContain('until');
    const endless = await post('/alerts/silences', { ...silence, duration: 1e300 }).expect(400);
    expect(endless.body.message).toContain('duration');
  });

  it('28: sends what a silence held back once, when the silence ends', async () => {
    await start(TOKEN);
    const silence = {
      matchers: { condition: 'risk_limit_breach' },
      duration: 3_600_000,
      reason: 'rebalancing',
      by: 'eve',
    };
    const { body } = await post('/alerts/silences', silence).expect(201);
    await raised();
    const silences = await request(app.getHttpServer()).get('/alerts/silences').expect(200);
    expect(silences.body).toMatchObject([
      { silenceId: body.silenceId, by: 'token', reason: 'rebalancing (as eve)' },
    ]);
    expect(slack.requests).toHaveLength(0);

    const end = `/alerts/silences/${body.silenceId}`;
    await request(app.getHttpServer()).delete(end).set('authorization', `Bearer ${TOKEN}`).expect(204);
    const [sent] = await slack.received(1);
    expect(sent?.body).toContain('Risk limit breached');
    await request(app.getHttpServer()).delete(end).set('authorization', `Bearer ${TOKEN}`).expect(404);
    expect(slack.requests).toHaveLength(1);
  });

  it.each([
    [{ duration: 1, reason: 'r', by: 'eve' }, 'matchers'],
    [{ matchers: {}, duration: 1, reason: 'r', by: 'eve' }, 'matchers'],
    [{ matchers: { a: 1 }, duration: 1, reason: 'r', by: 'eve' }, 'matchers'],
    [{ matchers: { a: 'b' }, duration: -1, reason: 'r', by: 'eve' }, 'duration'],
    [{ matchers: { a: 'b' }, duration: 1, by: 'eve' }, 'reason'],
    [{ matchers: { a: 'b' }, duration: 1, reason: 'r', by: 1 }, 'by'],
    [{ matchers: { a: 'b' }, duration: 1, reason: ' ', by: 'x'.repeat(1_001) }, 'reason'],
  ])('refuses the silence %p with a sentence about %s', async (body, field) => {
    await start(TOKEN);
    const answer = await post('/alerts/silences', body).expect(400);
    expect(answer.body.message).toContain(field);
  });

  it('lists what could not be delivered, and sends it again once the webhook is mended', async () => {
    slack.answer(403, 'invalid_token');
    await start(TOKEN);
    await raised();
    const letters = () => request(app.getHttpServer()).get('/alerts/dead-letters').expect(200);
    await eventually(async () => expect((await letters()).body).not.toEqual([]));
    const [letter] = (await letters()).body;
    expect(letter).toMatchObject({ channel: 'slack', reason: 'broken', attempts: 1, kind: 'raised' });

    slack.answer(200, 'ok');
    await post(`/alerts/dead-letters/${letter.deliveryId}/resend`, {}).expect(202);
    const [, again] = await slack.received(2);
    expect(again?.body).toContain('Risk limit breached');
    expect((await letters()).body).toEqual([]);
    await post('/alerts/dead-letters/nothing/resend', {}).expect(404);
  });

  it('sends a test message and shows what the provider made of it', async () => {
    slack.answer(200, 'ok').answer(404, 'no_service');
    await start(TOKEN);
    expect((await post('/alerts/test', { channel: 'slack' }).expect(200)).body).toEqual({
      channel: 'slack',
      delivered: true,
      detail: 'the provider accepted the message',
    });
    expect((await post('/alerts/test', { channel: 'slack' }).expect(200)).body).toMatchObject({
      delivered: false,
      detail: expect.stringContaining('broken'),
    });
    await post('/alerts/test', { channel: 'sms' }).expect(404);
  });
});
