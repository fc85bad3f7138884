import { join } from 'node:path';
import { type EventLog, openSqliteEventLog } from '@opensqt/event-log';
import type { EventLogOptions } from '@opensqt/observability';

/** A kind of log under stress: how the writer is told of it, and how its remains are looked at. */
export interface StressBackend {
  /** What the writer's `ObservabilityModule` is given. */
  eventLog(folder: string): EventLogOptions;
  /** Opens what a killed writer left, beside the next one. */
  read(folder: string): Promise<EventLog>;
  /** Flips a byte in the newest snapshot of each projection; false when there are none yet. */
  damageSnapshots(folder: string): boolean;
}

/** Snapshots so often that kills fall into the writing of them. */
const OFTEN = { snapshotEvents: 1_500, snapshotInterval: 100 };

const sqlite: StressBackend = {
  eventLog: (folder) => ({ kind: 'sqlite', path: join(folder, 'events.db'), ...OFTEN }),
  read: (folder) => openSqliteEventLog({ path: join(folder, 'events.db'), readOnly: true }),
  damageSnapshots: (folder) => {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const database = new DatabaseSync(join(folder, 'events.db'));
    try {
      const { changes } = database
        .prepare(
          `UPDATE snapshots SET state = 'x' || substr(state, 2)
           WHERE sequence IN (SELECT max(sequence) FROM snapshots GROUP BY projection)`,
        )
        .run();
      return Number(changes) > 0;
    } finally {
      database.close();
    }
  },
};

/** By the name that `--backend` takes. */
export const STRESS_BACKENDS: Readonly<Record<string, StressBackend>> = { sqlite };
