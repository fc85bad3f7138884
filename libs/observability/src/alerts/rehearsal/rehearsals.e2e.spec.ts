import type { INestApplication } from '@nestjs/common';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import type { EventLog } from '@opensqt/event-log';
import { eventually } from '@opensqt/trading-events/testing';
import { register } from 'prom-client';
import request from 'supertest';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { EVENT_LOG } from '../../ingest/event-log';
import { ObservabilityModule } from '../../observability.module';
import type { ObservabilityOptions } from '../../options/observability-options';
import { AlertService } from '../runtime/alert.service';
import type { DrillReport } from './drill-report';

const TOKEN = 'a-token-for-operators';

describe('Before the night', () => {
  let app: INestApplication;
  let slack: ProviderServer;
  let webhook: ProviderServer;
  beforeEach(async () => {
    register.clear();
    slack = await startProviderServer();
    webhook = await startProviderServer();
  });
  afterEach(async () => {
    await app.close();
    await Promise.all([slack.close(), webhook.close()]);
  });

  async function start(alerts: ObservabilityOptions['alerts'] = {}): Promise<void> {
    const module = ObservabilityModule.forRoot({
      imports: [EventEmitterModule.forRoot()],
      apiToken: TOKEN,
      alerts: {
        slack: { enabled: true, webhookUrl: slack.url },
        webhook: { enabled: true, url: webhook.url },
        ...alerts,
      },
    });
    const testing = await Test.createTestingModule({ imports: [module] }).compile();
    app = testing.createNestApplication({ logger: false });
    await app.init();
  }

  const post = (path: string, body: object) =>
    request(app.getHttpServer()).post(path).set('authorization', `Bearer ${TOKEN}`).send(body);

  async function ofType(type: string) {
    const log = app.get<EventLog>(EVENT_LOG);
    await log.flush();
    const found = [];
    for await (const records of log.read()) found.push(...records.map(({ event }) => event));
    return found.filter((event) => event.type === type);
  }

  it('tests every channel at once, and has each test in the log with who sent it', async () => {
    slack.answer(200, 'ok');
    webhook.answer(403, 'no');
    await start();
    const { body } = await post('/alerts/test', { by: 'eve' }).expect(200);
    expect(body).toEqual([
      { channel: 'log', delivered: true, detail: expect.any(String) },
      { channel: 'slack', delivered: true, detail: expect.any(String) },
      { channel: 'webhook', delivered: false, detail: expect.stringContaining('broken') },
    ]);
    const [sent] = await slack.received(1);
    expect(sent?.body).toContain('TEST');
    await eventually(async () => expect(await ofType('channel.tested')).toHaveLength(3));
    expect((await ofType('channel.tested')).map(({ data }) => data)).toContainEqual({
      ...{
        channel: 'slack',
        delivered: true,
        detail: 'the provider accepted the message',
        by: 'token (as eve)',
      },
    });
    // A test is no delivery and breaks no channel.
    expect(await ofType('delivery.requested')).toEqual([]);
    expect(app.get(AlertService).channelHealth().broken.size).toBe(0);
  });

  it('drills: an alert of each level goes the real ways, and the answer says who is notified and why others are not', async () => {
    slack.answer(200, 'ok');
    webhook.answer(200, 'ok');
    await start({
      slack: { enabled: true, webhookUrl: slack.url, minLevel: 'WARNING' },
      routes: [{ channel: 'webhook', unacknowledgedAfter: '10m' }],
    });
    const silence = { matchers: ['level=ERROR'], duration: 60_000, reason: 'r', by: 'eve' };
    await post('/alerts/silences', silence).expect(201);

    const { body } = await post('/alerts/drill', { by: 'eve' }).expect(200);
    const { alerts } = body as DrillReport;
    const table = alerts.map(({ level, channels }) => [level, ...channels.map(({ answer }) => answer)]);
    expect(table).toEqual([
      ['INFO', 'notified', 'held', 'held'],
      ['WARNING', 'notified', 'notified', 'held'],
      ['ERROR', 'notified', 'held', 'held'],
      ['CRITICAL', 'notified', 'notified', 'held'],
    ]);
    expect(alerts.flatMap(({ channels }) => channels)).toEqual(
      expect.arrayContaining([
        { channel: 'slack', answer: 'held', reason: 'below_channel_level' },
        { channel: 'slack', answer: 'held', reason: 'silenced', until: expect.any(Number) },
        {
          ...{ channel: 'webhook', answer: 'held', reason: 'awaiting_acknowledgement' },
          unacknowledgedAfter: 600_000,
        },
      ]),
    );
    const sent = await slack.received(2);
    for (const { body: message } of sent) {
      expect(message).toContain('DRILL');
      expect(message).toContain('Nothing happened');
    }
  });

  it('counts a drill nowhere as trouble: no open alert, no metric, no line of a summary', async () => {
    slack.answer(200, 'ok');
    webhook.answer(200, 'ok');
    await start();
    const { body: before } = await request(app.getHttpServer()).get('/health');
    await post('/alerts/drill', { by: 'eve' }).expect(200);
    const raised = await ofType('alert.raised');
    expect(raised.map(({ data }) => data)).toEqual(
      Array.from({ length: 4 }, () => expect.objectContaining({ condition: 'drill', oneOff: true })),
    );
    expect(app.get(AlertService).active()).toEqual([]);
    await eventually(() => expect(app.get(AlertService).channelHealth().pending).toBe(0));
    const { text } = await request(app.getHttpServer()).get('/metrics');
    expect(text).not.toMatch(/alerts_raised_total\{.*drill/);
    const { body: after } = await request(app.getHttpServer()).get('/health');
    expect(after.status).toBe(before.status);
  });

  it('refuses a drill without a token', async () => {
    await start();
    await request(app.getHttpServer()).post('/alerts/drill').send({ by: 'eve' }).expect(401);
  });
});
