import type { DatabaseSync } from 'node:sqlite';
import { groupCommits } from '../engine/group-commit';
import { identityOf } from '../engine/identity';
import { type Retention, isUnlimited } from '../engine/retention';
import { StoredEventLog } from '../engine/stored-event-log';
import type { EventLog } from '../event-log';
import { archiveFolderOf, checkArchive } from './archive/archive-folder';
import { assertFilePath, openForReading } from './database';
import { prepareToWrite, realPath } from './log-path';
import { botsOf } from './schema';
import { SqliteStore } from './sqlite-store';
import { WriterThread } from './writer/writer-thread-handle';

/** Time between commits, in which events come together to share a disk sync. Short against the sync of most disks. */
const LINGER_MS = 2;

export interface SqliteEventLogOptions {
  /** The file; made, with its folder, if it is not there. Two or three more of the same name stand beside it. */
  readonly path: string;
  /** The bot that it is opened for. @default 'opensqt', and where it is only read the first that wrote to it */
  readonly bot?: string | undefined;
  /** The name of this process in what it records. @default that of the bot */
  readonly writer?: string | undefined;
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
 *   missing (read only) or not permitted, `LOG_UNSUPPORTED` when Node has no SQLite, the file system can't hold the log, the
 *   file alone is mounted, a newer release wrote it or the path is that of no file (`:memory:`)
 * @example
 * const log = await openSqliteEventLog({ path: 'data/events.db' });
 * await log.append([event]); // on disk
 * await log.close();
 */
export async function openSqliteEventLog(options: SqliteEventLogOptions): Promise<EventLog> {
  const { maxQueued, readOnly = false, retention: given = {} } = options;
  assertFilePath(options.path);
  const path = realPath(options.path);
  if (!readOnly) prepareToWrite(path);
  const { archivePath = archiveFolderOf(path), ...retention } = given;
  const archive = isUnlimited(retention) ? undefined : { retention, folder: archivePath };
  const writer = readOnly
    ? undefined
    : await WriterThread.start({ path, archive, identity: identityOf(options) });
  let database: DatabaseSync | undefined;
  try {
    database = openForReading(path, options.bot);
    const bot = options.bot ?? (readOnly ? botsOf(database)[0] : undefined);
    const identity = identityOf({ ...options, bot });
    const store = new SqliteStore(database, path, identity.bot, { archivePath, writer });
    const position = store.lastPosition();
    if (writer === undefined) return new StoredEventLog(store, position, { identity });
    await checkArchive(store.segments, archivePath, position);
    const commits = groupCommits(store, { maxQueued, lingerMs: LINGER_MS });
    return new StoredEventLog(store, position, { identity, writer: commits });
  } catch (error) {
    database?.close();
    await writer?.end();
    throw error;
  }
}
