import { closeSync, openSync } from 'node:fs';

/** Positions and prices are nobody else's business. The umask can take permissions away from these, and give none. */
export const PRIVATE_FILE = 0o600;
export const PRIVATE_FOLDER = 0o700;

/**
 * Makes a database's file for this user alone where there is none: SQLite would make one that everybody may read. Its companions get
 * the permissions of the file. One that is there keeps its own, which somebody may have chosen.
 */
export function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', PRIVATE_FILE));
  } catch {
    // it is there, or SQLite says better why it can't be made
  }
}
