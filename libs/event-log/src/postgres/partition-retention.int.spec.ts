import { eventually } from '@opensqt/trading-events/testing';
import type { EventLog, LogRecord } from '../event-log';
import { PostgresServer } from '../testing/postgres-server';
import { positions, readAll, stops } from '../testing/sample-events';
import { openPostgresEventLog, type PostgresEventLogOptions } from './open-postgres-event-log';
import { isDue } from './partition-retention';
import { headOfPostgresLog, verifyPostgresLog } from './verify/verify-postgres-log';

const NOTHING_KEPT = { maxAge: 0 };

let server: PostgresServer;
let schema: string;
let schemas = 0;
const opened = new Set<EventLog>();

beforeAll(async () => {
  server = await PostgresServer.start();
});

beforeEach(() => {
  schemas += 1;
  schema = `kept_${schemas}`;
});

afterEach(async () => {
  for (const log of opened) await log.close();
  opened.clear();
});

afterAll(() => server.remove());

async function open(options: Partial<PostgresEventLogOptions> = {}): Promise<EventLog> {
  const log = await openPostgresEventLog({ url: server.url, schema, partitionEvents: 100, ...options });
  opened.add(log);
  return log;
}

/** 350 events in commits of 70, so that partitions end within commits, and a consumer that has dealt with those up to a position. */
async function filled(reached: number, bot?: string): Promise<EventLog> {
  const log = await open({ bot, retention: NOTHING_KEPT });
  for (let n = 0; n < 5; n++) await log.append(stops(70, `C${n}-`));
  await log.saveCheckpoint({ consumer: 'snapshots', position: reached });
  return log;
}

async function dropped(log: EventLog, through: number): Promise<void> {
  await eventually(() => expect(log.status().storage).toEqual({ droppedThrough: through }));
}

const where = (): { url: string; schema: string } => ({ url: server.url, schema });

describe('retention of a log in PostgreSQL', () => {
  it('drops whole partitions up to what consumers have dealt with, and begins at a commit', async () => {
    const log = await filled(250);
    await dropped(log, 210);
    await log.append(stops(1, 'MORE-'));
    expect(log.status()).toMatchObject({ first: 211, position: 351 });
    expect((await readAll(await open({ readOnly: true }))).map(({ position }) => position)).toEqual(
      positions(141, 211),
    );
    const tables = await server.query(`SELECT first::int FROM ${schema}.partitions ORDER BY first`);
    expect(tables).toEqual([{ first: 201 }, { first: 301 }]);
  });

  it('keeps a commit that reaches over the end of a partition until every consumer is beyond that too', async () => {
    const log = await filled(205);
    await eventually(() => expect(String(log.status().storage?.failure?.message)).toContain('position 205'));
    const [head] = await server.query(`SELECT first::int FROM ${schema}.head`);
    expect(head).toEqual({ first: 141 });
    await log.saveCheckpoint({ consumer: 'snapshots', position: 250 });
    await dropped(log, 210);
  });

  it('goes on after a commit that filled several partitions was dropped with the first of them', async () => {
    const log = await open({ retention: NOTHING_KEPT });
    await log.append(stops(350));
    for (let n = 0; n < 3; n++) await log.append(stops(100, `C${n}-`));
    await log.saveCheckpoint({ consumer: 'snapshots', position: 600 });
    await dropped(log, 550);
    expect(await server.query(`SELECT first::int FROM ${schema}.partitions ORDER BY first`)).toEqual([
      { first: 501 },
      { first: 601 },
    ]);
    expect(await verifyPostgresLog(where())).toMatchObject({ ok: true, first: 551, position: 650 });
  });

  it('never drops by size what would leave less than the size', () => {
    const oldest = { first: 1, last: 100, committed_at: 0, end: 150, partition_events: 100 };
    const held = { bot: null, consumer: null, reached: null };
    const due = (bytes: number): boolean =>
      isDue({ maxSize: 1_000 }, { ...oldest, ...held, bytes, oldest_bytes: 5_000 }, 0);
    expect([5_999, 6_000].map(due)).toEqual([false, true]);
  });

  it('keeps the chain: verify vouches from the first kept position on, and compares with a head that is kept', async () => {
    const log = await open({ retention: NOTHING_KEPT });
    await log.append(stops(140));
    const early = await headOfPostgresLog(where());
    await log.append(stops(70, 'B-'));
    const lastDropped = await headOfPostgresLog(where());
    await log.append(stops(140, 'C-'));
    const kept = await headOfPostgresLog(where());
    await log.saveCheckpoint({ consumer: 'snapshots', position: 250 });
    await dropped(log, 210);
    for (const against of [kept, lastDropped])
      expect(await verifyPostgresLog({ ...where(), against })).toMatchObject({
        ok: true,
        first: 211,
        position: 350,
        vouched: [{ first: 211, last: 350 }],
      });
    const other = await verifyPostgresLog({ ...where(), against: { ...lastDropped, hash: 'a'.repeat(64) } });
    expect(other.ok).toBe(false);
    const late = await verifyPostgresLog({ ...where(), against: early });
    expect(JSON.stringify(late.checks)).toContain(
      'Position 140, whose hash was noted, has been dropped: the log begins at position 211',
    );
    await server.query(
      `UPDATE ${schema}.events SET data = replace(data, 'operator', 'nobody') WHERE position = 230`,
    );
    expect((await verifyPostgresLog(where())).ok).toBe(false);
  });

  it('still knows the ids of what was dropped: told again, it is not stored twice', async () => {
    const log = await open({ retention: NOTHING_KEPT });
    const events = stops(150);
    await log.append(events);
    await log.append(stops(20, 'END-'));
    await log.saveCheckpoint({ consumer: 'snapshots', position: 170 });
    await dropped(log, 150);
    await log.append([...events, ...stops(1, 'NEW-')]);
    expect(log.status()).toMatchObject({ first: 151, position: 171 });
  });

  it('removes snapshots that nothing follows any more', async () => {
    const log = await filled(50);
    const snapshot = { projection: 'metrics', version: 1, state: '{}', checksum: 'c' };
    for (const position of [80, 160, 240]) await log.saveSnapshot({ ...snapshot, position }, 1);
    await log.saveCheckpoint({ consumer: 'snapshots', position: 250 });
    await dropped(log, 210);
    expect((await log.snapshots('metrics')).map(({ position }) => position)).toEqual([240]);
  });

  it('drops by size too, and nothing before a commit has begun after it', async () => {
    const log = await filled(350);
    await dropped(log, 210);
    await log.close();
    opened.delete(log);
    const sized = await open({ retention: { maxSize: 1 } });
    await sized.append(stops(150, 'MORE-'));
    await sized.saveCheckpoint({ consumer: 'snapshots', position: 450 });
    await eventually(() => expect(sized.status().first).toBeGreaterThan(350));
  });

  it('says which consumer of which bot holds it up once that one has stopped, and what can be done', async () => {
    const gone = await filled(40, "mm-'gone");
    await gone.append(stops(300, 'ON-'));
    const log = await open({ bot: 'mm-2', retention: NOTHING_KEPT });
    await log.saveCheckpoint({ consumer: 'snapshots', position: 600 });
    await eventually(() =>
      expect(String(log.status().storage?.failure?.message)).toMatch(
        /keeps positions 1 to 100, which its retention wants dropped: the consumer 'snapshots' of the bot mm-'gone has got no further than position 40\..*DELETE FROM "kept_\d+"\.checkpoints WHERE bot = 'mm-''gone'/,
      ),
    );
    await server.query(`DELETE FROM ${schema}.checkpoints WHERE bot = 'mm-''gone'`);
    await eventually(() => expect(log.status()).toMatchObject({ storage: { droppedThrough: 350 } }));
    expect(log.status().storage?.failure).toBeUndefined();
  });
});

describe('readers of a log whose oldest positions are dropped', () => {
  it('go on, in a process of their own too, when a partition is dropped behind them', async () => {
    const log = await filled(10);
    const reader = await open({ readOnly: true });
    const seen: number[] = [];
    const errors: unknown[] = [];
    const subscription = reader.subscribe(1, (records) => void seen.push(...records.map((r) => r.position)), {
      onError: (error) => errors.push(error),
    });
    await subscription.caughtUp();
    await log.saveCheckpoint({ consumer: 'snapshots', position: 350 });
    await eventually(() => expect(log.status().first).toBeGreaterThan(1));
    await log.append(stops(30, 'MORE-'));
    await subscription.caughtUp();
    expect(seen).toEqual(positions(380));
    expect(errors).toEqual([]);
  });

  it('are told when what they would read next is dropped: nothing is passed over in silence', async () => {
    const log = await filled(10);
    const reader = await open({ readOnly: true });
    const seen: LogRecord[] = [];
    const reading = reader.read({ to: 350 });
    await log.saveCheckpoint({ consumer: 'snapshots', position: 350 });
    await eventually(() => expect(log.status().first).toBeGreaterThan(1));
    const late = await open({ readOnly: true });
    const first = late.status().first;
    late.subscribe(1, (records) => void seen.push(...records));
    await eventually(() => expect(seen[0]?.position).toBe(first));
    await expect(
      (async () => {
        for await (const records of reading) seen.push(...records);
      })(),
    ).rejects.toMatchObject({
      code: 'LOG_DROPPED',
      message: expect.stringContaining(
        `has dropped positions 1 to ${first - 1} (event_log.retention): it begins at position ${first}`,
      ),
    });
  });

  it('begin a subscription where the log does, though it began earlier when they last looked', async () => {
    const log = await open({ retention: NOTHING_KEPT, partitionEvents: 1_000 });
    await log.saveCheckpoint({ consumer: 'snapshots', position: 0 });
    for (let n = 0; n < 3; n++) await log.append(stops(1_500, `C${n}-`));
    const reader = await open({ readOnly: true });
    await log.saveCheckpoint({ consumer: 'snapshots', position: 4_500 });
    await dropped(log, 3_000);
    expect(reader.status().first).toBe(1);
    const seen: number[] = [];
    const errors: unknown[] = [];
    reader.subscribe(1, (records) => void seen.push(...records.map(({ position }) => position)), {
      onError: (error) => errors.push(error),
    });
    await eventually(() => expect(seen.at(-1)).toBe(4_500));
    expect(seen[0]).toBe(log.status().first);
    expect(errors).toEqual([]);
  });

  it('are told so in an open subscription that has fallen behind, which gets nothing more', async () => {
    const log = await open({ retention: NOTHING_KEPT, partitionEvents: 1_000 });
    await log.saveCheckpoint({ consumer: 'snapshots', position: 0 });
    for (let n = 0; n < 3; n++) await log.append(stops(1_500, `C${n}-`));
    const reader = await open({ readOnly: true });
    const seen: number[] = [];
    const errors: unknown[] = [];
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const handle = async (records: readonly LogRecord[]): Promise<void> => {
      seen.push(...records.map(({ position }) => position));
      await held;
    };
    reader.subscribe(1, handle, { onError: (error) => errors.push(error) });
    try {
      await eventually(() => expect(seen.length).toBe(2_000));
      await log.saveCheckpoint({ consumer: 'snapshots', position: 4_500 });
      await dropped(log, 3_000);
    } finally {
      release();
    }
    await eventually(() => expect(errors.join()).toContain('has dropped positions 2001 to 3000'));
    expect(seen).toEqual(positions(2_000));
  });

  it('hold nothing up: a partition that is being read is dropped later, and others write meanwhile', async () => {
    const log = await filled(10);
    const reading = server.query(`SELECT count(*) FROM ${schema}.events, pg_sleep(2)`);
    await log.saveCheckpoint({ consumer: 'snapshots', position: 350 });
    await log.append(stops(1, 'MORE-'));
    expect(await Promise.race([reading.then(() => 'read'), Promise.resolve('reading')])).toBe('reading');
    await reading;
    await eventually(() => expect(log.status().first).toBeGreaterThan(1));
  });
});
