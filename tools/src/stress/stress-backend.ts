import { join } from 'node:path';
import { type EventLog, openPostgresEventLog, openSqliteEventLog } from '@opensqt/event-log';
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
}

type Stress<Report> = (backend: StressBackend) => Promise<Report>;

/** Snapshots so often that kills fall into the writing of them. */
const OFTEN = { snapshotEvents: 1_500, snapshotInterval: 100 };
/** So small a file that kills fall into archiving. In a database nothing would be dropped: nobody leads the alerts for so short a life. */
const RETENTION = { maxSize: '2MB' };

/** Stresses a log in a file, which is removed afterwards. */
export function onSqlite<Report>(stress: Stress<Report>): Promise<Report> {
  return inTemporaryFolder((folder) => {
    const path = join(folder, 'events.db');
    return stress({
      eventLog: () => ({ kind: 'sqlite', path, retention: RETENTION, ...OFTEN }),
      read: () => openSqliteEventLog({ path, readOnly: true }),
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
  try {
    return await stress({
      eventLog: (run) => ({ kind: 'postgres', url, schema, writer: writer(run), ...OFTEN }),
      read: () => openPostgresEventLog({ url, schema, readOnly: true }),
    });
  } finally {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);
    await client.end();
  }
}
