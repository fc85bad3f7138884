import { type Diagnosis, messageOf, unusable } from '../engine/diagnosis';
import type { EventLogError } from '../event-log';

/** Raised by our own function `append` when the writer's lease is no longer its own. */
export const LEASE_LOST = 'SQT01';

/** A log that can't be opened, or was opened and can't be read. `name` is the store's. */
export function unreadable(name: string, verb: 'opened' | 'read', cause: unknown): EventLogError {
  return unusable('LOG_UNREADABLE', name, verb, diagnose(cause), cause);
}

/** A log that refuses a transaction. */
export function writeFailed(name: string, cause: unknown): EventLogError {
  return unusable('LOG_WRITE_FAILED', name, 'written', diagnose(cause), cause);
}

/** The error's SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html), or Node's code. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function diagnose(cause: unknown): Diagnosis {
  const code = codeOf(cause);
  const text = messageOf(cause);
  switch (code) {
    case '28P01':
    case '28000':
      return [
        `the server refuses the login (${text})`,
        'Check user and password in the URL, and pg_hba.conf.',
      ];
    case '3D000':
      return [text, 'Make it with createdb, or name another in the URL.'];
    case '42501':
      return [
        `the user lacks a right (${text})`,
        'Grant it: CREATE on the database to make a log, everything in its schema to write, its tables (OWNER) to drop partitions, SELECT to read.',
      ];
    case '42P01':
    case '42883':
    case '3F000':
      return [
        `its tables are not there (${text})`,
        'Restore the schema from a backup, or start what writes it again to begin a new log.',
      ];
    case '25006':
      return ['the server is read-only: a standby, or one after a failover', 'Point the URL at the primary.'];
    case '53100':
      return ["the server's disk is full", "Free some space on the server's volume."];
    case '53300':
      return ['the server has no connection left', 'Raise max_connections, or end what holds them.'];
    case '57014':
    case '55P03':
      return [
        `the server did not finish in time (${text})`,
        'Look in pg_stat_activity for what holds it up.',
      ];
    case '57P01':
    case '57P02':
    case '57P03':
      return [`the server is starting or stopping (${text})`, 'Wait, or start it.'];
    default: {
      const isUnreachable = code?.startsWith('E') === true;
      const what = isUnreachable ? `the server can't be reached (${text})` : text;
      return [what, 'Check that PostgreSQL runs there, and the network.'];
    }
  }
}
