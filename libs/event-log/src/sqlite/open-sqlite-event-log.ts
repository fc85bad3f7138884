import type { DatabaseSync } from 'node:sqlite';
import { checkArchive } from './archive/archive-folder';
import type { Retention } from './archive/retention';
import type { EventLog } from '../event-log';
import { StoredEventLog } from '../engine/stored-event-log';
import { ArchivedStore } from './archive/archived-store';
import { assertFilePath, openForReading } from './database';
import { SqliteSegments } from './archive/sqlite-segments';
import { SqliteStore } from './sqlite-store';
import { lockForWriting } from './writer-lock';
import type { WriterThreadData } from './writer/writer-messages';
import { ThreadedWriter } from './writer/threaded-writer';
import { WriterThread } from './writer/writer-thread-handle';

export interface SqliteEventLogOptions {
  /** The file; made, with its folder, if it is not there. Two or three more of the same name stand beside it. */
  readonly path: string;
  /** Events that may wait to be committed. @default 200_000 */
  readonly maxQueued?: number | undefined;
  /** Reads what another process writes, or wrote; makes no file. @default false */
  readonly readOnly?: boolean | undefined;
  /** Limits beyond which events leave the file for the archive. @default none */
  readonly retention?: LogRetention | undefined;
}

/** The limits of the live log, and the folder of the rest: compressed files that are read as if it were still there. */
export interface LogRetention extends Retention {
  /** Folder of the archive; made if it is not there. Archived events are also looked for here. @default `<path>.archive` */
  readonly archivePath?: string | undefined;
}

/**
 * Opens a log in an SQLite file (WAL, synchronous FULL), written by a thread of its own. An event whose append has resolved
 * survives a crash of the process and of the machine.
 *
 * @throws EventLogError (rejects) `LOG_IN_USE` when another process writes to it, `LOG_UNREADABLE` when the file is damaged,
 *   missing (read only) or not permitted, `LOG_UNSUPPORTED` when Node has no SQLite, the file system can't hold the log, a
 *   newer release wrote it or the path is that of no file (`:memory:`)
 * @example
 * const log = await openSqliteEventLog({ path: 'data/events.db' });
 * await log.append([event]); // on disk
 * await log.close();
 */
export async function openSqliteEventLog(options: SqliteEventLogOptions): Promise<EventLog> {
  const { path, maxQueued, readOnly = false, retention: given = {} } = options;
  assertFilePath(path);
  const { archivePath: folder = `${path}.archive`, ...retention } = given;
  if (readOnly) return openLog(path, folder);
  const archive = isUnlimited(retention) ? undefined : { retention, folder };
  return openLog(path, folder, await openWriter(path, archive, maxQueued));
}

/** @param writer ended when the log can't be opened; absent in a log that is only read */
async function openLog(path: string, folder: string, writer?: ThreadedWriter): Promise<EventLog> {
  let database: DatabaseSync | undefined;
  try {
    database = openForReading(path);
    const segments = new SqliteSegments(database, path);
    const store = new ArchivedStore(new SqliteStore(database, path), segments, folder, writer);
    const position = store.lastPosition();
    if (writer === undefined) return new StoredEventLog(store, position, {});
    await checkArchive(segments, folder, position);
    return new StoredEventLog(store, position, { writer: (onCommit) => writer.connect(onCommit) });
  } catch (error) {
    database?.close();
    await writer?.end();
    throw error;
  }
}

/** A thread of its own writes; this one reads what is committed, through a connection of its own. */
async function openWriter(
  path: string,
  archive: WriterThreadData['archive'],
  maxQueued: number | undefined,
): Promise<ThreadedWriter> {
  const lock = lockForWriting(path);
  const release = (): void => lock.release();
  try {
    const thread = await WriterThread.start(path, archive);
    return new ThreadedWriter(thread, { name: `The event log ${path}`, path, archive, maxQueued, release });
  } catch (error) {
    release();
    throw error;
  }
}

function isUnlimited({ maxAge, maxSize }: Retention): boolean {
  return maxAge === undefined && maxSize === undefined;
}
