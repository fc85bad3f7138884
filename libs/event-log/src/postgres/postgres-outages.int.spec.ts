import { inspect } from 'node:util';
import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import type { EventLog } from '../event-log';
import { PASSWORD, PostgresServer } from '../testing/postgres-server';
import { positions, readAll, stops, symbolsOf } from '../testing/sample-events';
import { openPostgresEventLog } from './open-postgres-event-log';

let server: PostgresServer;
let schema: string;
let tests = 0;
let logs: EventLog[];

beforeAll(async () => {
  server = await PostgresServer.start();
});

beforeEach(() => {
  tests += 1;
  schema = `log_${tests}`;
  logs = [];
});

afterEach(async () => {
  await server.start();
  for (const log of logs) await log.close().catch(() => undefined);
});

afterAll(() => server.remove());

async function open(writer: string, leaseMs = 5_000): Promise<EventLog> {
  const log = await openPostgresEventLog({ url: server.url, schema, writer, leaseMs });
  logs.push(log);
  return log;
}

describe('a server that is away', () => {
  it('leaves the events waiting, is reported in the status, and gets them in order when it is back', async () => {
    const log = await open('mm');
    await log.append(stops(10, 'BEFORE'));
    const seen: number[] = [];
    log.subscribe(1, (records) => void seen.push(...records.map(({ position }) => position)), {
      onError: () => undefined,
    });
    await server.stop();
    const pending = Promise.all(stops(500, 'DURING').map((event) => log.append([event])));
    await eventually(() => expect(log.status().failure).toBeDefined());
    const { failure, queueDepth } = log.status();
    expect(failure).toMatchObject({ code: 'LOG_WRITE_FAILED' });
    expect(failure?.message).toMatch(
      /could not be written: .*500 events are waiting; they are kept and tried again\.$/,
    );
    expect(inspect(failure, { depth: Infinity, showHidden: true })).not.toContain(PASSWORD);
    expect(queueDepth).toBe(500);
    await server.start();
    await pending;
    expect(log.status().failure).toBeUndefined();
    const records = await readAll(log);
    expect(symbolsOf(records)).toEqual([...symbols('BEFORE', 10), ...symbols('DURING', 500)]);
    await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(510));
    expect(seen).toEqual(positions(510));
  });

  function symbols(name: string, count: number): readonly string[] {
    return positions(count).map((n) => `${name}${n}`);
  }

  it('says how many events are lost when the log is closed meanwhile', async () => {
    const log = await open('mm');
    await server.stop();
    const pending = expect(log.append(stops(7))).rejects.toMatchObject({ code: 'LOG_WRITE_FAILED' });
    await expect(log.close()).rejects.toMatchObject({
      code: 'LOG_WRITE_FAILED',
      message: expect.stringContaining('was closed with 7 events that are lost'),
    });
    await pending;
  });

  it('is listened to again after the connection broke, and nothing is missed meanwhile', async () => {
    const [first, second] = [await open('a'), await open('b')];
    const seen: number[] = [];
    first.subscribe(1, (records) => void seen.push(...records.map(({ position }) => position)));
    await server.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND pid <> pg_backend_pid()",
    );
    await second.append(stops(3));
    await eventually(() => expect(seen).toHaveLength(3));
    const listening = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE 'LISTEN%'";
    await eventually(async () => expect((await server.query(listening))[0]?.['n']).toBe(2));
  });
});

describe('a consumer that runs in two processes on one log', () => {
  /** Decides about every event, once: what it decided is recorded with the checkpoint that it follows from. */
  function decider(log: EventLog, sent: string[]) {
    const stopping = new AbortController();
    const run = async (): Promise<void> => {
      while (!stopping.signal.aborted) {
        const lease = await log.lease('alerts', { signal: stopping.signal, onError: () => undefined });
        const from = (await log.checkpoint('alerts')) + 1;
        const subscription = log.subscribe(from, async (records) => {
          for (const { event, position } of records) {
            if (event.type !== 'symbol.stopped' || event.data.symbol.startsWith('told')) continue;
            const data = { ...event.data, symbol: `told ${event.data.symbol}` };
            const decision = [createEvent('symbol.stopped', data)];
            await lease.append(decision, { consumer: 'alerts', position });
            sent.push(event.data.symbol);
          }
        });
        await new Promise<void>((resolve) => {
          lease.lost.addEventListener('abort', () => resolve(), { once: true });
          stopping.signal.addEventListener('abort', () => resolve(), { once: true });
        });
        await subscription.close();
        await lease.release().catch(() => undefined);
      }
    };
    return { stop: () => stopping.abort(new Error('stopped')), done: run().catch(() => undefined) };
  }

  it('acts in one of them, and in the other as soon as the first one stops', async () => {
    const [first, second] = [await open('a', 500), await open('b', 500)];
    const sent = { first: [] as string[], second: [] as string[] };
    const one = decider(first, sent.first);
    await eventually(async () =>
      expect(
        (await server.query(`SELECT 1 FROM ${schema}.leases WHERE name = 'bot opensqt alerts'`)).length,
      ).toBeGreaterThan(0),
    );
    const two = decider(second, sent.second);
    await second.append(stops(20, 'A'));
    await eventually(() => expect(sent.first).toHaveLength(20));
    one.stop();
    await one.done;
    await second.append(stops(20, 'B'));
    await eventually(() => expect(sent.second).toHaveLength(20));
    two.stop();
    await two.done;
    expect(sent.first).toEqual(positions(20).map((n) => `A${n}`));
    expect(sent.second).toEqual(positions(20).map((n) => `B${n}`));
    const told = symbolsOf(await readAll(first)).filter((symbol) => symbol.startsWith('told'));
    expect(told).toEqual([...sent.first, ...sent.second].map((symbol) => `told ${symbol}`));
  });

  it('gives up when it cannot renew its lease, and then records nothing', async () => {
    const log = await open('a', 500);
    const lease = await log.lease('alerts');
    await server.stop();
    const late = lease.append(stops(3), { consumer: 'alerts', position: 1 });
    await expect(late).rejects.toMatchObject({ code: 'LOG_LEASE_LOST' });
    expect(lease.lost.aborted).toBe(true);
    await server.start();
    await expect(lease.append(stops(1))).rejects.toMatchObject({ code: 'LOG_LEASE_LOST' });
    const again = await log.lease('alerts', { onError: () => undefined });
    await again.append(stops(1), { consumer: 'alerts', position: 1 });
    expect(await readAll(log)).toHaveLength(1);
  });

  it('knows after a long pause that its lease is over, before any timer has told it so', async () => {
    const log = await open('a', 500);
    const lease = await log.lease('alerts');
    expect(lease.lost.aborted).toBe(false);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600); // the thread stands still, as when it is stopped
    expect(lease.lost.aborted).toBe(true);
    expect(lease.lost.reason).toMatchObject({ code: 'LOG_LEASE_LOST' });
  });

  it('says who has the lease that is waited for', async () => {
    const [first, second] = [await open('a'), await open('b')];
    const held = await first.lease('alerts');
    const holders: string[] = [];
    const waiting = second.lease('alerts', { onHeld: (holder) => void holders.push(holder) });
    await eventually(() => expect(holders.length).toBeGreaterThan(0));
    expect(holders[0]).toContain(`process ${process.pid} on `);
    await held.release();
    expect((await waiting).lost.aborted).toBe(false);
  });

  it('is fenced: a holder that another has overtaken without its knowing records nothing', async () => {
    const [first, second] = [await open('a', 60_000), await open('b', 60_000)];
    const overtaken = await first.lease('alerts');
    await server.query(`UPDATE ${schema}.leases SET expires_at = now() WHERE name LIKE '%alerts'`);
    const holder = await second.lease('alerts');
    await expect(overtaken.append(stops(1), { consumer: 'alerts', position: 9 })).rejects.toMatchObject({
      code: 'LOG_LEASE_LOST',
      message: expect.stringContaining(`process ${process.pid} on`),
    });
    expect(overtaken.lost.aborted).toBe(true);
    expect(await first.checkpoint('alerts')).toBe(0);
    await first.append(stops(1)); // the process's own events are not held up by that
    await holder.append(stops(1), { consumer: 'alerts', position: 1 });
    expect(await readAll(second)).toHaveLength(2);
  });
});
