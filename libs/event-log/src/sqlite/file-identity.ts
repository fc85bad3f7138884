import { statSync } from 'node:fs';
import { EventLogError } from '../event-log';

/** Device and inode: they stay a file's own while its names are moved, removed or given to another. */
export type FileIdentity = string;

/** The file that has that name now; undefined where there is none. */
export function identifyFile(path: string): FileIdentity | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}

/**
 * Makes sure that the name still leads to the file that was opened by it. What is written to a file without a name is lost
 * with the last process that has it open.
 *
 * @throws EventLogError `LOG_FILE_GONE`
 */
export function assertSameFile(path: string, opened: FileIdentity): void {
  const found = identifyFile(path);
  if (found === opened) return;
  const what = found === undefined ? 'deleted or moved' : 'replaced';
  const message = `${path} was ${what} while it was open, so nothing is written any more. Move the original back to this name; if it is lost, restart with what is left.`;
  throw new EventLogError('LOG_FILE_GONE', message);
}
