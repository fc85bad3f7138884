import { EventLogError, type EventLogErrorCode } from '../event-log';

/** Primary result codes, https://www.sqlite.org/rescode.html */
const SQLITE = {
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  NOTADB: 26,
} as const;

/** A failure in words, and what the operator can do. */
interface Diagnosis {
  readonly what: string;
  readonly advice: string;
}

/** A log's file that can't be opened. */
export function notOpened(path: string, cause: unknown): EventLogError {
  return unusable('LOG_UNREADABLE', 'opened', path, cause);
}

/** A log's file that was opened and can't be read. */
export function unreadable(path: string, cause: unknown): EventLogError {
  return unusable('LOG_UNREADABLE', 'read', path, cause);
}

/** A log's file that refuses a transaction. */
export function writeFailed(path: string, cause: unknown): EventLogError {
  return unusable('LOG_WRITE_FAILED', 'written', path, cause);
}

/** True when another connection holds the lock that was asked for. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === SQLITE.BUSY || code === SQLITE.LOCKED;
}

function unusable(code: EventLogErrorCode, verb: string, path: string, cause: unknown): EventLogError {
  const { what, advice } = diagnose(path, cause);
  return new EventLogError(code, `The event log ${path} could not be ${verb}: ${what}. ${advice}`, { cause });
}

function diagnose(path: string, cause: unknown): Diagnosis {
  switch (resultCode(cause)) {
    case SQLITE.FULL:
      return { what: 'the disk is full', advice: `Free some space on the volume of ${path}.` };
    case SQLITE.READONLY:
    case SQLITE.PERM:
      return {
        what: 'the file or its folder is read-only',
        advice: `Let this user write to ${path} and its folder.`,
      };
    case SQLITE.CANTOPEN:
      return {
        what: 'the file, or the -wal and -shm files beside it, can neither be opened nor made',
        advice: `Check that the folder of ${path} exists and that this user may write to it.`,
      };
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return { what: 'another program holds a lock on it', advice: 'End the program that has it open.' };
    case SQLITE.IOERR:
      return { what: `the disk reported an error (${text(cause)})`, advice: `Check the volume of ${path}.` };
    case SQLITE.CORRUPT:
    case SQLITE.NOTADB:
      return {
        what: `it is damaged or no event log (${text(cause)})`,
        advice: 'Move it away to start a new log, or restore it from a backup.',
      };
    default:
      return { what: text(cause), advice: `Check ${path} and its volume.` };
  }
}

function resultCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}

function text(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
