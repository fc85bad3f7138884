import { type Diagnosis, messageOf, unusable } from '../engine/diagnosis';
import type { EventLogError } from '../event-log';

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

/** A log's file that can't be opened. */
export function notOpened(path: string, cause: unknown): EventLogError {
  return unusable('LOG_UNREADABLE', `The event log ${path}`, 'opened', diagnose(path, cause), cause);
}

/** A log's file that was opened and can't be read. */
export function unreadable(path: string, cause: unknown): EventLogError {
  return unusable('LOG_UNREADABLE', `The event log ${path}`, 'read', diagnose(path, cause), cause);
}

/** A log's file that refuses a transaction. */
export function writeFailed(path: string, cause: unknown): EventLogError {
  return unusable('LOG_WRITE_FAILED', `The event log ${path}`, 'written', diagnose(path, cause), cause);
}

/** True when another connection holds the lock that was asked for. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === SQLITE.BUSY || code === SQLITE.LOCKED;
}

function diagnose(path: string, cause: unknown): Diagnosis {
  const text = messageOf(cause);
  switch (resultCode(cause)) {
    case SQLITE.FULL:
      return ['the disk is full', `Free some space on the volume of ${path}.`];
    case SQLITE.READONLY:
    case SQLITE.PERM:
      return ['the file or its folder is read-only', `Let this user write to ${path} and its folder.`];
    case SQLITE.CANTOPEN:
      return [
        'the file, or one that belongs beside it (-wal, -shm, lock), can neither be opened nor made',
        `Check that the folder of ${path} exists and that this user may write to it and to these files.`,
      ];
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
      return ['another program holds a lock on it', 'End the program that has it open.'];
    case SQLITE.IOERR:
      return [`the disk reported an error (${text})`, `Check the volume of ${path}.`];
    case SQLITE.CORRUPT:
    case SQLITE.NOTADB:
      return [
        `it is damaged or no event log (${text})`,
        'Move it away to start a new log, or restore it from a backup.',
      ];
    default:
      return isTooLarge(cause)
        ? [
            'an event holds a number that is too large',
            'npx opensqt verify says which one; with --quarantine it sets it aside.',
          ]
        : [text, `Check ${path} and its volume.`];
  }
}

/** True when a whole number was read that JavaScript has none for. */
function isTooLarge(error: unknown): boolean {
  return (error as { readonly code?: unknown } | undefined)?.code === 'ERR_OUT_OF_RANGE';
}

function resultCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}
