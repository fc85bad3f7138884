import { type Clock, systemClock } from '@opensqt/trading-events';
import { Archiver } from '../archive/archiver';
import { checkArchive } from '../archive/check-archive';
import type { Retention } from '../archive/retention';
import type { EventLog } from '../event-log';
import { StoredEventLog } from '../stored-event-log';
import { ArchivedStore, type StoreUpkeep } from './archived-store';
import { openForReading, openForWriting } from './database';
import { SqliteSegments } from './sqlite-segments';
import { SqliteStore } from './sqlite-store';
import { keepWalShort, walBytes } from './wal';
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
  /** When events leave the file for the archive. @default never */
  readonly retention?: LogRetention | undefined;
  /** Wall clock that the age of events is told by. @default the machine's */
  readonly clock?: Clock | undefined;
}

/** How much stays in the live log, and where the rest goes: compressed files that are read as if it were still there. */
export interface LogRetention extends Retention {
  /** Folder of the archive; made if it is not there. Archived events are also looked for here. @default `<path>.archive` */
  readonly archivePath?: string | undefined;
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
  const { path, readOnly = false } = options;
  if (readOnly) return openReader(options);
  const lock = lockForWriting(path);
  try {
    return await openWriter(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openReader({ path, retention = {} }: SqliteEventLogOptions): Promise<EventLog> {
  const store = archivedStore(path, retention);
  try {
    return new StoredEventLog(store, store.lastPosition(), { readOnly: true });
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** A thread of its own writes; this one reads what is committed through a connection of its own. */
async function openWriter(options: SqliteEventLogOptions, lock: WriterLock): Promise<EventLog> {
  const { path, maxQueued = MAX_QUEUED, retention = {}, clock = systemClock } = options;
  const thread = await WriterThread.start(path);
  let store: ArchivedStore | undefined;
  try {
    let writer: ThreadedWriter | undefined;
    const upkeep = await upkeepOf(path, retention, clock);
    store = archivedStore(path, retention, upkeep, async () => {
      await writer?.end();
      lock.release();
    });
    const { name } = store;
    return new StoredEventLog(store, thread.position, {
      writer: (onCommit) => (writer = new ThreadedWriter(thread, { name, path, maxQueued }, onCommit)),
    });
  } catch (error) {
    await thread.close();
    await store?.close();
    throw error;
  }
}

function archivedStore(
  path: string,
  { archivePath }: LogRetention,
  upkeep?: StoreUpkeep,
  afterClose?: () => Promise<void>,
): ArchivedStore {
  const database = openForReading(path);
  const segments = new SqliteSegments(database, path);
  return new ArchivedStore(
    new SqliteStore(database, path, afterClose),
    segments,
    archivePath ?? `${path}.archive`,
    upkeep,
  );
}

/** Archiving and the care for the write-ahead log have a connection of their own: they only ever remove what is read elsewhere. */
async function upkeepOf(
  path: string,
  { archivePath: folder = `${path}.archive`, ...retention }: LogRetention,
  clock: Clock,
): Promise<StoreUpkeep> {
  const database = openForWriting(path);
  const segments = new SqliteSegments(database, path);
  try {
    const { last = 0 } = segments.live() ?? {};
    await checkArchive(segments, folder, last);
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    archiver: isUnlimited(retention) ? undefined : new Archiver(segments, { folder, retention, clock }),
    keepWalShort: () => {
      keepWalShort(database, path);
      return walBytes(path);
    },
    close: () => database.close(),
  };
}

function isUnlimited({ maxAge, maxSize }: Retention): boolean {
  return maxAge === undefined && maxSize === undefined;
}
