import { type Clock, assertNever } from '@opensqt/trading-events';
import type { EventLog } from './event-log';
import { MemoryEventLog } from './memory/memory-event-log';
import { openSqliteEventLog } from './sqlite/open-sqlite-event-log';

export interface OpenEventLogOptions {
  /** @default 'memory' */
  readonly kind?: 'memory' | 'sqlite' | undefined;
  /** The SQLite file. @default 'data/events.db' */
  readonly path?: string | undefined;
  /** Wall clock that commits to a log in memory are stamped with; on disk it is always the machine's. @default the machine's */
  readonly clock?: Clock | undefined;
  /** How many events may wait to be committed. @default 200_000 */
  readonly maxQueued?: number | undefined;
}

/**
 * Opens the log that the configuration names.
 *
 * @throws EventLogError (rejects) as {@link openSqliteEventLog} does
 * @example
 * const log = await openEventLog({ kind: 'sqlite', path: 'data/events.db' });
 */
export async function openEventLog(options: OpenEventLogOptions = {}): Promise<EventLog> {
  const { kind = 'memory', path = 'data/events.db', clock, maxQueued } = options;
  switch (kind) {
    case 'memory':
      return new MemoryEventLog({ clock, maxQueued });
    case 'sqlite':
      return openSqliteEventLog({ path, maxQueued });
    default:
      return assertNever(kind);
  }
}
