import type { Clock } from '@opensqt/trading-events';
import type { EventLog } from '../event-log';
import { type LogIdentity, identityOf } from '../engine/identity';
import { groupCommits } from '../engine/group-commit';
import { type Retention, isUnlimited } from '../engine/retention';
import { StoredEventLog } from '../engine/stored-event-log';
import { type PostgresDatabase, openForReading, openForWriting } from './database';
import { LeaseTable } from './lease-table';
import { PartitionRetention } from './partition-retention';
import { readAddress, warnOfExposure } from './postgres-address';
import { PostgresStore, type Writing, botsOf } from './postgres-store';

/** Long enough to share a disk sync and the sequencer's turn, short against both. */
const LINGER_MS = 2;

export interface PostgresEventLogOptions {
  /** postgres://user:password@host:port/database; a secret. What it leaves out is taken from PGPASSWORD and its like. */
  readonly url: string;
  /** The schema that holds the log's tables; made if it is not there. @default 'opensqt' */
  readonly schema?: string | undefined;
  /** The bot that it is opened for. @default 'opensqt', and where it is only read the first that wrote to it */
  readonly bot?: string | undefined;
  /**
   * The name that this process writes under. One process at a time has it, so that a market maker that is started twice by
   * mistake is refused. @default that of the bot
   */
  readonly writer?: string | undefined;
  /** Wall clock that commits are stamped with. @default the machine's */
  readonly clock?: Clock | undefined;
  /** Events that may wait to be committed. @default 200_000 */
  readonly maxQueued?: number | undefined;
  /** Milliseconds after which a process that is silent loses its leases, its name among them. @default 5_000 */
  readonly leaseMs?: number | undefined;
  /**
   * Limits beyond which events are dropped for good, a partition at a time, once every bot's snapshots and consumers are beyond them.
   *
   * @default none
   */
  readonly retention?: Retention | undefined;
  /** Positions in a partition of a log that is made new. @default 250_000 */
  readonly partitionEvents?: number | undefined;
  /** Reads what other processes write; makes no tables and needs no name. @default false */
  readonly readOnly?: boolean | undefined;
}

/**
 * Opens a log in PostgreSQL, which several processes may write to, of one bot or of several, each under a name of its own. An event whose append has
 * resolved survives a crash of the processes and of the server. Positions are gapless over all of them, and none appears
 * behind a reader.
 *
 * While the server is away, events wait and are written when it is back.
 *
 * A process warning says so when the server is on another machine and the connection to it is not encrypted (`sslmode`).
 *
 * @throws EventLogError (rejects) `LOG_IN_USE` when a living process writes under that name (one that was killed is waited
 *   out, `leaseMs` at most), `LOG_UNREADABLE` when the server can't be reached or refuses, `LOG_UNSUPPORTED` when the URL is
 *   none, the server does not sync or a newer release wrote the log
 * @example
 * const log = await openPostgresEventLog({ url: process.env.DATABASE_URL, bot: 'mm-btc-1' });
 * await log.append([event]); // on the server's disk
 * await log.close();
 */
export async function openPostgresEventLog(options: PostgresEventLogOptions): Promise<EventLog> {
  const { url, schema = 'opensqt', clock, maxQueued, leaseMs = 5_000, readOnly = false } = options;
  const { partitionEvents, retention = {} } = options;
  const address = readAddress(url, schema);
  warnOfExposure(address);
  const wanted = identityOf(options);
  const database = await (readOnly
    ? openForReading(address, wanted)
    : openForWriting(address, wanted, partitionEvents));
  const { identity, bots, writing } = await orClose(database.connections, async () => {
    const granted = readOnly ? undefined : await writingAs(wanted, database, leaseMs);
    const dropping = isUnlimited(retention)
      ? undefined
      : new PartitionRetention(database, retention, clock ?? { now: Date.now });
    const known = await botsOf(database);
    const bot = options.bot ?? (readOnly ? known[0] : undefined);
    return {
      identity: identityOf({ ...options, bot }),
      bots: known,
      writing: granted && { ...granted, retention: dropping },
    };
  });
  const store = new PostgresStore(database, identity, bots[0] ?? identity.bot, writing);
  // Not before the name is ours: until then, whoever had it may move the end.
  const position = await orClose(store, () => store.lastPosition());
  const commits = groupCommits(store, { clock, maxQueued, lingerMs: LINGER_MS });
  const writer = readOnly ? undefined : commits;
  return new StoredEventLog(store, position, { identity, shared: true, writer });
}

/** Acquires the writer's name, then makes the bot known. */
async function writingAs(
  { bot, writer }: LogIdentity,
  database: PostgresDatabase,
  leaseMs: number,
): Promise<Writing> {
  const leases = new LeaseTable(database, leaseMs);
  const grant = await leases.acquireWriter(writer);
  await database.connections.run(database.statements.registerBot, [bot]);
  return { leases, grant };
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
