import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { AlertApplication } from '../delivery/testing/alert-application';

const POSTED = '{"ok":true,"channel":"C024BE91L","ts":"1503435956.000247"}';
const paper = { exchange: 'paper', stream: 'market' } as const;
const lost = createEvent('exchange.disconnected', { ...paper, reason: 'reset', reconnecting: true });
const cause = { causationId: lost.id };
const age = { scope: 'BTCUSDT', limit: 'market_data_age' };
const stale = createEvent(
  'risk.limit_breached',
  { ...age, value: 30_000, threshold: 30_000, severity: 'warning' },
  cause,
);
const tripped = createEvent(
  'circuit_breaker.tripped',
  { scope: 'BTCUSDT', reason: 'max_volatility', value: 0.2, threshold: 0.03, cooldownMs: 900_000 },
  cause,
);

describe('a disconnect, the stale data and the trip that it leads to', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-incident-'));
  let slack: ProviderServer;
  let app: AlertApplication | undefined;

  beforeAll(async () => {
    slack = await startProviderServer();
    slack.answer(200, POSTED);
  });
  afterAll(async () => {
    await app?.stop();
    await slack.close();
    rmSync(folder, { recursive: true });
  });

  async function start(): Promise<AlertApplication> {
    const bot = { enabled: true, botToken: 'xoxb-1-token', channel: '#alerts', apiRoot: slack.url };
    return (app = await AlertApplication.start({ path: join(folder, 'events.db'), alerts: { slack: bot } }));
  }

  /** The requests that Slack got since: the method, the first line, and whether it went into the thread. */
  function asked(from: number): readonly string[] {
    return slack.requests.slice(from).map(({ path, json }) => {
      const thread = json?.['thread_ts'] === undefined ? '' : ' in the thread';
      return `${path.slice(1)}${thread}: ${String(json?.['text']).split('\n')[0]}`;
    });
  }

  it('are one thread in the chat, also over a restart, and its end says that all of it is over', async () => {
    let running = await start();
    running.emit(lost);
    await slack.received(1);
    await running.settled(); // a CRITICAL would pass it otherwise
    running.emit(stale, tripped);
    await slack.received(2);
    await running.settled();
    expect(asked(0)).toEqual([
      'chat.postMessage: 🟡 WARNING · Exchange disconnected: paper (market stream) · opensqt',
      'chat.postMessage in the thread: 🔴 CRITICAL · Circuit breaker tripped: BTCUSDT · opensqt',
    ]);
    expect(slack.requests[1]?.body).toMatch(
      /Incident\\n[\d:]{8} Exchange disconnected: .* → [\d:]{8} Market data is stale/,
    );
    await running.stop();

    running = await start();
    await eventually(() => expect(running.alerts.active()).toHaveLength(3));
    running.emit(createEvent('exchange.reconnected', { ...paper, downtimeMs: 45_000, attempts: 3 }));
    await slack.received(4);
    await running.settled();
    running.emit(createEvent('risk.limit_cleared', age));
    running.emit(createEvent('circuit_breaker.reset', { scope: 'BTCUSDT', by: 'cooldown' }));
    await slack.received(6);
    await running.settled();
    expect(asked(2)).toEqual([
      'chat.update: ✅ RESOLVED · Exchange reconnected: paper (market stream) · opensqt',
      'chat.postMessage in the thread: ✅ RESOLVED · Exchange reconnected: paper (market stream) · opensqt',
      'chat.update: ✅ RESOLVED · Circuit breaker reset: BTCUSDT · opensqt',
      'chat.postMessage in the thread: ✅ RESOLVED · Circuit breaker reset: BTCUSDT · opensqt',
    ]);
    expect(slack.requests[4]?.body).toMatch(/Incident\\nover after /);
    expect(running.alerts.active()).toEqual([]);
  });
});
