import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { archiveAll } from '../testing/archiving';
import { readAll, stops } from '../testing/sample-events';
import { openSqliteEventLog } from './open-sqlite-event-log';

/** The tables as the first release made them, with a snapshot. */
const FIRST_SCHEMA = `
  DROP TABLE snapshots;
  DROP TABLE segments;
  DROP TABLE archived_ids;
  DROP TABLE column_chunks;
  CREATE TABLE snapshots (sequence INTEGER PRIMARY KEY, projection TEXT NOT NULL, version INTEGER NOT NULL,
                          position INTEGER NOT NULL, state TEXT NOT NULL);
  INSERT INTO snapshots (projection, version, position, state) VALUES ('metrics', 1, 2, '{}');
  UPDATE meta SET value = '1' WHERE key = 'schema_version';
`;

describe('a log of the first schema', () => {
  let folder: string;
  let path: string;
  const expected = { projection: 'metrics', version: 1, position: 2, state: '{}', checksum: '' };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'opensqt-schema-'));
    path = join(folder, 'events.db');
    const log = await openSqliteEventLog({ path });
    await log.append(stops(2));
    await log.close();
    const database = new DatabaseSync(path);
    database.exec(FIRST_SCHEMA);
    database.close();
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is read as it is, its snapshots without a checksum', async () => {
    const log = await openSqliteEventLog({ path, readOnly: true });
    expect(await readAll(log)).toHaveLength(2);
    expect(await log.snapshots('metrics')).toEqual([expected]);
    await log.close();
  });

  it('is brought up to date by the first writer, and takes new snapshots', async () => {
    const log = await openSqliteEventLog({ path });
    const next = { ...expected, position: 3, checksum: 'abc' };
    await log.saveSnapshot(next);
    expect(await log.snapshots('metrics')).toEqual([next, expected]);
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
