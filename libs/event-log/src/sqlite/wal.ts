import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';

/** From this size on the write-ahead log is emptied as soon as no reader needs it. */
export const WAL_LIMIT_BYTES = 64 * 1024 * 1024;

/** The name of a log's write-ahead log. */
export function walPath(path: string): string {
  return `${path}-wal`;
}

/** Size of a log's write-ahead log; 0 when there is none. */
export function walBytes(path: string): number {
  return statSync(walPath(path), { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Empties the write-ahead log when it is over its limit, as far as readers allow. SQLite does it by itself as it commits,
 * but not while a reader is anywhere in the log, and a log that is never quiet never shrinks.
 *
 * It never waits for a reader: PASSIVE copies what can be copied beside them, and only when that was everything, TRUNCATE
 * cuts the file, without waiting as a commit does (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint).
 */
export function limitWal(database: DatabaseSync, path: string, limit = WAL_LIMIT_BYTES): void {
  if (walBytes(path) <= limit) return;
  const { busy, log, checkpointed } = checkpoint(database, 'PASSIVE');
  if (busy !== 0 || log !== checkpointed) return;
  const [timeout] = Object.values(database.prepare('PRAGMA busy_timeout').get() ?? {});
  database.exec('PRAGMA busy_timeout = 0');
  try {
    checkpoint(database, 'TRUNCATE');
  } finally {
    database.exec(`PRAGMA busy_timeout = ${Number(timeout)}`);
  }
}

function checkpoint(database: DatabaseSync, mode: 'PASSIVE' | 'TRUNCATE') {
  const { busy, log, checkpointed } = database.prepare(`PRAGMA wal_checkpoint(${mode})`).get() ?? {};
  return { busy, log, checkpointed };
}
