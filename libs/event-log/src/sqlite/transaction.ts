import type { DatabaseSync } from 'node:sqlite';
import { EventLogError } from '../event-log';
import { writeFailed } from './sqlite-failure';

/**
 * Runs the work in a transaction of that database: all of it happens, or nothing.
 *
 * @param path the log's, for the error
 * @throws EventLogError `LOG_WRITE_FAILED`, or the one that the work throws
 */
export function inTransaction<Result>(database: DatabaseSync, path: string, work: () => Result): Result {
  try {
    database.exec('BEGIN IMMEDIATE');
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(database);
    throw error instanceof EventLogError ? error : writeFailed(path, error);
  }
}

/** SQLite rolls back by itself after some failures, such as a full disk. */
function rollBack(database: DatabaseSync): void {
  try {
    if (database.isTransaction) database.exec('ROLLBACK');
  } catch {
    // the failure that led here says more, and the next BEGIN shows whether this one lasts
  }
}
