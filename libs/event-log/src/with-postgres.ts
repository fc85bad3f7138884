import { type EventLog, EventLogError } from './event-log';
import type { PostgresEventLogOptions } from './postgres/open-postgres-event-log';
import type { PostgresLogToVerify, VerifyPostgresOptions } from './postgres/verify/verify-postgres-log';
import type { QuarantinedEvent } from './engine/quarantine';
import type { QuarantinePostgresOptions } from './postgres/quarantine/quarantine-postgres-log';
import type { ChainPoint, VerifyReport } from './engine/verify/verify-report';

/**
 * Opens a log in PostgreSQL, as `postgres/open-postgres-event-log.ts` says. Loads the driver, which only such an application installs.
 *
 * @throws EventLogError (rejects) `LOG_UNSUPPORTED` also when the package `pg` is not installed
 */
export async function openPostgresEventLog(options: PostgresEventLogOptions): Promise<EventLog> {
  const backend = await loaded(import('./postgres/open-postgres-event-log.js'));
  return backend.openPostgresEventLog(options);
}

/**
 * Checks a log in PostgreSQL: positions without a hole, events that can be decoded and are valid, bots, checkpoints and snapshots that don't
 * go beyond its end, the snapshots' checksums, and the chain of the commits' hashes, which no event fits that was changed, removed or put
 * in. It changes nothing, needs the right to read only, and may run beside writers: it looks at one moment, in one transaction. Pages and
 * indexes are the server's to check (`pg_amcheck`, `data_checksums`); the index of ids is relied on.
 *
 * @returns a report, also of a log that can't be opened or read
 * @throws EventLogError (rejects) `LOG_UNSUPPORTED` when the package `pg` is not installed
 * @example
 * const { ok, vouched } = await verifyPostgresLog({ url: process.env.DATABASE_URL });
 */
export async function verifyPostgresLog(options: VerifyPostgresOptions): Promise<VerifyReport> {
  const backend = await loaded(import('./postgres/verify/verify-postgres-log.js'));
  return backend.verifyPostgresLog(options);
}

/**
 * The end of a log's chain: its last position with a hash and that hash, to be kept elsewhere and given to {@link verifyPostgresLog} later.
 *
 * @returns position 0 where no commit has a hash yet
 * @throws EventLogError (rejects) as opening the log does
 */
export async function headOfPostgresLog(log: PostgresLogToVerify): Promise<ChainPoint> {
  const backend = await loaded(import('./postgres/verify/verify-postgres-log.js'));
  return backend.headOfPostgresLog(log);
}

/**
 * Sets aside each event of a log in PostgreSQL that can't be read: its row is copied to the table `quarantine`, which is made when it is needed,
 * and an `event.quarantined` takes its position. The recorded hashes stay, and {@link verifyPostgresLog} compares them with the copies.
 * One transaction, under the lock that orders the commits. It needs the right to make a table in the schema.
 *
 * @returns the events that were set aside now
 * @throws EventLogError (rejects) `LOG_IN_USE` while a process writes to the log, `LOG_WRITE_FAILED`, and as opening the log does
 */
export async function quarantinePostgresLog(
  options: QuarantinePostgresOptions,
): Promise<readonly QuarantinedEvent[]> {
  const backend = await loaded(import('./postgres/quarantine/quarantine-postgres-log.js'));
  return backend.quarantinePostgresLog(options);
}

function loaded<Backend>(backend: Promise<Backend>): Promise<Backend> {
  return backend.catch((cause: unknown) => {
    if (!String(cause).includes("'pg'")) throw cause;
    const message = 'An event log in PostgreSQL needs the package pg: npm install pg.';
    throw new EventLogError('LOG_UNSUPPORTED', message, { cause });
  });
}
