import type { AnyEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import type { EventLog } from '../event-log';
import { asSchema4 } from '../testing/older-postgres-log';
import { PostgresServer } from '../testing/postgres-server';
import { positions, readAll, stops, symbolsOf } from '../testing/sample-events';
import { openPostgresEventLog, type PostgresEventLogOptions } from './open-postgres-event-log';
import { verifyPostgresLog } from './verify/verify-postgres-log';

let server: PostgresServer;
let schema: string;
let schemas = 0;
const opened = new Set<EventLog>();

beforeAll(async () => {
  server = await PostgresServer.start();
});

beforeEach(() => {
  schemas += 1;
  schema = `parts_${schemas}`;
});

afterEach(closeAll);
afterAll(() => server.remove());

async function closeAll(): Promise<void> {
  for (const log of opened) await log.close();
  opened.clear();
}

async function open(options: Partial<PostgresEventLogOptions> = {}): Promise<EventLog> {
  const log = await openPostgresEventLog({ url: server.url, schema, partitionEvents: 100, ...options });
  opened.add(log);
  return log;
}

function partitions(): Promise<readonly unknown[]> {
  return server.query(`SELECT first::int, last::int FROM ${schema}.partitions ORDER BY first`);
}

describe('a log in PostgreSQL whose events are in partitions', () => {
  it('gets the next one when it is needed, also several for one commit, and is read through all of them', async () => {
    const log = await open();
    await log.append(stops(95));
    await log.append(stops(10, 'OVER-'));
    await log.append(stops(250, 'FAR-'));
    expect(await partitions()).toEqual([1, 101, 201, 301].map((first) => ({ first, last: first + 99 })));
    const records = await readAll(await open({ readOnly: true }));
    expect(records.map(({ position }) => position)).toEqual(positions(355));
    expect(symbolsOf(records).slice(94, 106)).toContain('OVER-10');
    expect(await verifyPostgresLog({ url: server.url, schema })).toMatchObject({
      ok: true,
      vouched: [{ first: 1, last: 355 }],
    });
  });

  it('knows an id in whichever partition its event is, and whatever text it is', async () => {
    const log = await open();
    const events = stops(150).map((event, n): AnyEvent => (n % 2 === 0 ? event : { ...event, id: `É-${n}` }));
    await log.append(events);
    await log.append([...events.slice(0, 3), ...stops(1, 'NEW-'), ...events.slice(140)]);
    expect(log.status().position).toBe(151);
  });

  it('gets the next one from a process that may write and does not own the tables', async () => {
    await (await open()).append(stops(90));
    await server.query(`DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN PASSWORD 'pen';
      GRANT USAGE ON SCHEMA ${schema} TO clerk; GRANT ALL ON ALL TABLES IN SCHEMA ${schema} TO clerk`);
    const log = await open({ url: server.urlOf('pen').replace('opensqt:', 'clerk:'), writer: 'clerk' });
    await log.append(stops(30, 'MORE-'));
    expect(log.status().position).toBe(120);
  });

  it('does not wait for a reader that is long at work to get the next one', async () => {
    const log = await open();
    await log.append(stops(90));
    const reading = server.query(`SELECT count(*) FROM ${schema}.events, pg_sleep(3)`);
    await log.append(stops(30, 'MORE-'));
    expect(await Promise.race([reading.then(() => 'read'), Promise.resolve('reading')])).toBe('reading');
    await reading;
  });
});

describe('a log of schema version 4', () => {
  const known = stops(130);

  beforeEach(async () => {
    await (await open({ partitionEvents: 1_000 })).append(known);
    await closeAll();
    await server.query(asSchema4(schema));
  });

  it('is read and verified as it is', async () => {
    expect(await readAll(await open({ readOnly: true }))).toHaveLength(130);
    expect(await verifyPostgresLog({ url: server.url, schema })).toMatchObject({ ok: true, position: 130 });
  });

  it('becomes the first partition, by whichever process comes first, and knows its ids', async () => {
    const logs = await Promise.all(['a', 'b'].map((writer) => open({ writer })));
    await Promise.all(logs.map((log) => log.append(known)));
    for (const log of logs) await log.append(stops(150, 'NEW-'));
    expect(await partitions()).toEqual([
      { first: 1, last: 300 },
      { first: 301, last: 400 },
      { first: 401, last: 500 },
    ]);
    expect(await verifyPostgresLog({ url: server.url, schema })).toMatchObject({
      ok: true,
      vouched: [{ first: 1, last: 430 }],
    });
  });

  it('goes on with what was entered already when it was broken off, and takes what was written meanwhile', async () => {
    await open();
    await closeAll();
    await server.query(asSchema4(schema));
    await server.query(`CREATE TABLE ${schema}.ids (id uuid PRIMARY KEY);
      INSERT INTO ${schema}.ids SELECT id::uuid FROM ${schema}.events WHERE position <= 60;
      INSERT INTO ${schema}.meta VALUES ('ids_through', '60');
      ALTER TABLE ${schema}.events ADD CONSTRAINT first_range CHECK (position >= 1 AND position < 501) NOT VALID`);
    const log = await open();
    await log.append(known);
    expect(log.status().position).toBe(130);
    expect(await partitions()).toEqual([{ first: 1, last: 500 }]);
  });

  it('keeps what the snapshots of each bot need, and who may read it still may, also what comes after', async () => {
    await server.query(`DROP ROLE IF EXISTS auditor; CREATE ROLE auditor LOGIN PASSWORD 'eye'; GRANT USAGE ON SCHEMA ${schema} TO auditor;
      GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO auditor`);
    await server.query(`INSERT INTO ${schema}.bots (name) VALUES ('mm-2');
      INSERT INTO ${schema}.snapshots (bot, projection, version, position, state, checksum)
        SELECT 'mm-2', 'metrics', 1, n, '{}', 'c' FROM generate_series(70, 90, 10) AS n`);
    const log = await open();
    await log.append(stops(200, 'NEW-'));
    const kept = await server.query(
      `SELECT bot, position::int FROM ${schema}.checkpoints WHERE consumer = 'snapshots' ORDER BY bot`,
    );
    expect(kept).toEqual([
      { bot: 'mm-2', position: 70 },
      { bot: 'opensqt', position: 0 },
    ]);
    const url = server.urlOf('eye').replace('opensqt:', 'auditor:');
    expect(await verifyPostgresLog({ url, schema })).toMatchObject({
      position: 330,
      vouched: [{ first: 1 }],
    });
    const unreadable = `SELECT relname FROM pg_class WHERE relnamespace = '${schema}'::regnamespace AND relkind IN ('r', 'p')
       AND NOT has_table_privilege('auditor', oid, 'SELECT')`;
    expect(await server.query(unreadable)).toEqual([]);
  });

  it('waits for a reader that is long at work, says so, and lets others write meanwhile', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockReturnValue();
    const reading = server.query(`SELECT count(*) FROM ${schema}.events, pg_sleep(5)`);
    const opening = open();
    await eventually(() => expect(warned).toHaveBeenCalledWith(expect.stringContaining('it is waited for')));
    await server.query(`UPDATE ${schema}.head SET position = position`);
    expect(await Promise.race([reading.then(() => 'read'), Promise.resolve('reading')])).toBe('reading');
    await (await opening).append(stops(1, 'NEW-'));
    warned.mockRestore();
    await reading;
  });

  it('undoes an append of that release that is under way as the tables change', async () => {
    await open();
    const old = `UPDATE ${schema}.head SET position = position + 1, chained = position + 1`;
    await expect(server.query(old)).rejects.toThrow(/violates check constraint/);
  });
});
