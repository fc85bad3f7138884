import type * as Sqlite from 'node:sqlite';
import { EventLogError } from '../event-log';

type SqliteModule = typeof Sqlite;

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
