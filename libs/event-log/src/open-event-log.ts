import { type Clock, assertNever } from '@opensqt/trading-events';
import type { EventLog } from './event-log';
import { MemoryEventLog } from './memory/memory-event-log';
import { type LogRetention, openSqliteEventLog } from './sqlite/open-sqlite-event-log';

export interface OpenEventLogOptions {
  /** @default 'memory' */
  readonly kind?: 'memory' | 'sqlite' | undefined;
  /** The SQLite file. @default 'data/events.db' */
  readonly path?: string | undefined;
  /** Wall clock that commits are stamped with, whatever clock the market runs on. @default the machine's */
  readonly clock?: Clock | undefined;
  /** How many events may wait to be committed. @default 200_000 */
  readonly maxQueued?: number | undefined;
  /** When events leave the SQLite file for its archive. @default never */
  readonly retention?: LogRetention | undefined;
}

/**
 * Opens the log that the configuration names.
 *
 * @throws EventLogError (rejects) as {@link openSqliteEventLog} does
 * @example
 * const log = await openEventLog({ kind: 'sqlite', path: 'data/events.db' });
 */
export async function openEventLog(options: OpenEventLogOptions = {}): Promise<EventLog> {
  const { kind = 'memory', path = 'data/events.db', clock, maxQueued, retention } = options;
  switch (kind) {
    case 'memory':
      return new MemoryEventLog({ clock, maxQueued });
    case 'sqlite':
      return openSqliteEventLog({ path, clock, maxQueued, retention });
    default:
      return assertNever(kind);
  }
}
