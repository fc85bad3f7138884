import { type Clock, systemClock } from '@opensqt/trading-events';
import { checkArchive } from '../archive/check-archive';
import { Archiver } from '../archive/archiver';
import type { Retention } from '../archive/retention';
import type { EventLog } from '../event-log';
import { StoredEventLog } from '../stored-event-log';
import { ArchivedStore, type StoreUpkeep } from './archived-store';
import { openForReading, openForWriting } from './database';
import { SqliteSegments } from './sqlite-segments';
import { SqliteStore } from './sqlite-store';
import { keepWalShort, walBytes } from './wal';
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
  /** When events leave the file for the archive. @default never */
  readonly retention?: LogRetention | undefined;
}

/** How much stays in the live log, and where the rest goes: compressed files that are read as if it were still there. */
export interface LogRetention extends Retention {
  /** Folder of the archive; made if it is not there. Archived events are also looked for here. @default `<path>.archive` */
  readonly archivePath?: string | undefined;
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
  const { path, clock = systemClock, maxQueued, readOnly = false, retention = {} } = options;
  const store = await openStore(path, readOnly, retention, clock);
  try {
    const position = store.lastPosition();
    return new StoredEventLog(store, position, {
      clock,
      maxQueued,
      readOnly,
      commitDelayMs: COMMIT_DELAY_MS,
    });
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function openStore(
  path: string,
  readOnly: boolean,
  { archivePath: folder = `${path}.archive`, ...retention }: LogRetention,
  clock: Clock,
): Promise<ArchivedStore> {
  const lock = readOnly ? undefined : lockForWriting(path);
  let store: SqliteStore | undefined;
  try {
    const database = readOnly ? openForReading(path) : openForWriting(path);
    store = new SqliteStore(database, path, lock);
    const segments = new SqliteSegments(database, path);
    if (readOnly) return new ArchivedStore(store, segments, folder);
    await checkArchive(segments, folder, store.lastPosition());
    const upkeep: StoreUpkeep = {
      archiver: isUnlimited(retention) ? undefined : new Archiver(segments, { folder, retention, clock }),
      keepWalShort: () => {
        keepWalShort(database, path);
        return walBytes(path);
      },
    };
    return new ArchivedStore(store, segments, folder, upkeep);
  } catch (error) {
    if (store === undefined) lock?.release();
    else store.close();
    throw error;
  }
}

function isUnlimited({ maxAge, maxSize }: Retention): boolean {
  return maxAge === undefined && maxSize === undefined;
}
