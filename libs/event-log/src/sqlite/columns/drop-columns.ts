import { openForReading, openForWriting } from '../database';
import { lockForWriting } from '../writer-lock';
import { ColumnChunks } from './column-chunks';

/**
 * Drops the typed columns of a log in an SQLite file. They are derived: whoever writes to it next makes them again from the
 * events, a chunk at a time. For columns that `verify` found damaged or wrong.
 *
 * @throws EventLogError `LOG_IN_USE` while a process writes to it, `LOG_UNREADABLE`, `LOG_UNSUPPORTED`
 * @example
 * dropColumns('data/events.db');
 */
export function dropColumns(path: string): void {
  openForReading(path).close(); // there must be one: opening it to write would make it
  const lock = lockForWriting(path);
  try {
    const database = openForWriting(path);
    try {
      new ColumnChunks(database, `The event log ${path}`).clear();
    } finally {
      database.close();
    }
  } finally {
    lock.release();
  }
}
