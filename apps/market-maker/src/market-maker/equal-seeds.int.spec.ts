import { type EventLog, openPostgresEventLog } from '@opensqt/event-log';
import { PostgresServer } from '@opensqt/event-log/testing';
import { createMarketMaker } from '@opensqt/trading';
import { EVENT_CATALOGUE, type AnyEvent } from '@opensqt/trading-events';
import { readConfiguration } from '@opensqt/configuration';
import { tradingOptions } from './trading-options';

const HOUR = 3_600_000;

/** The facts that a market maker of that configuration states in an hour of its simulated market, as far as it belongs into the log. */
async function statedBy(configuration: string): Promise<readonly AnyEvent[]> {
  const reading = readConfiguration(configuration, { env: {}, unreadable: () => undefined });
  if (!reading.ok) throw new Error(JSON.stringify(reading.violations));
  const stated: AnyEvent[] = [];
  let endsAt = Infinity;
  const marketMaker = createMarketMaker(tradingOptions(reading.configuration), {
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    publish: (event) => {
      endsAt = Math.min(endsAt, event.occurredAt + HOUR);
      if (event.occurredAt > endsAt) void marketMaker.stop();
      if (EVENT_CATALOGUE[event.type].kept === 'log') stated.push(event);
    },
  });
  await marketMaker.run();
  return stated;
}

describe('two market makers with one seed, on one log in PostgreSQL', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  afterAll(() => server.remove());

  it('have everything recorded that they state: nothing is taken for a repeat', async () => {
    const all: AnyEvent[] = [];
    const logs: EventLog[] = [];
    for (const writer of ['desk-1', 'desk-2']) {
      const eventLog = `{ kind: postgres, url: "postgres://db.internal/trading", writer: ${writer} }`;
      const stated = await statedBy(`
event_log: ${eventLog}
exchange: { seed: 7, speed: max }
symbols: [{ symbol: BTCUSDT }]
`);
      expect(stated.filter(({ type }) => type === 'order.filled').length).toBeGreaterThan(10);
      const log = await openPostgresEventLog({ url: server.url, writer });
      await log.append(stated);
      all.push(...stated);
      logs.push(log);
    }
    const recorded: AnyEvent[] = [];
    for await (const records of logs[0]?.read() ?? []) recorded.push(...records.map(({ event }) => event));
    expect(recorded).toEqual(all);
    await Promise.all(logs.map((log) => log.close()));
  });
});
