import { type EventLog, openPostgresEventLog, openSqliteEventLog } from '@opensqt/event-log';
import { DEFAULT_LOG, UsageError } from '@opensqt/configuration/command-line';

/** The lines about these options in a command's help. */
export const LOG_OPTIONS_HELP = `  --log LOG    the log (default: ${DEFAULT_LOG}); it may be in use by a running market maker. A file, or a
               database: postgres://user@host:port/database. Leave the password to PGPASSWORD or ~/.pgpass
  --schema S   the database's schema (default: opensqt)
  --archive D  the folder of the log's archive, where it was moved`;

/** The line about `--bot` in the help of a command that is about one bot. */
export const ONE_BOT_HELP = `  --bot NAME   the bot, where several are on the log`;

/** The options that say where a command finds the log. */
export const LOG_OPTIONS = {
  log: { type: 'string', default: DEFAULT_LOG },
  schema: { type: 'string' },
  archive: { type: 'string' },
  bot: { type: 'string' },
} as const;

/** The log as the operator named it. */
export interface NamedLog {
  readonly log: string;
  readonly schema?: string;
  readonly archive?: string | undefined;
  readonly bot?: string;
}

/** True when a log is named by the URL of a database rather than by a file's path. */
export function isDatabase(log: string): boolean {
  return /^postgres(ql)?:/.test(log);
}

/**
 * Opens the log that the operator named, to read it.
 *
 * @param named a file's path or a PostgreSQL URL, and the bot whose checkpoints and snapshots are read
 * @throws UsageError, and EventLogError (rejects) when it can't be opened
 * @example
 * const log = await openLog({ log: 'postgres://reader@db.internal/trading' });
 */
export async function openLog(named: NamedLog): Promise<EventLog> {
  const { log, schema, archive: archivePath, bot } = named;
  if (isDatabase(log)) return openPostgresEventLog({ url: log, schema, bot, readOnly: true });
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(log))
    throw new UsageError(
      'The log is named by a URL (not shown, it may hold a password) that is not understood. Write postgres://user@host:port/database.',
    );
  if (schema !== undefined) throw new UsageError('--schema is for a log in a database: a file has none.');
  return openSqliteEventLog({ path: log, bot, readOnly: true, retention: { archivePath } });
}

/**
 * Opens the log that the operator named, to read what is of one bot.
 *
 * @throws UsageError when several bots are on it and none is named, or the one that is named is not
 */
export async function openLogOfBot(named: NamedLog): Promise<EventLog> {
  const log = await openLog(named);
  try {
    const bots = await log.bots();
    if (named.bot === undefined && bots.length > 1)
      throw new UsageError(`Several bots are on this log: ${bots.join(', ')}. Name one with --bot.`);
    if (named.bot !== undefined) await assertKnown(named.bot, log);
    return log;
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** @throws UsageError when the bot has never opened the log */
export async function assertKnown(bot: string, log: EventLog): Promise<void> {
  const bots = await log.bots();
  if (bots.includes(bot)) return;
  throw new UsageError(`The bot ${bot} is not on this log. It knows ${bots.join(', ')}.`);
}
