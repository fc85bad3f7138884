import type { Clock } from '@opensqt/trading-events';
import type { EventLog } from '../event-log';
import { StoredEventLog } from '../stored-event-log';
import { openForReading, openForWriting } from './database';
import { SqliteStore } from './sqlite-store';
import { lockForWriting } from './writer-lock';

/** Long enough to share a disk sync, short against the sync itself. */
const COMMIT_DELAY_MS = 2;

export interface SqliteEventLogOptions {
  /** The file; made, with its folder, if it is not there. Two or three more of the same name stand beside it. */
  readonly path: string;
  /** Wall clock that commits are stamped with. @default the machine's */
  readonly clock?: Clock | undefined;
  /** How many events may wait to be committed. @default 200_000 */
  readonly maxQueued?: number | undefined;
  /** Reads what another process writes, or wrote; makes no file. @default false */
  readonly readOnly?: boolean | undefined;
}

/**
 * Opens a log in an SQLite file (WAL, synchronous FULL). An event whose append has resolved survives a crash of the process
 * and of the machine.
 *
 * @throws EventLogError (rejects) `LOG_IN_USE` when another process writes to it, `LOG_UNREADABLE` when the file is damaged,
 *   missing (read only) or not permitted, `LOG_UNSUPPORTED` when Node has no SQLite, the file system can't hold the log or
 *   a newer release wrote it
 * @example
 * const log = await openSqliteEventLog({ path: 'data/events.db' });
 * await log.append([event]); // on disk
 * await log.close();
 */
export async function openSqliteEventLog(options: SqliteEventLogOptions): Promise<EventLog> {
  const { path, clock, maxQueued, readOnly = false } = options;
  const store = readOnly ? new SqliteStore(openForReading(path), path) : openLocked(path);
  try {
    const position = store.lastPosition();
    return new StoredEventLog(store, position, {
      clock,
      maxQueued,
      readOnly,
      commitDelayMs: COMMIT_DELAY_MS,
    });
  } catch (error) {
    store.close();
    throw error;
  }
}

function openLocked(path: string): SqliteStore {
  const lock = lockForWriting(path);
  try {
    return new SqliteStore(openForWriting(path), path, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}
