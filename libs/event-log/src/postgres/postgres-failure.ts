import { EventLogError, type EventLogErrorCode } from '../event-log';

/** A failure in words, and what the operator can do. */
interface Diagnosis {
  readonly what: string;
  readonly advice: string;
}

/** Raised by our own function `append` when the writer's lease is no longer its own. */
export const LEASE_LOST = 'SQT01';

/** A log that can't be opened, or was opened and can't be read. `name` is the store's. */
export function unreadable(name: string, verb: 'opened' | 'read', cause: unknown): EventLogError {
  return unusable('LOG_UNREADABLE', verb, name, cause);
}

/** A log that refuses a transaction. */
export function writeFailed(name: string, cause: unknown): EventLogError {
  return unusable('LOG_WRITE_FAILED', 'written', name, cause);
}

/** The error's SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html), or Node's code. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function unusable(code: EventLogErrorCode, verb: string, name: string, cause: unknown): EventLogError {
  const { what, advice } = diagnose(cause);
  return new EventLogError(code, `${name} could not be ${verb}: ${what}. ${advice}`, { cause });
}

function diagnose(cause: unknown): Diagnosis {
  const code = codeOf(cause);
  switch (code) {
    case '28P01':
    case '28000':
      return {
        what: `the server refuses the login (${text(cause)})`,
        advice: 'Check user and password in the URL, and pg_hba.conf.',
      };
    case '3D000':
      return { what: text(cause), advice: 'Make it with createdb, or name another in the URL.' };
    case '42501':
      return {
        what: `the user lacks a right (${text(cause)})`,
        advice:
          'Grant it: CREATE on the database to make a log, everything in its schema to write, SELECT to read.',
      };
    case '42P01':
    case '42883':
    case '3F000':
      return {
        what: `its tables are not there (${text(cause)})`,
        advice: 'Restore the schema from a backup, or start what writes it again to begin a new log.',
      };
    case '25006':
      return {
        what: 'the server is read-only: a standby, or one after a failover',
        advice: 'Point the URL at the primary.',
      };
    case '53100':
      return { what: "the server's disk is full", advice: "Free some space on the server's volume." };
    case '53300':
      return {
        what: 'the server has no connection left',
        advice: 'Raise max_connections, or end what holds them.',
      };
    case '57014':
    case '55P03':
      return {
        what: `the server did not finish in time (${text(cause)})`,
        advice: 'Look in pg_stat_activity for what holds it up.',
      };
    case '57P01':
    case '57P02':
    case '57P03':
      return { what: `the server is starting or stopping (${text(cause)})`, advice: 'Wait, or start it.' };
    default:
      return {
        what: code?.startsWith('E') === true ? `the server can't be reached (${text(cause)})` : text(cause),
        advice: 'Check that PostgreSQL runs there, and the network.',
      };
  }
}

/** A connection that was tried at several addresses fails with one error per address and no message of its own. */
function text(cause: unknown): string {
  if (cause instanceof AggregateError) return cause.errors.map(text).join('; ');
  return cause instanceof Error ? cause.message : String(cause);
}
