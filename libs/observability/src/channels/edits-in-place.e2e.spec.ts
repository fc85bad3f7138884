import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { register } from 'prom-client';
import { AlertService } from '../alerts/runtime/alert.service';
import { ObservabilityModule } from '../observability.module';
import type { ObservabilityOptions } from '../options/observability-options';
import { type ProviderServer, slackOk, startProviderServer } from './testing/provider-server';

const stream = { exchange: 'paper', stream: 'market' } as const;
const lost = (reconnecting: boolean) =>
  createEvent('exchange.disconnected', { ...stream, reason: 'socket closed', reconnecting });
const back = () => createEvent('exchange.reconnected', { ...stream, downtimeMs: 90_000, attempts: 3 });

describe('an alert that is sent, escalated and resolved with a restart in between each', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-edits-'));
  let server: ProviderServer;
  let app: INestApplication | undefined;
  let logs = 0;

  beforeEach(async () => {
    server = await startProviderServer();
    logs += 1;
  });
  afterEach(async () => {
    await stop();
    await server.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function start(alerts: ObservabilityOptions['alerts']): Promise<void> {
    register.clear();
    const module = ObservabilityModule.forRoot({
      imports: [EventEmitterModule.forRoot()],
      eventLog: { kind: 'sqlite', path: join(folder, `${logs}.db`) },
      alerts,
    });
    app = (await Test.createTestingModule({ imports: [module] }).compile()).createNestApplication({
      logger: false,
    });
    await app.init();
  }

  async function stop(): Promise<void> {
    await app?.close();
    app = undefined;
  }

  /** Emits events in a life of its own; it ends when everything was sent. */
  async function live(
    alerts: ObservabilityOptions['alerts'],
    requests: number,
    ...events: TradingEvent[]
  ): Promise<void> {
    await start(alerts);
    for (const event of events) app?.get(EventEmitter2).emit(event.type, event);
    await server.received(requests);
    await eventually(() => expect(app?.get(AlertService).channelHealth().pending).toBe(0));
    await stop();
  }

  it('is one message in Slack that changes, with a thread', async () => {
    const alerts = {
      slack: { enabled: true, botToken: 'xoxb-1-a', channel: '#alerts', apiRoot: `${server.url}/api` },
    };
    server.answer(200, slackOk('1700000000.000100')).answer(200, slackOk('1700000001.000200'));
    server.answer(200, slackOk('1700000000.000100')).answer(200, slackOk('1700000000.000100'));
    server.answer(200, slackOk('1700000002.000300'));

    await live(alerts, 1, lost(true));
    await live(alerts, 3, lost(false));
    await live(alerts, 5, back());

    const root = '1700000000.000100';
    expect(server.requests.map(({ path, json }) => ({ path, ...json }))).toMatchObject([
      { path: '/api/chat.postMessage', channel: '#alerts', text: expect.stringContaining('WARNING') },
      { path: '/api/chat.postMessage', thread_ts: root, reply_broadcast: true },
      { path: '/api/chat.update', ts: root, text: expect.stringContaining('ESCALATED to ERROR') },
      { path: '/api/chat.update', ts: root, text: expect.stringContaining('RESOLVED') },
      { path: '/api/chat.postMessage', thread_ts: root, reply_broadcast: false },
    ]);
    expect(server.requests[3]?.body).toContain('Lasted');
  });

  it('is one message in Telegram that changes, with answers', async () => {
    const alerts = {
      telegram: { enabled: true, botToken: '1:token', chatId: '-100', apiRoot: server.url },
    };
    for (const id of [7, 8, 7, 7, 9]) {
      server.answer(200, JSON.stringify({ ok: true, result: { message_id: id } }));
    }

    await live(alerts, 1, lost(true));
    await live(alerts, 3, lost(false));
    await live(alerts, 5, back());

    expect(server.requests.map(({ path, json }) => ({ path, ...json }))).toMatchObject([
      { path: '/bot1:token/sendMessage', text: expect.stringContaining('WARNING') },
      { path: '/bot1:token/sendMessage', reply_parameters: { message_id: 7 } },
      { path: '/bot1:token/editMessageText', message_id: 7, text: expect.stringContaining('ERROR') },
      { path: '/bot1:token/editMessageText', message_id: 7, text: expect.stringContaining('RESOLVED') },
      { path: '/bot1:token/sendMessage', reply_parameters: { message_id: 7 } },
    ]);
  });

  it('13: is marked, and changes the message that is known, when the first attempt may have arrived', async () => {
    const alerts = {
      slack: { enabled: true, botToken: 'xoxb-1-a', channel: '#alerts', apiRoot: server.url },
    };
    server.reset().answer(200, slackOk('1700000005.000500'));

    await live(alerts, 2, lost(true));
    await live(alerts, 4, back());

    expect(server.requests[1]?.body).toContain('possible duplicate');
    expect(server.requests[2]?.json).toMatchObject({ ts: '1700000005.000500' });
    expect(server.requests[2]?.body).not.toContain('possible duplicate');
  });
});
