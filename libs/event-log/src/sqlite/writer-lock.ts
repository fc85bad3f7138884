import type { DatabaseSync } from 'node:sqlite';
import { EventLogError } from '../event-log';
import { sqliteModule } from './database';
import { createPrivately } from './private-files';
import { isBusy, notOpened } from './sqlite-failure';

/** Held by the one process that writes to a log. */
export interface WriterLock {
  release(): void;
}

/**
 * Makes this the only writer of the log. The lock is an open transaction on a small database beside the log: the kernel
 * lets go of it when the process ends, however it ends, so there are no stale locks. Its table names the owner, which
 * others can read meanwhile.
 *
 * The file stays: removing it would let two processes lock two files of the same name. It must not be opened by other
 * means within the process (closing any descriptor of a file drops the process's POSIX locks on it).
 *
 * @throws EventLogError `LOG_IN_USE` that names the owner's pid
 */
export function lockForWriting(path: string): WriterLock {
  const { DatabaseSync } = sqliteModule();
  const lockPath = `${path}.lock`;
  let database: DatabaseSync | undefined;
  try {
    createPrivately(lockPath);
    database = new DatabaseSync(lockPath, { timeout: 100 });
    database.exec(
      'BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS owner (pid INTEGER NOT NULL); DELETE FROM owner;',
    );
    database.prepare('INSERT INTO owner VALUES (?)').run(process.pid);
    database.exec('COMMIT; BEGIN IMMEDIATE;');
  } catch (error) {
    const failure = database !== undefined && isBusy(error) ? inUse(database, path) : notOpened(path, error);
    database?.close();
    throw failure;
  }
  const held = database;
  return { release: () => held.close() };
}

function inUse(database: DatabaseSync, path: string): EventLogError {
  const pid = ownerOf(database);
  const who =
    pid === process.pid ? 'this process itself' : pid === undefined ? 'another process' : `process ${pid}`;
  const message = `The event log ${path} is being written by ${who}. Stop that one first, or name another file.`;
  return new EventLogError('LOG_IN_USE', message);
}

function ownerOf(database: DatabaseSync): number | undefined {
  try {
    const pid = database.prepare('SELECT pid FROM owner').get()?.['pid'];
    return typeof pid === 'number' ? pid : undefined;
  } catch {
    return undefined; // the owner is just writing its name
  }
}
