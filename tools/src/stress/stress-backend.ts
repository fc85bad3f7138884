import { join } from 'node:path';
import { type EventLog, openPostgresEventLog, openSqliteEventLog } from '@opensqt/event-log';
import type { EventLogOptions } from '@opensqt/observability/options';
import { Client } from 'pg';

/** A log under stress: the options that its writers are given, and the ways to look at what they left. */
export interface StressBackend {
  readonly name: 'sqlite' | 'postgres';
  /** The options of the `ObservabilityModule` of that run's writer. */
  eventLog(run: number): EventLogOptions;
  /** Opens the log that a killed writer left, beside the next one. */
  read(): Promise<EventLog>;
  /** Flips a byte in the newest snapshot of each projection; false when there are none yet. */
  damageSnapshots(): Promise<boolean>;
}

/** Snapshots so often that kills fall into the writing of them. */
const OFTEN = { snapshotEvents: 1_500, snapshotInterval: 100 };

const damageIn = (table: string): string =>
  `UPDATE ${table} SET state = 'x' || substr(state, 2)
   WHERE sequence IN (SELECT max(sequence) FROM ${table} GROUP BY projection)`;

/** A log in a file of that folder. */
export function sqliteBackend(folder: string): StressBackend {
  const path = join(folder, 'events.db');
  return {
    name: 'sqlite',
    eventLog: () => ({ kind: 'sqlite', path, ...OFTEN }),
    read: () => openSqliteEventLog({ path, readOnly: true }),
    damageSnapshots: async () => {
      const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
      const database = new DatabaseSync(path);
      try {
        database.exec('PRAGMA busy_timeout = 10000');
        return Number(database.prepare(damageIn('snapshots')).run().changes) > 0;
      } finally {
        database.close();
      }
    },
  };
}

/** A log in a schema of that database. */
export function postgresBackend(url: string, schema: string): StressBackend {
  return {
    name: 'postgres',
    // A name stays with its dead owner for a few seconds: few runs wait that out.
    eventLog: (run) => ({
      ...{ kind: 'postgres', url, schema, writer: `stress-${run - (run % 20 === 19 ? 1 : 0)}` },
      ...OFTEN,
    }),
    read: () => openPostgresEventLog({ url, schema, readOnly: true }),
    damageSnapshots: async () => {
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        return ((await client.query(damageIn(`"${schema}".snapshots`))).rowCount ?? 0) > 0;
      } finally {
        await client.end();
      }
    },
  };
}
