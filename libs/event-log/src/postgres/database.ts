import { EventLogError } from '../event-log';
import { Connections } from './connections';
import type { PostgresAddress } from './postgres-address';
import { unreadable } from './postgres-failure';
import { SCHEMA_VERSION, schemaSql } from './schema';
import { type Statements, statementsOn } from './statements';

/** A log's tables, opened. */
export interface PostgresDatabase {
  readonly address: PostgresAddress;
  readonly connections: Connections;
  readonly statements: Statements;
}

/**
 * Connects to a log, and makes its tables when there are none.
 *
 * @param process how the server calls this process in pg_stat_activity
 * @throws EventLogError `LOG_UNREADABLE`, `LOG_UNSUPPORTED`
 */
export function openForWriting(address: PostgresAddress, process: string): Promise<PostgresDatabase> {
  return opened(address, process, async (database) => {
    await assertDurable(database);
    if (!(await isLog(database))) await makeTables(database);
  });
}

/**
 * Connects to a log that is there. Makes nothing.
 *
 * @throws EventLogError `LOG_UNREADABLE`, `LOG_UNSUPPORTED`
 */
export function openForReading(address: PostgresAddress, process: string): Promise<PostgresDatabase> {
  return opened(address, process, async (database) => {
    if (await isLog(database)) return;
    const message = `${address.name} is not there. Check the URL and the schema, or start what writes it first.`;
    throw new EventLogError('LOG_UNREADABLE', message);
  });
}

async function opened(
  address: PostgresAddress,
  process: string,
  prepare: (database: PostgresDatabase) => Promise<void>,
): Promise<PostgresDatabase> {
  const connections = new Connections(address, process);
  const database = { address, connections, statements: statementsOn(address.schema) };
  try {
    await prepare(database);
    await checkVersion(database);
    return database;
  } catch (error) {
    await connections.close();
    throw error instanceof EventLogError ? error : unreadable(address.name, 'opened', error);
  }
}

async function assertDurable({ connections, statements, address }: PostgresDatabase): Promise<void> {
  const [row] = await connections.run(statements.durability);
  if (row?.['fsync'] === 'on') return;
  const message = `${address.name} can't be made durable: the server runs with fsync = ${String(row?.['fsync'])}. Set it to on in postgresql.conf.`;
  throw new EventLogError('LOG_UNSUPPORTED', message);
}

async function isLog({ connections, statements, address }: PostgresDatabase): Promise<boolean> {
  const rows = await connections.run(statements.isLog, [address.schema.slice(1, -1)]);
  return rows.length > 0;
}

/** Two processes that begin a log at the same time make one: the second waits, and finds it made. */
async function makeTables(database: PostgresDatabase): Promise<void> {
  const { connections, address } = database;
  const { schema, channel } = address;
  try {
    await connections.script(
      `BEGIN; SELECT pg_advisory_xact_lock(hashtext('${channel.slice(1, -1)}')); ${schemaSql(schema, channel)} COMMIT;`,
    );
  } catch (error) {
    if (!(await isLog(database))) throw error;
  }
}

async function checkVersion({ connections, statements, address }: PostgresDatabase): Promise<void> {
  const [row] = await connections.run(statements.schemaVersion);
  const found = Number(row?.['value']);
  if (found >= 1 && found <= SCHEMA_VERSION) return;
  const message = `${address.name} has schema version ${found}; this release knows ${SCHEMA_VERSION}. Use the release that wrote it, or a newer one.`;
  throw new EventLogError('LOG_UNSUPPORTED', message);
}
