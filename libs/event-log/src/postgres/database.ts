import { setTimeout } from 'node:timers/promises';
import { escapeLiteral } from 'pg';
import type { LogIdentity } from '../engine/identity';
import { EventLogError } from '../event-log';
import { Connections, type Run } from './connections';
import type { PostgresAddress } from './postgres-address';
import { codeOf, unreadable } from './postgres-failure';
import type { LogPlace } from './functions';
import { PARTITION_EVENTS, preparations } from './partitions';
import { PARTITIONED_FROM, SCHEMA_VERSION, changesSql } from './schema';
import { type Statements, statementsOn } from './statements';

/** A log of an earlier release is read once as it is brought up to date. */
const MIGRATION_TIMEOUT_MS = 600_000;
/** While a change of the tables waits for a reader, everybody's commits wait behind it. An autovacuum gives way within a second (`deadlock_timeout`). */
const LOCK_TIMEOUT_MS = 1_500;
const LOCK_PAUSE_MS = 2_000;
const LOCK_TRIES = MIGRATION_TIMEOUT_MS / (LOCK_TIMEOUT_MS + LOCK_PAUSE_MS);
/** A lock was not to be had in time, or only by a deadlock. */
const LOCKED = new Set(['55P03', '40P01']);

/** A log's tables, opened. */
export interface PostgresDatabase {
  readonly address: PostgresAddress;
  readonly connections: Connections;
  readonly statements: Statements;
}

/**
 * Connects to a log, and makes its tables when there are none. Those of an earlier release are brought up to date.
 *
 * @param identity the bot is the one that what an earlier release wrote is of
 * @param partitionEvents positions in a partition of a log that has none yet
 * @throws EventLogError `LOG_UNREADABLE`, `LOG_UNSUPPORTED`
 */
export function openForWriting(
  address: PostgresAddress,
  { bot, writer }: LogIdentity,
  partitionEvents = PARTITION_EVENTS,
): Promise<PostgresDatabase> {
  return opened(address, { process: `opensqt ${writer}`, bot }, async (database) => {
    await assertSettings(database);
    const found = await versionIn(database);
    const { schema, channel } = address;
    const place = { schema, channel, bot: escapeLiteral(bot), partitionEvents };
    return found < SCHEMA_VERSION ? broughtUp(database, place) : found;
  });
}

/**
 * Connects to a log that is there. Makes nothing.
 *
 * @throws EventLogError `LOG_UNREADABLE`, `LOG_UNSUPPORTED`
 */
export function openForReading(
  address: PostgresAddress,
  { bot }: Pick<LogIdentity, 'bot'>,
): Promise<PostgresDatabase> {
  return opened(address, { process: 'opensqt reader', bot }, async (database) => {
    const found = await versionIn(database);
    if (found > 0) return found;
    const message = `${address.name} is not there. Check the URL and the schema, or start what writes it first.`;
    throw new EventLogError('LOG_UNREADABLE', message);
  });
}

/**
 * @param who the process as the server calls it in pg_stat_activity, and its bot
 * @param prepare resolves with the version of the tables
 */
async function opened(
  address: PostgresAddress,
  { process, bot }: { readonly process: string; readonly bot: string },
  prepare: (database: PostgresDatabase) => Promise<number>,
): Promise<PostgresDatabase> {
  const connections = new Connections(address, process);
  const statements = (version: number): Statements =>
    statementsOn(address.schema, { version, bot: escapeLiteral(bot) });
  const database = { address, connections, statements: statements(SCHEMA_VERSION) };
  try {
    return { ...database, statements: statements(await prepare(database)) };
  } catch (error) {
    await connections.close();
    throw error instanceof EventLogError ? error : unreadable(address.name, 'opened', error);
  }
}

/** Durable, and able to hold any text: what one transaction can't store would hold up all that comes after it. */
async function assertSettings({ connections, statements, address }: PostgresDatabase): Promise<void> {
  const [{ fsync, encoding } = {}] = await connections.run<Settings>(statements.settings);
  const fault =
    fsync !== 'on'
      ? `can't be made durable: the server runs with fsync = ${fsync}. Set it to on in postgresql.conf.`
      : encoding !== 'UTF8'
        ? `can't hold every text: the database's encoding is ${encoding}. Make one with createdb -E UTF8 -T template0.`
        : undefined;
  if (fault !== undefined) throw new EventLogError('LOG_UNSUPPORTED', `${address.name} ${fault}`);
}

interface Settings {
  readonly fsync?: string;
  readonly encoding?: string;
}

/**
 * Makes the log, or brings it up to date. Of several processes that do so at the same time, one does it, and the others find it done. What
 * takes long in a large log is done before, in transactions that hold up nobody who writes to it; one that is broken off is gone on with.
 */
async function broughtUp(database: PostgresDatabase, place: LogPlace): Promise<number> {
  const { connections } = database;
  const inTurn = async <Result>(work: (run: Run, found: number) => Promise<Result>): Promise<Result> =>
    givingWay(database.address.name, () =>
      connections.transaction(
        async (run) => {
          await run(`SELECT pg_advisory_xact_lock(hashtext('${place.channel.slice(1, -1)}'))`);
          await run(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
          return work(run, await versionIn({ ...database, connections: { run } }));
        },
        undefined,
        MIGRATION_TIMEOUT_MS,
      ),
    );
  for (const step of preparations(place)) {
    while (await inTurn(async (run, found) => found > 0 && found < PARTITIONED_FROM && step(run)));
  }
  await inTurn(async (run, found) => {
    if (found < SCHEMA_VERSION) await run(changesSql(found, place));
  });
  return SCHEMA_VERSION;
}

/** Tries again after a pause what others' locks prevent, such as those of a dump that is under way. */
async function givingWay<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!LOCKED.has(codeOf(error) ?? '') || tries >= LOCK_TRIES) throw error;
      if (tries === 1)
        process.emitWarning(
          `${name} is brought up to date once a reader that is long at work, such as a dump, has ended: it is waited for, ${MIGRATION_TIMEOUT_MS / 60_000} minutes at most. pg_stat_activity shows it.`,
        );
      await setTimeout(LOCK_PAUSE_MS);
    }
  }
}

/**
 * The version of the log's tables; 0 when there are none.
 *
 * @throws EventLogError `LOG_UNSUPPORTED` when this release doesn't know it
 */
async function versionIn({ connections, statements, address }: VersionedTables): Promise<number> {
  const { length } = await connections.run(statements.isLog, [address.schema.slice(1, -1)]);
  if (length === 0) return 0;
  const [row] = await connections.run<{ value: string }>(statements.schemaVersion);
  const found = Number(row?.value);
  if (found >= 1 && found <= SCHEMA_VERSION) return found;
  const message = `${address.name} has schema version ${found}; this release knows ${SCHEMA_VERSION}. Use the release that wrote it, or a newer one.`;
  throw new EventLogError('LOG_UNSUPPORTED', message);
}

interface VersionedTables extends Pick<PostgresDatabase, 'statements' | 'address'> {
  readonly connections: Pick<Connections, 'run'>;
}
