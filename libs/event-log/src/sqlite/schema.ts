import type { DatabaseSync } from 'node:sqlite';
import { EventLogError } from '../event-log';

/** Version of the tables below. */
export const SCHEMA_VERSION = 5;

/**
 * The checksum of each commit. `checksums_from` is the first position that has one: those before were written by a release
 * that made none.
 */
const COMMIT_TABLE = `
  CREATE TABLE commits (
    first  INTEGER PRIMARY KEY,
    last   INTEGER NOT NULL,
    sha256 BLOB NOT NULL
  );
  INSERT INTO meta SELECT 'checksums_from', 1 + coalesce(max(position), 0) FROM events;
`;

/** Archived events: where they are, and their ids, so that one that is stated again is known. */
const ARCHIVE_TABLES = `
  CREATE TABLE segments (
    first  INTEGER PRIMARY KEY,
    last   INTEGER NOT NULL,
    path   TEXT NOT NULL,
    bytes  INTEGER NOT NULL,
    sha256 TEXT NOT NULL
  );
  CREATE TABLE archived_ids (id PRIMARY KEY) WITHOUT ROWID;
`;

// No index by type: reading by type goes through the log in order anyway, and each index slows every append.
const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE events (
    position     INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    type         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    source       TEXT NOT NULL,
    occurred_at  NUMERIC NOT NULL,
    causation_id TEXT,
    data         TEXT NOT NULL,
    committed_at NUMERIC NOT NULL
  );
  CREATE TABLE checkpoints (consumer TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE snapshots (
    sequence   INTEGER PRIMARY KEY,
    projection TEXT NOT NULL,
    version    INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    state      TEXT NOT NULL,
    checksum   TEXT NOT NULL
  );
  CREATE INDEX snapshots_by_projection ON snapshots (projection, sequence);
  ${ARCHIVE_TABLES}
  ${COMMIT_TABLE}
  INSERT INTO meta VALUES ('schema_version', '${SCHEMA_VERSION}');
`;

/**
 * The steps to each version from the one before. Old snapshots get a checksum that fits nothing. Archives need a version,
 * because a release that doesn't know of them would take the log for shorter than it is. Version 4 had typed columns.
 */
const MIGRATIONS: Readonly<Record<number, string>> = {
  2: "ALTER TABLE snapshots ADD COLUMN checksum TEXT NOT NULL DEFAULT '';",
  3: ARCHIVE_TABLES,
  5: `DROP TABLE IF EXISTS column_chunks; ${COMMIT_TABLE}`,
};

/** Makes the tables of a new log. */
export function createSchema(database: DatabaseSync): void {
  if (database.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined) return;
  database.exec(`BEGIN IMMEDIATE; ${TABLES} COMMIT;`);
}

/** Brings the tables of an older log up to this release's, in one transaction. */
export function migrateSchema(database: DatabaseSync): void {
  const version = versionOf(database);
  const steps = Object.entries(MIGRATIONS).filter(([to]) => Number(to) > version);
  if (steps.length === 0) return;
  const changes = steps.map(([, change]) => change).join('\n');
  const stamp = `UPDATE meta SET value = '${SCHEMA_VERSION}' WHERE key = 'schema_version';`;
  database.exec(`BEGIN IMMEDIATE; ${changes} ${stamp} COMMIT;`);
}

/**
 * Makes sure that the file is a log that this release understands.
 *
 * @throws EventLogError `LOG_UNREADABLE` when it is none, `LOG_UNSUPPORTED` when a newer release wrote it
 */
export function checkSchema(database: DatabaseSync, path: string): void {
  const isLog = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'").get();
  if (isLog === undefined) {
    const message = `${path} is an SQLite database and no event log: it has no table meta. Name another file.`;
    throw new EventLogError('LOG_UNREADABLE', message);
  }
  const found = versionOf(database);
  if (found >= 1 && found <= SCHEMA_VERSION) return;
  const message = `The event log ${path} has schema version ${found}; this release knows ${SCHEMA_VERSION}. Use the release that wrote it, or a newer one.`;
  throw new EventLogError('LOG_UNSUPPORTED', message);
}

function versionOf(database: DatabaseSync): number {
  const row = database.prepare("SELECT value FROM meta WHERE key = 'schema_version'").get();
  return Number(row?.['value']);
}
