import { type EventLog, openPostgresEventLog } from '@opensqt/event-log';
import { PASSWORD, PostgresServer } from '@opensqt/event-log/testing/postgres-server';
import type { TradingEvent } from '@opensqt/trading-events';
import { type MarketMakerProcess, Workplace } from './testing/market-maker-process';

/** Waits, as long as the test may last. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('two market makers on one log in PostgreSQL', () => {
  let server: PostgresServer;
  let workplace: Workplace;
  let observer: EventLog | undefined;

  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  beforeEach(() => {
    workplace = new Workplace();
  });
  afterEach(async () => {
    await observer?.close();
    await workplace.clear();
  });
  afterAll(() => server.remove());

  function start(symbol: string): Promise<MarketMakerProcess> {
    const configuration = {
      event_log: { kind: 'postgres', url: '${DATABASE_URL}', writer: `mm-${symbol}` },
      exchange: { name: `paper-${symbol}`, speed: 600, seed: 1 },
      symbols: [{ symbol }],
    };
    return workplace.start(configuration, { DATABASE_URL: server.url });
  }

  it('trade beside each other, one of them through a kill -9, and an observer sees every event once, in order', async () => {
    const first = await start('BTCUSDT');
    await first.answering();
    const second = await start('ETHUSDT');
    await second.answering();
    observer = await openPostgresEventLog({ url: server.url, readOnly: true });
    const seen: { readonly position: number; readonly event: TradingEvent }[] = [];
    observer.subscribe(1, (records) => void seen.push(...records));
    const filled = (symbol: string): number =>
      seen.filter(({ event }) => event.type === 'order.filled' && event.data.symbol === symbol).length;
    await until(() => filled('BTCUSDT') >= 10 && filled('ETHUSDT') >= 10);

    await first.end('SIGKILL');
    const before = { btc: filled('BTCUSDT'), eth: filled('ETHUSDT') };
    await until(() => filled('ETHUSDT') >= before.eth + 10);
    const again = await start('BTCUSDT');
    await again.answering();
    await until(() => filled('BTCUSDT') >= before.btc + 10);

    expect(await again.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await second.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const lines = (await workplace.command('events', '--log', server.url)).trimEnd().split('\n');
    const logged = lines.map((line) => JSON.parse(line) as { position: number; id: string });
    await until(() => seen.length >= logged.length);
    expect(seen.map(({ position, event }) => [position, event.id])).toEqual(
      logged.map(({ position, id }) => [position, id]),
    );
    expect(logged.map(({ position }) => position)).toEqual(logged.map((_, i) => i + 1));
    expect(new Set(logged.map(({ id }) => id)).size).toBe(logged.length);
    expect(await workplace.command('replay', '--log', server.url)).toContain(
      `market_maker_event_log_position ${logged.length}`,
    );
    for (const { output } of [first, again, second]) {
      expect(output).not.toContain(PASSWORD);
      expect(output).not.toContain(encodeURIComponent(PASSWORD));
    }
  });

  it('refuses to be started twice under one name, and says by whom it is taken', async () => {
    const first = await start('BTCUSDT');
    await first.answering();
    const twin = await start('BTCUSDT');
    expect(await twin.ended()).toEqual({ code: 1, signal: null });
    expect(twin.output).toContain("is being written under the name 'mm-BTCUSDT' by process");
    expect(twin.output).not.toContain(encodeURIComponent(PASSWORD));
  });

  it('names the server that does not answer, and not the password', async () => {
    const configuration = { event_log: { kind: 'postgres', url: '${DATABASE_URL}' } };
    const url = 'postgres://trader:nobody-sees-this@127.0.0.1:1/trading';
    const marketMaker = await workplace.start(configuration, { DATABASE_URL: url });
    expect(await marketMaker.ended()).toEqual({ code: 1, signal: null });
    expect(marketMaker.output).toContain('PostgreSQL at 127.0.0.1:1/trading');
    expect(marketMaker.output).not.toContain('nobody-sees-this');
  });
});
