import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { archiveAll } from '../testing/archiving';
import { readAll, stops, symbolsOf } from '../testing/sample-events';
import { openSqliteEventLog } from './open-sqlite-event-log';
import { verifySqliteLog } from './verify/verify-sqlite-log';

/** Takes the tables of a new log back to those of version 4, whose typed columns nothing needs any more. */
const FOURTH_SCHEMA = `
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
