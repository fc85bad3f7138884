import { eventually } from '@opensqt/trading-events/testing';
import type { EventLog } from '../event-log';
import { CuttingProxy } from '../testing/cutting-proxy';
import { PostgresServer } from '../testing/postgres-server';
import { positions, readAll, stops } from '../testing/sample-events';
import { openPostgresEventLog } from './open-postgres-event-log';

let server: PostgresServer;
let proxy: CuttingProxy;
let logs: EventLog[];

beforeAll(async () => {
  server = await PostgresServer.start();
  proxy = await CuttingProxy.before(server.url);
  logs = [];
});

afterAll(async () => {
  for (const log of logs) await log.close();
  await proxy.close();
  await server.remove();
});

async function open(url: string, writer?: string): Promise<EventLog> {
  const log = await openPostgresEventLog({ url, writer, readOnly: writer === undefined });
  logs.push(log);
  return log;
}

function watched(log: EventLog): string[] {
  const seen: string[] = [];
  const onError = (): undefined => undefined; // a connection that was cut
  log.subscribe(
    1,
    (records) => void seen.push(...records.map(({ position, event }) => `${position} ${event.id}`)),
    { onError },
  );
  return seen;
}

describe('a commit whose answer is lost', () => {
  it('is found by the retry where it was stored, and every subscriber gets each record once and in order', async () => {
    const cut = await open(proxy.url, 'cut');
    const other = await open(server.url, 'other');
    const reader = await open(server.url);
    const seen = [cut, other, reader].map(watched);
    const own: string[] = [];
    for (let round = 0; round < 10; round++) {
      const events = stops(20, `CUT${round}-`);
      own.push(...events.map(({ id }) => id));
      proxy.cutAnswerTo('.append(');
      await Promise.all([
        ...events.map((event) => cut.append([event])),
        ...stops(20, `OTHER${round}-`).map((event) => other.append([event])),
      ]);
    }
    expect(proxy.cuts).toBe(10);
    const records = await readAll(reader);
    expect(records.map(({ position }) => position)).toEqual(positions(400));
    expect(records.filter(({ writer }) => writer === 'cut').map(({ event }) => event.id)).toEqual(own);
    const expected = records.map(({ position, event }) => `${position} ${event.id}`);
    for (const each of seen) await eventually(() => expect(each).toEqual(expected));
  });
});
