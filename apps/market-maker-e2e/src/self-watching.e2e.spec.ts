import { type IncomingMessage, createServer } from 'node:http';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { openSqliteEventLog } from '@opensqt/event-log';
import { type AlertRaised, createEvent } from '@opensqt/trading-events';
import { Workplace } from './testing/market-maker-process';

let workplace: Workplace;
beforeEach(() => {
  workplace = new Workplace();
});
afterEach(() => workplace.clear());

describe('a dead-man’s switch beside the market maker', () => {
  const requests: string[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    requests.push(request.url ?? '');
    request.resume().on('end', () => response.end('OK'));
  });
  let origin: string;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  const pings = (path: string) => requests.filter((requested) => requested === path).length;

  it('is requested again once trading that had ended has begun again', async () => {
    const { notice, ...ended } = endedTrading();
    mkdirSync(workplace.path('data'));
    const log = await openSqliteEventLog({ path: workplace.path('data/events.db') });
    await log.append([createEvent('alert.raised', { ...ended, notice }, { occurredAt: notice.timestamp })]);
    await log.close();

    const alerts = { heartbeat: { url: `${origin}/up`, interval: '1s' } };
    const marketMaker = await workplace.start({ alerts });
    await marketMaker.eventually(() => pings('/up') > 1, { what: 'heartbeats' });
    expect((await marketMaker.get('/alerts')).text).not.toContain('trading_ended');
    const health = JSON.parse((await marketMaker.get('/health')).text) as { readonly details: unknown };
    expect(health.details).toMatchObject({ heartbeat: { reason: 'the last one arrived' } });
    await marketMaker.end('SIGTERM');
    expect(marketMaker.output).not.toContain('unforeseen');
    const resolved = await workplace.command('events', '--type', 'alert.resolved');
    expect(resolved).toContain('"reason":"trading has begun again"');
    expect(resolved).toContain('"occurredAt":17672');
  });
});

describe('the daily summary of a market maker', () => {
  const lines = (output: string) =>
    output.split('\n').filter((line) => line.includes('SUMMARY · Daily summary of'));

  it('comes once a day of the market, also when the process is killed after it', async () => {
    const configuration = {
      exchange: { speed: 600 },
      alerts: { summary: { at: '00:10', timezone: 'UTC' } },
    };
    const first = await workplace.start(configuration);
    await first.printed('SUMMARY · Daily summary of 2026-01-01, 00:10 UTC');
    expect(lines(first.output)[0]).toMatch(/BTCUSDT=.*realized .* USDT; .* fills of .* orders placed/);
    await first.end('SIGKILL');

    const second = await workplace.start(configuration);
    const fills = 'market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"}';
    await second.answering();
    const before = (await second.metric(fills)) ?? 0;
    await second.above(fills, before);
    await second.end('SIGTERM');
    expect(lines(second.output)).toEqual([]);
    const closed = (await workplace.command('events', '--type', 'summary.closed')).trim().split('\n');
    expect(closed).toHaveLength(1);
  });
});

/** The alert that a process has recorded whose trading ended by itself. */
function endedTrading(): AlertRaised {
  const timestamp = Date.UTC(2025, 11, 31, 23);
  return {
    alertId: '019b8000-0000-7000-8000-000000000001',
    fingerprint: 'trading_ended{exchange="paper"}',
    condition: 'trading_ended',
    labels: { exchange: 'paper' },
    notice: {
      level: 'CRITICAL',
      title: 'Trading has ended',
      message: 'Out of funds.',
      timestamp,
      fields: {},
    },
    oneOff: false,
  };
}
