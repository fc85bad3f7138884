import { join } from 'node:path';
import {
  type EventLog,
  openPostgresEventLog,
  openSqliteEventLog,
  verifyPostgresLog,
  verifySqliteLog,
} from '@opensqt/event-log';
import { PostgresServer } from '@opensqt/event-log/testing';
import type { EventLogOptions } from '@opensqt/observability/options';
import { Client } from 'pg';
import { inTemporaryFolder } from '../temporary-folder';

export const BACKENDS = ['sqlite', 'postgres'] as const;

/** A log under stress: the options that its writers are given, and the way to look at what they left. */
export interface StressBackend {
  /** The options of the `ObservabilityModule` of that run's writer. */
  eventLog(run: number): EventLogOptions;
  /** Opens the log that a killed writer left, beside the next one. */
  read(): Promise<EventLog>;
  /** Is the log whole, by what `npm run -s verify` looks at? Nobody writes to it meanwhile. */
  verify(): Promise<{ readonly ok: boolean }>;
  /** Present where events are dropped for good. */
  readonly dropping?: Dropping;
}

/** The audit's part in a retention that drops events. */
export interface Dropping {
  /** The audit has read up to there, which may be dropped from now on. */
  release(position: number): Promise<void>;
  /** Is the server dropping a partition at this moment? */
  isUnderWay(): Promise<boolean>;
}

type Stress<Report> = (backend: StressBackend) => Promise<Report>;

/** Snapshots so often that kills fall into the writing of them. */
const OFTEN = { snapshotEvents: 1_500, snapshotInterval: 100 };
/** So small a file that kills fall into archiving. */
const ARCHIVING = { maxSize: '2MB' };
/** So short an age, and partitions so small, that each start has several to drop. */
const DROPPING = { maxAge: '1s' };
const PARTITION_EVENTS = 500;

/** Stresses a log in a file, which is removed afterwards. */
export function onSqlite<Report>(stress: Stress<Report>): Promise<Report> {
  return inTemporaryFolder((folder) => {
    const path = join(folder, 'events.db');
    return stress({
      eventLog: () => ({ kind: 'sqlite', path, retention: ARCHIVING, ...OFTEN }),
      read: () => openSqliteEventLog({ path, readOnly: true }),
      verify: () => verifySqliteLog(path),
    });
  });
}

/**
 * Stresses a log in a schema of its own, which is dropped afterwards.
 *
 * @param url of the database; a server is started and removed unless given
 */
export async function onPostgres<Report>(stress: Stress<Report>, url?: string): Promise<Report> {
  if (url !== undefined) return onDatabase(stress, url);
  const server = await PostgresServer.start();
  try {
    return await onDatabase(stress, server.url);
  } finally {
    await server.remove();
  }
}

async function onDatabase<Report>(stress: Stress<Report>, url: string): Promise<Report> {
  const schema = `opensqt_stress_${process.pid}`;
  // A name stays with its dead owner for a few seconds: few runs wait that out.
  const writer = (run: number): string => `stress-${run - (run % 20 === 19 ? 1 : 0)}`;
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // the query that finds it gone says so
  await client.connect();
  try {
    await (await openPostgresEventLog({ url, schema, partitionEvents: PARTITION_EVENTS })).close();
    const dropping = droppingIn(client, schema);
    await dropping.release(0);
    return await stress({
      eventLog: (run) => ({
        ...{ kind: 'postgres', url, schema, writer: writer(run), retention: DROPPING, ...OFTEN },
      }),
      read: () => openPostgresEventLog({ url, schema, readOnly: true }),
      verify: () => verifyPostgresLog({ url, schema }),
      dropping,
    });
  } finally {
    try {
      await client.query(dropPartitionsOf(schema));
      await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    } finally {
      await client.end();
    }
  }
}

/** One by one: a server has not locks enough to drop a thousand tables at once. */
function dropPartitionsOf(schema: string): string {
  return `DO $$ DECLARE partition regclass; BEGIN
    FOR partition IN SELECT oid FROM pg_class WHERE relnamespace = '"${schema}"'::regnamespace AND relispartition AND relkind = 'r' LOOP
      EXECUTE format('DROP TABLE %s', partition);
      COMMIT;
    END LOOP;
  END $$`;
}

/**
 * The audit is a consumer of the log, so that nothing is dropped before it was read. It takes the place of alerting, whose lease a dead process
 * keeps for longer than the next ones live.
 */
function droppingIn(client: Client, schema: string): Dropping {
  const audited = `INSERT INTO "${schema}".checkpoints (bot, consumer, position) VALUES ('opensqt', 'audit', $1)
    ON CONFLICT (bot, consumer) DO UPDATE SET position = excluded.position`;
  const others = `UPDATE "${schema}".checkpoints SET position = $1
    WHERE consumer IN ('alerts', 'rule_memories') AND position < $1`;
  const underWay = `SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%"${schema}".drop_partition(%' AND pid <> pg_backend_pid()`;
  return {
    release: async (position) => {
      await client.query(audited, [position]);
      await client.query(others, [position]);
    },
    isUnderWay: async () => (await client.query(underWay)).rowCount !== 0,
  };
}
