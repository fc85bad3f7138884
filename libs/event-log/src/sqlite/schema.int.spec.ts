import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { archiveAll } from '../testing/archiving';
import { readAll, stops, symbolsOf } from '../testing/sample-events';
import { openSqliteEventLog } from './open-sqlite-event-log';

/** The tables as the first release made them. */
const FIRST_RELEASE = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, version INTEGER NOT NULL,
    source TEXT NOT NULL, occurred_at NUMERIC NOT NULL, causation_id TEXT, data TEXT NOT NULL,
    committed_at NUMERIC NOT NULL
  );
  CREATE TABLE checkpoints (consumer TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE snapshots (
    sequence INTEGER PRIMARY KEY, projection TEXT NOT NULL, version INTEGER NOT NULL, position INTEGER NOT NULL,
    state TEXT NOT NULL
  );
  CREATE INDEX snapshots_by_projection ON snapshots (projection, sequence);
  INSERT INTO meta VALUES ('schema_version', '1');
  INSERT INTO events VALUES
    (1, 'a', 'symbol.stopped', 1, 'orchestrator', 5, NULL, '{"symbol":"OLD1","reason":"operator"}', 7),
    (2, 'b', 'symbol.stopped', 1, 'orchestrator', 6, 'a', '{"symbol":"OLD2","reason":"operator"}', 8);
`;

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opensqt-schema-'));
  path = join(folder, 'events.db');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = wal');
  database.exec(FIRST_RELEASE);
  database.close();
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a log of the first release', () => {
  it('is read as it is, and goes on once a writer has brought its tables to today', async () => {
    const reader = await openSqliteEventLog({ path, readOnly: true });
    expect(symbolsOf(await readAll(reader))).toEqual(['OLD1', 'OLD2']);
    const writer = await openSqliteEventLog({ path });
    await writer.append(stops(2, 'NEW'));
    await writer.close();
    await archiveAll(path);
    expect(symbolsOf(await readAll(reader))).toEqual(['OLD1', 'OLD2', 'NEW1', 'NEW2']);
    await reader.close();
  });
});
