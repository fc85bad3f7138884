import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EventRow } from '../engine/event-codec';
import type { EventLog } from '../event-log';
import { snapshotChecksum } from '../engine/snapshot-checksum';
import { archiveAll } from '../testing/archiving';
import { readAll, stops, symbolsOf } from '../testing/sample-events';
import { CommitChecksum } from '../engine/commit-checksum';
import { openSqliteEventLog } from './open-sqlite-event-log';
import { headOfSqliteLog } from './verify/chain-head';
import { verifySqliteLog } from './verify/verify-sqlite-log';

/** Takes the tables of a new log back to those of version 5. */
const FIFTH_SCHEMA = `
  ALTER TABLE events DROP COLUMN bot;
  ALTER TABLE events DROP COLUMN writer;
  ALTER TABLE snapshots DROP COLUMN bot;
  DROP TABLE bots;
  CREATE TABLE consumers (consumer TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO consumers SELECT consumer, position FROM checkpoints;
  DROP TABLE checkpoints;
  ALTER TABLE consumers RENAME TO checkpoints;
  UPDATE meta SET value = '5' WHERE key = 'schema_version';
`;

/** The same to those of version 4, whose typed columns nothing needs any more. */
const FOURTH_SCHEMA = `
  ${FIFTH_SCHEMA}
  DROP TABLE commits;
  DELETE FROM meta WHERE key = 'checksums_from';
  CREATE TABLE column_chunks (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, checksum INTEGER NOT NULL, columns BLOB NOT NULL);
  INSERT INTO column_chunks VALUES (1, 2048, 7, zeroblob(100000));
  UPDATE meta SET value = '4' WHERE key = 'schema_version';
`;

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-schema-'));
  path = join(folder, 'events.db');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a log of the first schema', () => {
  const OLD = join(__dirname, '../testing/schema-1.db');
  const snapshot = { projection: 'metrics', checksum: '' };

  beforeEach(() => copyFile(OLD, path));

  it('is read as it is, its snapshots without a checksum', async () => {
    const log = await openSqliteEventLog({ path, readOnly: true });
    expect(await readAll(log)).toHaveLength(3);
    expect(await log.snapshots('metrics')).toMatchObject([snapshot]);
    await log.close();
  });

  it('is brought up to date by the first writer, and goes on', async () => {
    const log = await openSqliteEventLog({ path });
    await log.append(stops(1, 'NEW'));
    const next = { projection: 'metrics', version: 1, position: 3, state: '{}', checksum: 'abc' };
    await log.saveSnapshot(next);
    expect(symbolsOf(await readAll(log)).at(-1)).toBe('NEW1');
    expect(await log.checkpoint('alerts')).toBe(2);
    expect(await log.snapshots('metrics')).toMatchObject([next, snapshot]);
    await log.close();
  });

  it('is archived by a writer of today while a reader that was there before reads on', async () => {
    const reader = await openSqliteEventLog({ path, readOnly: true });
    const before = await readAll(reader);
    await archiveAll(path);
    expect(await readAll(reader)).toEqual(before);
    await reader.close();
  });
});

describe('a log of the fifth schema, which has no bots', () => {
  const written = { projection: 'metrics', version: 1, position: 3, state: '{}' };
  const snapshot = { ...written, checksum: snapshotChecksum(written) };
  const botsOf = async (log: EventLog): Promise<readonly string[]> =>
    (await readAll(log)).map(({ bot, writer }) => `${bot} ${writer}`);

  beforeEach(async () => {
    const log = await openSqliteEventLog({ path });
    await log.append(stops(5), { consumer: 'alerts', position: 4 });
    await log.saveSnapshot(snapshot);
    await log.close();
    const database = new DatabaseSync(path);
    database.exec(FIFTH_SCHEMA);
    // As that release wrote it: the checksum of a commit without bots.
    const checksum = new CommitChecksum();
    for (const row of database.prepare('SELECT * FROM events ORDER BY position').all())
      checksum.add({ ...(row as unknown as EventRow), bot: null, writer: null });
    database.prepare('UPDATE commits SET sha256 = ?').run(checksum.digest());
    database.close();
  });

  it('is read as it is', async () => {
    const log = await openSqliteEventLog({ path, readOnly: true });
    expect(await botsOf(log)).toEqual(Array(5).fill('opensqt opensqt'));
    expect(await log.checkpoint('alerts')).toBe(4);
    expect(await log.snapshots('metrics')).toEqual([snapshot]);
    expect(await log.bots()).toEqual(['opensqt']);
    await log.close();
    expect(await verifySqliteLog(path)).toMatchObject({ ok: true });
  });

  it('has its checksums chained by the first writer, as a reader had foreseen, and is checked ever after', async () => {
    const head = headOfSqliteLog(path);
    expect(head.position).toBe(5);
    const log = await openSqliteEventLog({ path });
    await log.append(stops(1, 'NEW'));
    await log.close();
    expect(await verifySqliteLog(path, { against: head })).toMatchObject({
      ok: true,
      vouched: [{ first: 1, last: 6 }],
    });
  });

  it('is that of the bot that opens it first, with its checkpoints and snapshots, archived or not', async () => {
    const first = await openSqliteEventLog({ path, bot: 'mm-1' });
    expect(await first.checkpoint('alerts')).toBe(4);
    expect(await first.snapshots('metrics')).toEqual([snapshot]);
    await first.append(stops(1, 'NEW'));
    await first.close();
    const second = await openSqliteEventLog({ path, bot: 'mm-2' });
    expect(await second.checkpoint('alerts')).toBe(0);
    await second.append(stops(1, 'OTHER'));
    const before = await botsOf(second);
    expect(before).toEqual([...Array<string>(6).fill('mm-1 mm-1'), 'mm-2 mm-2']);
    await second.close();
    await archiveAll(path);
    const reader = await openSqliteEventLog({ path, readOnly: true });
    expect(await botsOf(reader)).toEqual(before);
    await reader.close();
    expect(await verifySqliteLog(path)).toMatchObject({ ok: true });
  });
});

describe('a log of the fifth schema with an archive', () => {
  beforeEach(async () => {
    const log = await openSqliteEventLog({ path });
    await log.append(stops(5), { consumer: 'alerts', position: 4 });
    await log.close();
    const database = new DatabaseSync(path);
    database.exec('UPDATE events SET bot = NULL, writer = NULL');
    database.close();
    await archiveAll(path);
    const archived = new DatabaseSync(path);
    archived.exec(
      `${FIFTH_SCHEMA} DELETE FROM commits; UPDATE meta SET value = 6 WHERE key = 'checksums_from';`,
    );
    archived.close();
  });

  it('is read as it is, and goes on where it was', async () => {
    const reader = await openSqliteEventLog({ path, readOnly: true });
    const before = await readAll(reader);
    expect(before).toHaveLength(5);
    await reader.close();
    const log = await openSqliteEventLog({ path });
    expect(await readAll(log)).toEqual(before);
    await log.append([...before.map(({ event }) => event), ...stops(1, 'NEW')]);
    expect(log.status().position).toBe(6);
    await log.close();
    expect(await verifySqliteLog(path)).toMatchObject({ ok: true, vouched: [{ first: 6, last: 6 }] });
  });
});

describe('a log of a newer release', () => {
  it.each([true, false])(
    'is refused with what to use instead, and not changed (read only: %s)',
    async (readOnly) => {
      await (await openSqliteEventLog({ path })).close();
      const database = new DatabaseSync(path);
      database.exec("UPDATE meta SET value = '99' WHERE key = 'schema_version'");
      database.close();
      const before = await readFile(path);
      await expect(openSqliteEventLog({ path, readOnly })).rejects.toMatchObject({
        code: 'LOG_UNSUPPORTED',
        message: expect.stringMatching(
          /has schema version 99; this release knows \d+\. Use the release that wrote it, or a newer one\.$/,
        ),
      });
      expect(before.equals(await readFile(path))).toBe(true);
    },
  );
});

describe('a log of the fourth schema, which has typed columns', () => {
  const unknown = 'Positions 1 to 5 were written by a release that made no checksums';

  async function openedAgain(): Promise<void> {
    const log = await openSqliteEventLog({ path });
    await log.append(stops(3, 'NEW'));
    await log.close();
  }

  function commitsOf(report: Awaited<ReturnType<typeof verifySqliteLog>>): unknown {
    return report.checks.at(-1);
  }

  beforeEach(async () => {
    const log = await openSqliteEventLog({ path });
    await log.append(stops(5));
    await log.close();
    const database = new DatabaseSync(path);
    database.exec(FOURTH_SCHEMA);
    database.close();
  });

  it('loses them when it is opened to be written, and none of its events', async () => {
    await openedAgain();
    const database = new DatabaseSync(path);
    const tables = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'column_chunks'").all();
    database.close();
    expect(tables).toEqual([]);
    const log = await openSqliteEventLog({ path, readOnly: true });
    expect(await readAll(log)).toHaveLength(8);
    await log.close();
  });

  it('is read as it is, and nothing of it is vouched for', async () => {
    const log = await openSqliteEventLog({ path, readOnly: true });
    expect(await readAll(log)).toHaveLength(5);
    await log.close();
    const report = await verifySqliteLog(path);
    expect(report.ok).toBe(true);
    expect(commitsOf(report)).toMatchObject({
      looked: '0 commits',
      findings: [{ severity: 'warning', message: expect.stringContaining(unknown) }],
    });
  });

  it('is vouched for from the first commit of today on', async () => {
    await openedAgain();
    const report = await verifySqliteLog(path);
    expect(report.ok).toBe(true);
    expect(commitsOf(report)).toMatchObject({
      looked: '1 commits, positions 6 to 8',
      findings: [{ severity: 'warning', message: expect.stringContaining(unknown) }],
    });
  });

  it('is vouched for by its archive where that is older', async () => {
    await openedAgain();
    await archiveAll(path);
    expect(commitsOf(await verifySqliteLog(path))).toMatchObject({ found: 0 });
  });
});
