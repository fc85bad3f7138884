import type { EventLog } from '../event-log';
import { StoredEventLog } from '../stored-event-log';
import { openForReading } from './database';
import { SqliteStore } from './sqlite-store';
import { type WriterLock, lockForWriting } from './writer-lock';
import { ThreadedWriter } from './writer/threaded-writer';
import { WriterThread } from './writer/writer-thread-handle';

const MAX_QUEUED = 200_000;

export interface SqliteEventLogOptions {
  /** The file; made, with its folder, if it is not there. Two or three more of the same name stand beside it. */
  readonly path: string;
  /** How many events may wait to be committed. @default 200_000 */
  readonly maxQueued?: number | undefined;
  /** Reads what another process writes, or wrote; makes no file. @default false */
  readonly readOnly?: boolean | undefined;
}

/**
 * Opens a log in an SQLite file (WAL, synchronous FULL), written by a thread of its own. An event whose append has resolved survives a crash of the process
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
  const { path, maxQueued = MAX_QUEUED, readOnly = false } = options;
  if (readOnly) return openReader(path);
  const lock = lockForWriting(path);
  try {
    return await openWriter(path, maxQueued, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openReader(path: string): Promise<EventLog> {
  const store = new SqliteStore(openForReading(path), path);
  try {
    return new StoredEventLog(store, store.lastPosition(), { readOnly: true });
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** A thread of its own writes; this one reads what is committed through a connection of its own. */
async function openWriter(path: string, maxQueued: number, lock: WriterLock): Promise<EventLog> {
  const thread = await WriterThread.start(path);
  try {
    let writer: ThreadedWriter | undefined;
    const store = new SqliteStore(openForReading(path), path, async () => {
      await writer?.end();
      lock.release();
    });
    return new StoredEventLog(store, thread.position, {
      writer: (onCommit) =>
        (writer = new ThreadedWriter(thread, { name: store.name, path, maxQueued }, onCommit)),
    });
  } catch (error) {
    await thread.close();
    throw error;
  }
}
