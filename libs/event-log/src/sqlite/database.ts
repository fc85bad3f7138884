import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { EventLogError } from '../event-log';
import { checkSchema, createSchema, migrateSchema } from './schema';
import { notOpened } from './sqlite-failure';
import { sqliteModule } from './sqlite-module';

/**
 * How long SQLite waits for a lock, in milliseconds. It waits in this thread, so briefly; a commit that found a lock is
 * tried again later anyway.
 */
const BUSY_TIMEOUT_MS = 250;

/** What durability rests on; `2` is FULL (https://www.sqlite.org/pragma.html#pragma_synchronous). */
const SETTINGS = { journal_mode: 'wal', synchronous: 2, busy_timeout: BUSY_TIMEOUT_MS } as const;

/**
 * Opens a log's database for writing; makes the file and its folder if they are not there.
 *
 * @throws EventLogError `LOG_UNREADABLE`, `LOG_UNSUPPORTED`
 */
export function openForWriting(path: string): DatabaseSync {
  const { DatabaseSync } = sqliteModule();
  return guarded(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    const database = new DatabaseSync(path);
    return orClose(database, () => {
      for (const [name, value] of Object.entries(SETTINGS)) database.exec(`PRAGMA ${name} = ${value}`);
      for (const [name, value] of Object.entries(SETTINGS)) assertSetting(database, path, name, value);
      createSchema(database);
      checkSchema(database, path);
      migrateSchema(database);
    });
  });
}

/**
 * Opens a log's database for reading, beside a writer or after one that was killed. Makes no file.
 *
 * @throws EventLogError `LOG_UNREADABLE`, `LOG_UNSUPPORTED`
 */
export function openForReading(path: string): DatabaseSync {
  const { DatabaseSync } = sqliteModule();
  if (!existsSync(path)) {
    const message = `There is no event log at ${path}. Check the path, or start what writes it first.`;
    throw new EventLogError('LOG_UNREADABLE', message);
  }
  return guarded(path, () => {
    const database = new DatabaseSync(path, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
    return orClose(database, () => {
      checkSchema(database, path);
    });
  });
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
