import { statSync } from 'node:fs';
import type * as Sqlite from 'node:sqlite';
import { DEFAULT_BOT } from '../engine/identity';
import { EventLogError } from '../event-log';
import { assertToday, checkSchema, createSchema, migrateSchema, readAsToday, registerBot } from './schema';
import { folderNamed } from './log-path';
import { createPrivately } from './private-files';
import { notOpened } from './sqlite-failure';
import { WAL_LIMIT_BYTES } from './wal';

type SqliteModule = typeof Sqlite;
type DatabaseSync = Sqlite.DatabaseSync;

/**
 * Milliseconds that SQLite waits for a lock. It waits in this thread, so briefly; a commit that found a lock is
 * tried again later anyway.
 */
const BUSY_TIMEOUT_MS = 250;

/**
 * The settings that durability rests on; `2` is FULL (https://www.sqlite.org/pragma.html#pragma_synchronous). The write-ahead log is copied
 * into the file from 1000 pages on, and cut back to its limit when it begins anew.
 */
const SETTINGS = {
  journal_mode: 'wal',
  synchronous: 2,
  busy_timeout: BUSY_TIMEOUT_MS,
  wal_autocheckpoint: 1_000,
  journal_size_limit: WAL_LIMIT_BYTES,
} as const;

/** A file may come from anywhere: expressions in its schema call no function that does more than compute. */
const DISTRUST = 'PRAGMA trusted_schema = OFF';

/**
 * Node's SQLite. It is looked up when a log is opened and not when this file is loaded, so that what needs no SQLite runs
 * where there is none.
 *
 * @throws EventLogError `LOG_UNSUPPORTED` that says which Node is needed
 */
export function sqliteModule(
  load: () => SqliteModule | undefined = () => process.getBuiltinModule?.('node:sqlite'),
): SqliteModule {
  const sqlite = load();
  if (sqlite !== undefined) return sqlite;
  const message = `An event log on disk needs Node 22.15 or newer (node:sqlite); this is Node ${process.versions.node}. Start with a newer Node, or keep the log in memory.`;
  throw new EventLogError('LOG_UNSUPPORTED', message);
}

/**
 * Makes sure that the path is that of a file to SQLite. It has other names too, for databases that each connection has to
 * itself: what one thread writes, no other would read.
 *
 * @throws EventLogError `LOG_UNSUPPORTED`
 */
export function assertFilePath(path: string): void {
  if (path !== '' && path !== ':memory:' && !/^file:/i.test(path)) return;
  const message = `An event log can't be at '${path}': that is no path of a file. For a log that ends with the process use the kind memory (event_log.kind); for one that lasts, name a file such as data/events.db.`;
  throw new EventLogError('LOG_UNSUPPORTED', message);
}

/**
 * Opens a log's database for writing; makes the file if it is not there.
 *
 * @param bot the bot that writes
 * @throws EventLogError `LOG_UNREADABLE`, `LOG_UNSUPPORTED`
 */
export function openForWriting(path: string, bot: string): DatabaseSync {
  return openWritable(path, (database) => {
    createSchema(database);
    migrateSchema(database, bot);
    registerBot(database, bot);
  });
}

/**
 * Opens the database of a log that is there, to mend it: no bot opens it, and its tables must be today's.
 *
 * @throws EventLogError `LOG_UNREADABLE`, `LOG_UNSUPPORTED`
 */
export function openToMend(path: string): DatabaseSync {
  assertThere(path);
  return openWritable(path, (database) => assertToday(database, path));
}

function openWritable(path: string, prepare: (database: DatabaseSync) => void): DatabaseSync {
  const { DatabaseSync } = sqliteModule();
  return guarded(path, () => {
    createPrivately(path);
    const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    return orClose(database, () => {
      database.exec(DISTRUST);
      // Before anything is written, or it is not heeded: a log that was made without it keeps the space it had.
      if (isEmpty(database)) database.exec('PRAGMA auto_vacuum = INCREMENTAL');
      else checkSchema(database, path); // before the settings, which would change a file that is not ours
      for (const [name, value] of Object.entries(SETTINGS)) database.exec(`PRAGMA ${name} = ${value}`);
      for (const [name, value] of Object.entries(SETTINGS)) assertSetting(database, path, name, value);
      prepare(database);
    });
  });
}

/**
 * Opens a log's database for reading, beside a writer or after one that was killed. Makes no file.
 *
 * @param bot the bot that what a release without bots wrote is of
 * @throws EventLogError `LOG_UNREADABLE`, `LOG_UNSUPPORTED`
 */
export function openForReading(path: string, bot = DEFAULT_BOT): DatabaseSync {
  const { DatabaseSync } = sqliteModule();
  assertThere(path);
  return guarded(path, () => {
    const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    return orClose(database, () => {
      database.exec(DISTRUST);
      checkSchema(database, path);
      readAsToday(database, bot);
    });
  });
}

function assertThere(path: string): void {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file?.isDirectory() === true) throw folderNamed(path);
  if (file !== undefined) return;
  const message = `There is no event log at ${path}. Check the path, or start what writes it first.`;
  throw new EventLogError('LOG_UNREADABLE', message);
}

function isEmpty(database: DatabaseSync): boolean {
  return database.prepare('PRAGMA page_count').get()?.['page_count'] === 0;
}

/** @throws EventLogError `LOG_UNSUPPORTED` when the setting is not in force, as on a file system without shared memory */
function assertSetting(database: DatabaseSync, path: string, name: string, wanted: string | number): void {
  const row = database.prepare(`PRAGMA ${name}`).get() ?? {};
  const found = Object.values(row)[0];
  if (found === wanted) return;
  const message = `The event log ${path} can't be made durable: SQLite's ${name} is ${String(found)} and must be ${wanted}. Put the file on a local disk.`;
  throw new EventLogError('LOG_UNSUPPORTED', message);
}

function guarded<Value>(path: string, open: () => Value): Value {
  try {
    return open();
  } catch (error) {
    throw error instanceof EventLogError ? error : notOpened(path, error);
  }
}

function orClose(database: DatabaseSync, prepare: () => void): DatabaseSync {
  try {
    prepare();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
