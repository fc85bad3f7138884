import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EventRow } from '../../engine/event-codec';
import type { ChainPoint } from '../../engine/verify/verify-report';
import { archiveAll } from '../../testing/archiving';
import { segmentFilesOf, usingLog } from '../../testing/archived-log';
import { positions, readAll, stops } from '../../testing/sample-events';
import { runSource } from '../../testing/source-process';
import { openSqliteEventLog } from '../open-sqlite-event-log';
import { headOfSqliteLog } from '../verify/chain-head';
import { verifySqliteLog } from '../verify/verify-sqlite-log';
import { FileWriter } from '../writer/file-writer';
import { quarantineSqliteLog } from './quarantine-sqlite-log';

const QUARANTINING = join(__dirname, '../../testing/quarantining-process.ts');
/** The event that is damaged, in the second of three commits. */
const DAMAGED = 7;
const LAST = 15;

let folder: string;
let path: string;
let firstHead: ChainPoint;
let head: ChainPoint;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-quarantine-'));
  path = join(folder, 'events.db');
  const log = await openSqliteEventLog({ path });
  await log.append(stops(5, 'A'), { consumer: 'alerts', position: 1 });
  firstHead = headOfSqliteLog(path);
  await log.append(stops(5, 'B'));
  await log.append(stops(5, 'C'));
  await log.close();
  head = headOfSqliteLog(path);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function query(sql: string): readonly Record<string, unknown>[] {
  const database = new DatabaseSync(path);
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

/** Offsets of a row's id and data in the file. */
interface RowAt {
  readonly id: number;
  readonly data: number;
}

/** Writes over bytes of a row, in the file itself. */
async function overwrite(position: number, change: (bytes: Buffer, at: RowAt) => void): Promise<void> {
  const [row] = query(`SELECT * FROM events WHERE position = ${position}`) as unknown as readonly EventRow[];
  if (row === undefined) throw new Error(`There is no position ${position}.`);
  const bytes = await readFile(path);
  const id = bytes.indexOf(row.id + row.type); // the index of ids has the id alone
  change(bytes, { id, data: bytes.indexOf(row.data, id) });
  await writeFile(path, bytes);
}

/** A row's cells as they are stored. */
function cells(table: string, position: number): unknown {
  const columns = 'id type version source occurred_at causation_id data committed_at bot writer'.split(' ');
  const each = columns.map((column) => `typeof(${column}) || ' ' || hex(${column}) AS ${column}`);
  return query(`SELECT ${each.join(', ')} FROM ${table} WHERE position = ${position}`)[0];
}

const warnings = async (against?: ChainPoint): Promise<readonly string[]> => {
  const report = await verifySqliteLog(path, { against });
  expect(report).toMatchObject({ ok: true, position: LAST });
  return report.checks.flatMap(({ check, findings }) =>
    findings.map(({ message }) => `${check}: ${message}`),
  );
};

const DAMAGES: readonly (readonly [string, (bytes: Buffer, at: RowAt) => void, RegExp])[] = [
  ['JSON that is broken', (bytes, { data }) => bytes.write('[', data), /its data is not JSON/],
  [
    'JSON that is cut short',
    (bytes, { data }) => bytes.fill(0, data + 20, data + 30),
    /its data is not JSON/,
  ],
  [
    'data that is no object',
    (bytes, { data }) => bytes.write('"x"                                  ', data),
    /./,
  ],
  ['a field of the wrong type', (bytes, { data }) => bytes.write('1234', data + 10), /data.symbol is 1234/],
  ['text that is not UTF-8', (bytes, { data }) => bytes.fill(0xff, data + 2, data + 8), /symbol is missing/],
  ['an unknown type', (bytes, { id }) => bytes.write('zymbol', id + 36), /no event type 'zymbol.stopped'/],
  ['an id with a control character', (bytes, { id }) => bytes.fill(7, id, id + 1), /^id is|: id is/],
  // The header of a row ends before its id, with the types of data, committed_at, bot and writer.
  [
    'data that became bytes',
    (bytes, { id }) => bytes.fill((bytes[id - 4] ?? 0) ^ 1, id - 4, id - 3),
    /its data is of the wrong type/,
  ],
];

describe.each(DAMAGES)('an event with %s', (_, change, fault) => {
  beforeEach(() => overwrite(DAMAGED, change));

  it('is listed, set aside as it is stored, and leaves a log that is read and written, its chain whole', async () => {
    const listed = await verifySqliteLog(path);
    expect(listed.ok).toBe(false);
    const { findings = [] } = listed.checks.find(({ check }) => check === 'events') ?? {};
    expect(findings).toEqual([{ severity: 'error', message: expect.stringMatching(fault) }]);
    const stored = cells('events', DAMAGED);

    expect(await quarantineSqliteLog(path)).toEqual([
      {
        position: DAMAGED,
        eventType: expect.stringMatching(/ymbol.stopped$/),
        reason: expect.stringMatching(fault),
      },
    ]);

    expect(cells('quarantine', DAMAGED)).toEqual(stored);
    expect(headOfSqliteLog(path)).toEqual(head);
    for (const against of [firstHead, head]) {
      expect(await warnings(against)).toEqual([
        expect.stringMatching(`^quarantine: Position ${DAMAGED} \\(.ymbol.stopped\\) was set aside: `),
        expect.stringMatching(
          '^commits: The event that was set aside among the positions 6 to 10 had been changed',
        ),
      ]);
    }
    await usingLog(path, async (log) => {
      const records = await readAll(log);
      expect(records.map(({ position }) => position)).toEqual(positions(LAST));
      expect(records[DAMAGED - 1]?.event).toMatchObject({ type: 'event.quarantined', source: 'event-log' });
      const seen: number[] = [];
      const all = log.subscribe(1, (batch) => void seen.push(...batch.map(({ position }) => position)));
      await all.caughtUp();
      await log.append(stops(1, 'LATER'));
      await all.caughtUp();
      expect(seen).toEqual(positions(LAST + 1));
    });
  });
});

describe('a number that JavaScript has none for', () => {
  it.each(['occurred_at', 'committed_at', 'version'])(
    'is found by its position, and set aside: %s',
    async (column) => {
      query(`UPDATE events SET ${column} = 9007199254740993 WHERE position IN (1, ${LAST}) RETURNING 1`);
      await usingLog(path, async (log) => {
        await expect(readAll(log)).rejects.toMatchObject({
          code: 'LOG_UNREADABLE',
          message: expect.stringContaining('a number that is too large. npx opensqt verify says which one'),
        });
      });
      const { checks } = await verifySqliteLog(path);
      expect(checks.find(({ check }) => check === 'events')).toMatchObject({
        looked: '15 events',
        findings: [
          { message: expect.stringMatching(/^Position 1 /) },
          { message: expect.stringMatching(/^Position 15 /) },
        ],
      });
      expect((await quarantineSqliteLog(path)).map(({ position }) => position)).toEqual([1, LAST]);
      expect(query(`SELECT typeof(${column}) || ${column} AS cell FROM quarantine`)).toEqual([
        { cell: 'integer9007199254740993' },
        { cell: 'integer9007199254740993' },
      ]);
      await usingLog(path, async (log) => {
        const records = await readAll(log);
        expect(records).toHaveLength(LAST);
        const times = records.map(({ event }) => event.occurredAt);
        expect(times.at(-1)).toBeGreaterThanOrEqual(times.at(-2) ?? Infinity);
        expect(times[0]).toBeLessThanOrEqual(times[1] ?? 0);
        await log.append(stops(1, 'LATER'));
        expect(log.status().position).toBe(LAST + 1);
      });
    },
  );
});

describe('an event of a newer release', () => {
  let newer: ChainPoint;

  beforeEach(async () => {
    const writer = FileWriter.open({ path, identity: { bot: 'opensqt', writer: 'opensqt' } });
    const of = { version: 1, source: 'venue', occurredAt: 1_750_000_000_000 };
    const event = { ...of, id: 'new', type: 'order.amended' };
    const committedAt = 1_750_000_000_001;
    writer.commit({ events: [{ event, data: '{"price":"1"}' }], checkpoints: [], committedAt });
    await writer.close();
    newer = headOfSqliteLog(path);
    await usingLog(path, (log) => log.append(stops(3, 'LATER')));
  });

  it.each([
    ['never', false, false],
    ['before', true, false],
    ['after', false, true],
  ])(
    'is vouched for after it was set aside, as it was never changed (archived: %s)',
    async (_, before, after) => {
      if (before) await archiveAll(path);
      const segments = before ? await segmentFilesOf(path) : [];
      const bytes = await Promise.all(segments.map((file) => readFile(file)));
      const reading = usingLog(path, (log) => readAll(log));
      await expect(reading).rejects.toMatchObject({ code: 'LOG_UNSUPPORTED' });
      const reason = "there is no event type 'order.amended' in this release";
      expect(await quarantineSqliteLog(path)).toEqual([{ position: 16, eventType: 'order.amended', reason }]);
      expect(await quarantineSqliteLog(path)).toEqual([]);
      for (const [index, file] of segments.entries())
        expect(bytes[index]?.equals(await readFile(file))).toBe(true);
      if (after) await archiveAll(path);

      for (const against of [head, newer]) {
        expect(await verifySqliteLog(path, { against })).toMatchObject({
          ok: true,
          vouched: [{ first: 1, last: 19 }],
        });
      }
      await usingLog(path, async (log) => {
        const records = await readAll(log);
        expect(records.map(({ position }) => position)).toEqual(positions(19));
        expect(records[15]?.event).toMatchObject({
          id: 'new',
          occurredAt: 1_750_000_000_000,
          data: { eventType: 'order.amended', reason, stored: '{"price":"1"}' },
        });
        expect(await readAll(log, { types: ['event.quarantined'] })).toEqual([records[15]]);
        const others = await readAll(log, { types: ['symbol.stopped'] });
        expect(others.map(({ position }) => position)).toEqual(positions(19).filter((each) => each !== 16));
      });
    },
  );
});

describe('a row whose values are of the wrong types', () => {
  it('is not archived until it is set aside, since a segment could not be read', async () => {
    query(`UPDATE events SET data = CAST(data AS BLOB) WHERE position = ${DAMAGED} RETURNING 1`);
    await expect(archiveAll(path)).rejects.toMatchObject({
      code: 'LOG_ARCHIVE_FAILED',
      message: expect.stringContaining(`no event at position ${DAMAGED}`),
    });
    await quarantineSqliteLog(path);
    await archiveAll(path);
    expect((await verifySqliteLog(path, { against: head })).ok).toBe(true);
  });
});

describe('setting aside', () => {
  const breakOne = (): Promise<void> => overwrite(DAMAGED, (bytes, { data }) => bytes.write('[', data));

  it('is refused while a process writes to the log, and where there is none', async () => {
    await usingLog(path, async () => {
      await expect(quarantineSqliteLog(path)).rejects.toMatchObject({ code: 'LOG_IN_USE' });
    });
    const none = join(folder, 'none', 'events.db');
    await expect(quarantineSqliteLog(none)).rejects.toThrow(/There is no event log at .*none/);
  });

  it('is done once: a second run changes nothing', async () => {
    await breakOne();
    await quarantineSqliteLog(path);
    const bytes = await readFile(path);
    expect(await quarantineSqliteLog(path)).toEqual([]);
    expect(bytes.equals(await readFile(path))).toBe(true);
  });

  it('leaves the log as it was when it is killed before it is done, and is done by the next run', async () => {
    await breakOne();
    expect(await runSource(QUARANTINING, [path])).toMatchObject({ status: null });
    expect(query("SELECT 1 FROM sqlite_schema WHERE name = 'quarantine'")).toEqual([]);
    expect(query(`SELECT type FROM events WHERE position = ${DAMAGED}`)).toEqual([
      { type: 'symbol.stopped' },
    ]);
    expect(await quarantineSqliteLog(path)).toHaveLength(1);
    expect((await verifySqliteLog(path)).ok).toBe(true);
  });

  it('keeps what was stored first when its replacement is damaged too', async () => {
    await breakOne();
    await quarantineSqliteLog(path);
    const first = cells('quarantine', DAMAGED);
    query(`UPDATE events SET data = '{' WHERE position = ${DAMAGED} RETURNING 1`);
    expect((await verifySqliteLog(path)).ok).toBe(false);
    expect(await quarantineSqliteLog(path)).toHaveLength(1);
    expect(cells('quarantine', DAMAGED)).toEqual(first);
    expect((await verifySqliteLog(path)).ok).toBe(true);
  });

  it('shows an event that was changed in another commit as before', async () => {
    await breakOne();
    await quarantineSqliteLog(path);
    query("UPDATE events SET data = replace(data, 'operator', 'nobody') WHERE position = 12 RETURNING 1");
    const { ok, checks } = await verifySqliteLog(path);
    expect(ok).toBe(false);
    expect(checks.at(-1)?.findings).toContainEqual({
      severity: 'error',
      message: expect.stringContaining('An event at the positions 11 to 15 was changed'),
    });
  });

  it.each<readonly [string, (bytes: Buffer, at: RowAt) => void]>([
    ['a page', (bytes, { id }) => bytes.fill(0xff, id - (id % 4_096), id - (id % 4_096) + 1)],
    [
      'the header of a row, so that it is longer than it says',
      (bytes, { id }) => bytes.fill((bytes[id - 4] ?? 0) - 8, id - 4, id - 3),
    ],
  ])('changes nothing where SQLite itself reads no row, as of %s that is damaged', async (_, change) => {
    await breakOne();
    await overwrite(12, change);
    const bytes = await readFile(path);
    await expect(quarantineSqliteLog(path)).rejects.toMatchObject({
      code: 'LOG_UNREADABLE',
      message: expect.stringContaining('are damaged'),
    });
    expect(bytes.equals(await readFile(path))).toBe(true);
  });
});
