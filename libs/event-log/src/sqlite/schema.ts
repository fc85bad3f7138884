import type { DatabaseSync } from 'node:sqlite';
import { EventLogError } from '../event-log';
import { chainCommits } from './commit-chain';

/** Version of the tables below. */
export const SCHEMA_VERSION = 7;

/**
 * The hash of each commit, chained from the one before. `checksums_from` is the first position that has one: those before were written by a release
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

/** The bots that have opened the log to write, in that order. Records without a bot are those of the first one. */
const BOT_TABLE = `
  CREATE TABLE IF NOT EXISTS bots (sequence INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
`;

const CHECKPOINT_TABLE = `
  CREATE TABLE checkpoints (
    bot      TEXT NOT NULL,
    consumer TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (bot, consumer)
  ) WITHOUT ROWID;
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
    committed_at NUMERIC NOT NULL,
    bot          TEXT,
    writer       TEXT
  );
  ${CHECKPOINT_TABLE}
  CREATE TABLE snapshots (
    sequence   INTEGER PRIMARY KEY,
    projection TEXT NOT NULL,
    version    INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    state      TEXT NOT NULL,
    checksum   TEXT NOT NULL,
    bot        TEXT
  );
  CREATE INDEX snapshots_by_projection ON snapshots (projection, sequence);
  ${ARCHIVE_TABLES}
  ${COMMIT_TABLE}
  ${BOT_TABLE}
  INSERT INTO meta VALUES ('schema_version', '${SCHEMA_VERSION}');
`;

/**
 * The steps to each version from the one before. Old snapshots get a checksum that fits nothing. Archives need a version,
 * because a release that doesn't know of them would take the log for shorter than it is. Version 4 had typed columns. What was there
 * before version 6 is the first bot's. From version 7 on the hashes of commits are chained, which no statement does.
 */
const MIGRATIONS: Readonly<Record<number, string>> = {
  2: "ALTER TABLE snapshots ADD COLUMN checksum TEXT NOT NULL DEFAULT '';",
  3: ARCHIVE_TABLES,
  5: `DROP TABLE IF EXISTS column_chunks; ${COMMIT_TABLE}`,
  6: `
    ALTER TABLE events ADD COLUMN bot TEXT;
    ALTER TABLE events ADD COLUMN writer TEXT;
    ALTER TABLE snapshots ADD COLUMN bot TEXT;
    UPDATE snapshots SET bot = (SELECT name FROM bots);
    ALTER TABLE checkpoints RENAME TO checkpoints_before;
    ${CHECKPOINT_TABLE}
    INSERT INTO checkpoints SELECT (SELECT name FROM bots), consumer, position FROM checkpoints_before;
    DROP TABLE checkpoints_before;
  `,
  7: '',
};

/** The tables of a log that nobody has written to since before version 6, as they are read today: it is that bot's. */
const OLD_TABLES_TODAY = `
  CREATE TEMP TABLE bots (sequence INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TEMP VIEW events AS SELECT *, NULL AS bot, NULL AS writer FROM main.events;
  CREATE TEMP VIEW snapshots AS SELECT *, bots.name AS bot FROM main.snapshots, bots;
  CREATE TEMP VIEW checkpoints AS SELECT *, bots.name AS bot FROM main.checkpoints, bots;
`;

/**
 * Statements of another's that would run as the log is read or written: all but mere tables and indexes. SQLite takes a type in capitals, too, where
 * the schema was written by hand.
 */
const FOREIGN = `
  SELECT type, name FROM sqlite_schema
   WHERE type NOT IN ('table', 'index') OR (type = 'table' AND sql NOT LIKE 'CREATE TABLE%') LIMIT 1`;

/** Makes the tables of a new log. */
export function createSchema(database: DatabaseSync): void {
  if (database.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined) return;
  database.exec(`BEGIN IMMEDIATE; ${TABLES} COMMIT;`);
}

/** Brings the tables of an older log up to this release's, in one transaction: the bot that opens it is the one that it is of. */
export function migrateSchema(database: DatabaseSync, bot: string): void {
  const version = versionOf(database);
  const steps = Object.entries(MIGRATIONS).filter(([to]) => Number(to) > version);
  if (steps.length === 0) return;
  const changes = steps.map(([, change]) => change).join('\n');
  const stamp = `UPDATE meta SET value = '${SCHEMA_VERSION}' WHERE key = 'schema_version';`;
  database.exec(`BEGIN IMMEDIATE; ${BOT_TABLE}`);
  registerBot(database, bot);
  database.exec(changes);
  chainCommits(database, version);
  database.exec(`${stamp} COMMIT;`);
}

/** Makes the bot known as one of the log's. */
export function registerBot(database: DatabaseSync, bot: string): void {
  database.prepare('INSERT INTO bots (name) VALUES (?) ON CONFLICT (name) DO NOTHING').run(bot);
}

/** The bots of the log, oldest first. */
export function botsOf(database: DatabaseSync): readonly string[] {
  const rows = database.prepare('SELECT name FROM bots ORDER BY sequence').all();
  return rows.map(({ name }) => String(name));
}

/** Lets the tables of an older log, which a reader must not change, be read as today's. */
export function readAsToday(database: DatabaseSync, bot: string): void {
  if (versionOf(database) >= 6) return;
  database.exec(OLD_TABLES_TODAY);
  registerBot(database, bot);
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
  const foreign = database.prepare(FOREIGN).get();
  if (foreign !== undefined) {
    const what = `${String(foreign['type'])} ${String(foreign['name'])}`;
    const message = `The event log ${path} has the ${what}, which no release makes: somebody has changed the file, and it is not used. Restore it from a backup.`;
    throw new EventLogError('LOG_UNREADABLE', message);
  }
  const found = versionOf(database);
  if (Number.isNaN(found)) {
    const message = `${path} is an SQLite database and no event log: its table meta has no schema_version. Name another file.`;
    throw new EventLogError('LOG_UNREADABLE', message);
  }
  if (found >= 1 && found <= SCHEMA_VERSION) return;
  const message = `The event log ${path} has schema version ${found}; this release knows ${SCHEMA_VERSION}. Use the release that wrote it, or a newer one.`;
  throw new EventLogError('LOG_UNSUPPORTED', message);
}

/**
 * Makes sure that no step to today's tables is due.
 *
 * @throws EventLogError `LOG_UNSUPPORTED`
 */
export function assertToday(database: DatabaseSync, path: string): void {
  const found = versionOf(database);
  if (found === SCHEMA_VERSION) return;
  const message = `The event log ${path} has schema version ${found}, and this needs ${SCHEMA_VERSION}. Start the market maker once: that brings it up to date, whether it can read the events or not.`;
  throw new EventLogError('LOG_UNSUPPORTED', message);
}

/** The schema version of a log. */
export function versionOf(database: DatabaseSync): number {
  const row = database.prepare("SELECT value FROM meta WHERE key = 'schema_version'").get();
  return Number(row?.['value']);
}
