import type { Clock } from '@opensqt/trading-events';
import type { EventLog } from '../event-log';
import { groupCommits } from '../engine/group-commit';
import { StoredEventLog } from '../engine/stored-event-log';
import { type PostgresDatabase, openForReading, openForWriting } from './database';
import { LeaseTable } from './lease-table';
import { readAddress } from './postgres-address';
import { PostgresStore, type Writing } from './postgres-store';

/** Long enough to share a disk sync and the sequencer's turn, short against both. */
const LINGER_MS = 2;

export interface PostgresEventLogOptions {
  /** postgres://user:password@host:port/database; a secret. What it leaves out is taken from PGPASSWORD and its like. */
  readonly url: string;
  /** The schema that holds the log's tables; made if it is not there. @default 'opensqt' */
  readonly schema?: string | undefined;
  /**
   * The name that this process writes under: its stream's. One process at a time has it, so that a market maker that is
   * started twice by mistake is refused. @default 'market-maker'
   */
  readonly writer?: string | undefined;
  /** Wall clock that commits are stamped with. @default the machine's */
  readonly clock?: Clock | undefined;
  /** Events that may wait to be committed. @default 200_000 */
  readonly maxQueued?: number | undefined;
  /** Milliseconds after which a process that is silent loses its leases, its name among them. @default 5_000 */
  readonly leaseMs?: number | undefined;
  /** Reads what other processes write; makes no tables and needs no name. @default false */
  readonly readOnly?: boolean | undefined;
}

/**
 * Opens a log in PostgreSQL, which several processes may write to, each under a name of its own. An event whose append has
 * resolved survives a crash of the processes and of the server. Positions are gapless over all of them, and none appears
 * behind a reader.
 *
 * While the server is away, events wait and are written when it is back.
 *
 * @throws EventLogError (rejects) `LOG_IN_USE` when a living process writes under that name (one that was killed is waited
 *   out, `leaseMs` at most), `LOG_UNREADABLE` when the server can't be reached or refuses, `LOG_UNSUPPORTED` when the URL is
 *   none, the server does not sync or a newer release wrote the log
 * @example
 * const log = await openPostgresEventLog({ url: process.env.DATABASE_URL, writer: 'market-maker-1' });
 * await log.append([event]); // on the server's disk
 * await log.close();
 */
export async function openPostgresEventLog(options: PostgresEventLogOptions): Promise<EventLog> {
  const { url, schema = 'opensqt', writer = 'market-maker', clock, maxQueued, leaseMs = 5_000 } = options;
  const { readOnly = false } = options;
  const address = readAddress(url, schema);
  const open = readOnly ? openForReading : openForWriting;
  const database = await open(address, readOnly ? 'opensqt reader' : `opensqt ${writer}`);
  const store = await orClose(database.connections, async () =>
    readOnly
      ? new PostgresStore(database)
      : new PostgresStore(database, await writingAs(writer, database, leaseMs)),
  );
  // Not before the name is ours: until then, whoever had it may move the end.
  const position = await orClose(store, () => store.lastPosition());
  const commits = groupCommits(store, { clock, maxQueued, lingerMs: LINGER_MS });
  return new StoredEventLog(store, position, { shared: true, writer: readOnly ? undefined : commits });
}

async function writingAs(writer: string, database: PostgresDatabase, leaseMs: number): Promise<Writing> {
  const leases = new LeaseTable(database, leaseMs);
  return { leases, grant: await leases.acquireWriter(writer) };
}

async function orClose<Value>(
  opened: { close(): Promise<void> },
  next: () => Promise<Value>,
): Promise<Value> {
  try {
    return await next();
  } catch (error) {
    await opened.close();
    throw error;
  }
}
