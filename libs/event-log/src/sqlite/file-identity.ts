import { type BigIntStats, statSync } from 'node:fs';
import { EventLogError } from '../event-log';

/** Device and inode: they stay a file's own while its names are moved, removed or given to another. */
export type FileIdentity = string;

/** The file that has that name now; undefined where there is none. */
export function identifyFile(path: string): FileIdentity | undefined {
  return identityOf(fileOf(path));
}

/**
 * Makes sure that the name still leads to the file that was opened by it, and that nobody emptied it. What is written to a file without a name
 * is lost with the last process that has it open.
 *
 * @param mayBeEmpty true of a file that SQLite empties itself
 * @throws EventLogError `LOG_FILE_GONE`
 */
export function assertSameFile(path: string, opened: FileIdentity, mayBeEmpty = false): void {
  const found = fileOf(path);
  const isSame = identityOf(found) === opened;
  if (isSame && (mayBeEmpty || found?.size !== 0n)) return;
  const what = found === undefined ? 'deleted or moved' : isSame ? 'emptied' : 'replaced';
  const message = `${path} was ${what} while it was open, so nothing is written any more. Move the original back to this name; if it is lost, restart with what is left.`;
  throw new EventLogError('LOG_FILE_GONE', message);
}

function fileOf(path: string): BigIntStats | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false });
}

function identityOf(file: BigIntStats | undefined): FileIdentity | undefined {
  return file && `${file.dev}:${file.ino}`;
}
