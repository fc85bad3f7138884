import { type EventLog, openPostgresEventLog, openSqliteEventLog } from '@opensqt/event-log';
import { UsageError } from '@opensqt/configuration';

/** The lines about these options in a command's help. */
export const LOG_OPTIONS_HELP = `  --log LOG    the log (default: data/events.db); it may be in use by a running market maker. A file, or a
               database: postgres://user@host:port/database. Leave the password to PGPASSWORD or ~/.pgpass
  --schema S   the database's schema (default: opensqt)
  --archive D  the folder of the log's archive, where it was moved`;

/** The options that say where a command finds the log. */
export const LOG_OPTIONS = {
  log: { type: 'string', default: 'data/events.db' },
  schema: { type: 'string' },
  archive: { type: 'string' },
} as const;

/** The log as the operator named it. */
export interface NamedLog {
  readonly log: string;
  readonly schema?: string;
  readonly archive?: string;
}

/** True when a log is named by the URL of a database rather than by a file's path. */
export function isDatabase(log: string): boolean {
  return /^postgres(ql)?:/.test(log);
}

/**
 * Opens the log that the operator named, to read it.
 *
 * @param named a file's path or a PostgreSQL URL
 * @throws UsageError, and EventLogError (rejects) when it can't be opened
 * @example
 * const log = await openLog({ log: 'postgres://reader@db.internal/trading' });
 */
export async function openLog(named: NamedLog): Promise<EventLog> {
  const { log, schema, archive: archivePath } = named;
  if (isDatabase(log)) return openPostgresEventLog({ url: log, schema, readOnly: true });
  if (schema !== undefined) throw new UsageError('--schema is for a log in a database: a file has none.');
  return openSqliteEventLog({ path: log, readOnly: true, retention: { archivePath } });
}
