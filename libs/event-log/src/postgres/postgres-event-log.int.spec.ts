import { inspect } from 'node:util';
import { eventually } from '@opensqt/trading-events/testing';
import type { EventLog } from '../event-log';
import { describeEventLogContract } from '../testing/contract/event-log.contract';
import type { LogToOpen } from '../testing/contract/event-log-backend';
import { asSchema4 } from '../testing/older-postgres-log';
import { PASSWORD, PostgresServer } from '../testing/postgres-server';
import { positions, readAll, stops, symbolsOf } from '../testing/sample-events';
import { type PostgresEventLogOptions, openPostgresEventLog } from './open-postgres-event-log';
import { headOfPostgresLog, verifyPostgresLog } from './verify/verify-postgres-log';

let server: PostgresServer;
let schemas = 0;
const schemaOf = new WeakMap<object, string>();
const opened = new Set<EventLog>();

beforeAll(async () => {
  server = await PostgresServer.start();
});

afterEach(async () => {
  for (const log of opened) await log.close().catch(() => undefined);
  opened.clear();
});

afterAll(() => server.remove());

function newSchema(): string {
  schemas += 1;
  return `log_${schemas}`;
}

async function open(options: Partial<PostgresEventLogOptions> & { schema: string }): Promise<EventLog> {
  const log = await openPostgresEventLog({ url: server.url, ...options });
  opened.add(log);
  return log;
}

async function openIn(schema: string, options: LogToOpen | undefined): Promise<EventLog> {
  const log = await openPostgresEventLog({ ...options, url: server.url, schema });
  schemaOf.set(log, schema);
  return log;
}

describeEventLogContract('postgres', {
  open: (options) => openIn(newSchema(), options),
  reopen: async (log, options) => {
    await log.close();
    return openIn(schemaOf.get(log) ?? '', options);
  },
  share: (log, options) => openIn(schemaOf.get(log) ?? '', options),
});

describe('a log of a release that recorded no bots', () => {
  const schema = 'before_bots';
  const snapshot = { projection: 'metrics', version: 1, position: 1, state: '{}', checksum: 'abc' };

  beforeEach(async () => {
    await server.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    const log = await openPostgresEventLog({ url: server.url, schema });
    await log.append(stops(2), { consumer: 'alerts', position: 2 });
    await log.saveSnapshot(snapshot);
    await log.close();
    await server.query(`
      ${asSchema4(schema)}
      DROP TABLE ${schema}.bots, ${schema}.commits;
      ALTER TABLE ${schema}.head DROP COLUMN chained;
      DELETE FROM ${schema}.meta WHERE key = 'checksums_from';
      DROP FUNCTION ${schema}.append;
      CREATE FUNCTION ${schema}.append(lease_name text) RETURNS void LANGUAGE sql AS '';
      ALTER TABLE ${schema}.events DROP COLUMN bot, DROP COLUMN writer;
      ALTER TABLE ${schema}.snapshots DROP COLUMN bot;
      ALTER TABLE ${schema}.checkpoints DROP COLUMN bot;
      ALTER TABLE ${schema}.checkpoints ADD PRIMARY KEY (consumer);
      UPDATE ${schema}.meta SET value = '1' WHERE key = 'schema_version'`);
  });

  it('is read as it is', async () => {
    const reader = await open({ schema, readOnly: true });
    expect((await readAll(reader)).map(({ bot }) => bot)).toEqual(['opensqt', 'opensqt']);
    expect(await reader.checkpoint('alerts')).toBe(2);
    expect(await reader.snapshots('metrics')).toEqual([snapshot]);
  });

  it('is that of the bot that opens it first, with its checkpoints and snapshots', async () => {
    const logs = await Promise.all(['a', 'b'].map((writer) => open({ schema, bot: 'mm-1', writer })));
    const other = await open({ schema, bot: 'mm-2' });
    await logs[1]?.append(stops(1, 'NEW'));
    expect((await readAll(other)).map(({ bot, writer }) => `${bot} ${writer}`)).toEqual([
      'mm-1 mm-1',
      'mm-1 mm-1',
      'mm-1 b',
    ]);
    expect(await logs[0]?.checkpoint('alerts')).toBe(2);
    expect(await logs[0]?.snapshots('metrics')).toEqual([snapshot]);
    expect(await other.checkpoint('alerts')).toBe(0);
  });

  it('has a chain from then on, and verify says what it does not vouch for', async () => {
    expect(await headOfPostgresLog({ url: server.url, schema })).toMatchObject({ position: 0 });
    const before = await verifyPostgresLog({ url: server.url, schema });
    expect(before).toMatchObject({ position: 2, vouched: [] });
    await (await open({ schema, bot: 'mm-1' })).append(stops(3, 'NEW'));
    const report = await verifyPostgresLog({ url: server.url, schema });
    const { findings } = report.checks.find(({ check }) => check === 'commits') ?? {};
    expect(report.vouched).toEqual([{ first: 3, last: 5 }]);
    expect(findings).toMatchObject([
      { severity: 'warning', message: expect.stringContaining('Positions 1 to 2 were written by a release') },
    ]);
  });
});

describe('several processes on one log', () => {
  it('shares one line of positions: gapless, ascending and whole for a reader beside the writers', async () => {
    const schema = newSchema();
    const writers = await Promise.all([1, 2, 3].map((n) => open({ schema, writer: `mm-${n}` })));
    const reader = await open({ schema, readOnly: true });
    const seen: number[] = [];
    const symbols: string[] = [];
    reader.subscribe(1, (records) => {
      seen.push(...records.map(({ position }) => position));
      symbols.push(...symbolsOf(records));
    });
    await Promise.all(
      writers.map(async (writer, n) => {
        for (let round = 0; round < 40; round++) {
          await Promise.all(stops(25, `W${n}R${round}-`).map((event) => writer.append([event])));
        }
      }),
    );
    await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(3_000));
    expect(seen).toEqual(positions(3_000));
    expect(new Set(symbols).size).toBe(3_000);
    const own = symbols.filter((symbol) => symbol.startsWith('W1'));
    expect(own).toEqual([...Array(40).keys()].flatMap((round) => symbolsOfRound(round)));
    expect((await readAll(reader)).map(({ position }) => position)).toEqual(positions(3_000));
  });

  function symbolsOfRound(round: number): readonly string[] {
    return positions(25).map((n) => `W1R${round}-${n}`);
  }

  it('keeps an id once, also when two processes tell it at the same time', async () => {
    const schema = newSchema();
    const writers = await Promise.all([1, 2].map((n) => open({ schema, writer: `mm-${n}` })));
    const events = stops(500);
    await Promise.all(writers.flatMap((writer) => events.map((event) => writer.append([event]))));
    const records = await readAll(await open({ schema, readOnly: true }));
    expect(records.map(({ position }) => position)).toEqual(positions(500));
  });

  it('is made once by two processes that begin it at the same time', async () => {
    const schema = newSchema();
    const logs = await Promise.all([1, 2, 3, 4].map((n) => open({ schema, writer: `mm-${n}` })));
    await Promise.all(logs.map((log) => log.append(stops(1))));
    expect((await readAll(await open({ schema, readOnly: true }))).length).toBe(4);
  });

  it('tells a subscriber of what another process commits, and is caught up only with that', async () => {
    const schema = newSchema();
    const [first, second] = await Promise.all([open({ schema, writer: 'a' }), open({ schema, writer: 'b' })]);
    const seen: number[] = [];
    const subscription = first.subscribe(1, (records) => void seen.push(...records.map((r) => r.position)));
    await second.append(stops(3));
    await subscription.caughtUp();
    expect(seen).toEqual([1, 2, 3]);
  });
});

describe('the name that a process writes under', () => {
  it('is refused while another process has it, which is named, and free once that one has closed', async () => {
    const schema = newSchema();
    const first = await open({ schema, leaseMs: 400 });
    await expect(open({ schema, leaseMs: 400 })).rejects.toMatchObject({
      code: 'LOG_IN_USE',
      message: expect.stringMatching(
        new RegExp(`written under the name 'opensqt' by process ${process.pid} on .*event_log.writer`),
      ),
    });
    await first.close();
    await open({ schema, leaseMs: 60_000 });
  });

  it('is free from the moment it is closed, also when it was just being renewed', async () => {
    const schema = newSchema();
    for (let i = 0; i < 30; i++) {
      const log = await open({ schema, leaseMs: 8 });
      await log.append(stops(1, `N${i}-`)); // renewed every 2 ms meanwhile
      await log.close();
      const held = `SELECT name FROM ${schema}.leases WHERE expires_at > '-infinity'`;
      expect(await server.query(held)).toEqual([]);
    }
  });
});

describe('errors of a mistaken operator', () => {
  async function refusal(url: string, schema = 'opensqt'): Promise<{ code?: unknown; message?: unknown }> {
    const error: unknown = await openPostgresEventLog({ url, schema, readOnly: true }).catch(
      (e: unknown) => e,
    );
    expect(everythingIn(error)).not.toMatch(/that:nobody|that%3Anobody|wrong-secret/);
    return error as { code?: unknown; message?: unknown };
  }

  it.each([
    ['a wrong password', () => server.urlOf('wrong-secret'), 'LOG_UNREADABLE', 'Check user and password'],
    ['no such database', () => server.urlOf(PASSWORD, 'nowhere'), 'LOG_UNREADABLE', 'createdb'],
    [
      'no server',
      () => 'postgres://u:wrong-secret@127.0.0.1:1/d',
      'LOG_UNREADABLE',
      "PostgreSQL at 127.0.0.1:1/d, schema opensqt, could not be opened: the server can't be reached",
    ],
    ['no URL', () => 'postgres://u:wrong-secret@[::1', 'LOG_UNSUPPORTED', 'is not understood'],
    ['another URL', () => 'mysql://u:wrong-secret@h/d', 'LOG_UNSUPPORTED', 'is not understood'],
    ['no such log', () => server.url, 'LOG_UNREADABLE', 'is not there'],
  ])('%s', async (_what, url, code, sentence) => {
    const error = await refusal(url());
    expect(error).toMatchObject({ code, message: expect.stringContaining(sentence) });
  });

  it('a schema that is no name', async () => {
    expect(await refusal(server.url, 'a"; DROP')).toMatchObject({ code: 'LOG_UNSUPPORTED' });
  });

  it('a log of a newer release', async () => {
    const schema = newSchema();
    await (await open({ schema })).close();
    await server.query(`UPDATE ${schema}.meta SET value = '1000'`);
    await expect(open({ schema })).rejects.toMatchObject({
      code: 'LOG_UNSUPPORTED',
      message: expect.stringContaining('has schema version 1000; this release knows'),
    });
  });

  it('a user who may not write', async () => {
    const schema = newSchema();
    await (await open({ schema })).append(stops(2));
    await server.query(`DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN PASSWORD 'wrong-secret';
      GRANT USAGE ON SCHEMA ${schema} TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO reader`);
    const url = server.urlOf('wrong-secret').replace('opensqt:', 'reader:');
    const reader = await open({ url, schema, readOnly: true });
    expect(await readAll(reader)).toHaveLength(2);
    const error: unknown = await open({ url, schema, writer: 'second' }).catch((e: unknown) => e);
    expect(error).toMatchObject({ message: expect.stringContaining('the user lacks a right') });
    expect(everythingIn(error)).not.toContain('wrong-secret');
  });
});

describe.each(['repeatable read', 'serializable'])(
  'a database whose default isolation is %s',
  (isolation) => {
    beforeEach(() => server.query(`ALTER ROLE opensqt SET default_transaction_isolation = '${isolation}'`));
    afterEach(() => server.query('ALTER ROLE opensqt RESET default_transaction_isolation'));

    it('holds each event once, gapless, and lets nobody record under a lease that another has taken', async () => {
      const schema = newSchema();
      const writers = await Promise.all(
        [1, 2, 3].map((n) => open({ schema, writer: `mm-${n}`, leaseMs: 60_000 })),
      );
      const events = stops(60);
      await Promise.all(writers.flatMap((writer) => events.map((event) => writer.append([event]))));
      expect((await readAll(await open({ schema, readOnly: true }))).map(({ position }) => position)).toEqual(
        positions(60),
      );
      const overtaken = await writers[0]?.lease('alerts');
      await server.query(`UPDATE ${schema}.leases SET expires_at = now() WHERE name LIKE '%alerts'`);
      const taking = writers[1]?.lease('alerts');
      const late = Promise.allSettled(stops(20, 'LATE').map((event) => overtaken?.append([event])));
      const holder = await taking;
      const [before] = await server.query(`SELECT position::int FROM ${schema}.head`);
      await late;
      await expect(overtaken?.append(stops(1))).rejects.toMatchObject({ code: 'LOG_LEASE_LOST' });
      await holder?.append(stops(1, 'NEW'));
      const records = await readAll(await open({ schema, readOnly: true }));
      expect(records.length).toBe(Number(before?.['position']) + 1);
    });
  },
);

describe('durability', () => {
  it('is refused by a server that does not sync', async () => {
    const unsafe = await PostgresServer.start({ fsync: 'off' });
    await expect(openPostgresEventLog({ url: unsafe.url })).rejects.toMatchObject({
      code: 'LOG_UNSUPPORTED',
      message: expect.stringContaining('fsync = off'),
    });
    await unsafe.remove();
  });

  it('waits for the disk although the database would not by default', async () => {
    const schema = newSchema();
    await server.query('ALTER ROLE opensqt SET synchronous_commit = off');
    const log = await open({ schema });
    await log.append(stops(3));
    const [row] = await server.query(
      `SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn() AS flushed, count(*) FROM ${schema}.events`,
    );
    await server.query('ALTER ROLE opensqt RESET synchronous_commit');
    expect(row).toMatchObject({ count: '3', flushed: true });
  });
});

/** All that a careless program could print of an error. */
function everythingIn(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  return `${inspect(error, { depth: Infinity, showHidden: true })} ${stack} ${JSON.stringify(error)}`;
}
