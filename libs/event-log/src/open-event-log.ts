import { type Clock, assertNever } from '@opensqt/trading-events';
import type { EventLog } from './event-log';
import { MemoryEventLog } from './memory/memory-event-log';
import { type LogRetention, openSqliteEventLog } from './sqlite/open-sqlite-event-log';
import { openPostgresEventLog } from './with-postgres';

export interface OpenEventLogOptions {
  /** @default 'memory' */
  readonly kind?: 'memory' | 'sqlite' | 'postgres' | undefined;
  /** The SQLite file. @default 'data/events.db' */
  readonly path?: string | undefined;
  /** Of the PostgreSQL database, `postgres://user:password@host:port/database`; a secret. Needed there. */
  readonly url?: string | undefined;
  /** The schema in that database. @default 'opensqt' */
  readonly schema?: string | undefined;
  /** The bot that it is opened for. @default 'opensqt' */
  readonly bot?: string | undefined;
  /** The name that this process writes under, one process at a time. @default that of the bot */
  readonly writer?: string | undefined;
  /**
   * Wall clock that commits are stamped with, whatever clock the market runs on. To a file, always the machine's.
   *
   * @default the machine's
   */
  readonly clock?: Clock | undefined;
  /** Events that may wait to be committed. @default 200_000 */
  readonly maxQueued?: number | undefined;
  /** Limits beyond which events leave the SQLite file for its archive, or are dropped from the PostgreSQL database. @default none */
  readonly retention?: LogRetention | undefined;
}

/**
 * Opens the log that the configuration names.
 *
 * @throws EventLogError (rejects) as {@link openSqliteEventLog} and {@link openPostgresEventLog} do
 * @example
 * const log = await openEventLog({ kind: 'sqlite', path: 'data/events.db' });
 */
export async function openEventLog(options: OpenEventLogOptions = {}): Promise<EventLog> {
  const { kind = 'memory', path = 'data/events.db', url = '', schema, bot, writer } = options;
  const { clock, maxQueued, retention } = options;
  switch (kind) {
    case 'memory':
      return new MemoryEventLog({ bot, writer, clock, maxQueued });
    case 'sqlite':
      return openSqliteEventLog({ path, bot, writer, maxQueued, retention });
    case 'postgres':
      return openPostgresEventLog({ url, schema, bot, writer, clock, maxQueued, retention });
    default:
      return assertNever(kind);
  }
}
