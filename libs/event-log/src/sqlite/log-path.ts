import { mkdirSync, readFileSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { EventLogError } from '../event-log';
import { PRIVATE_FOLDER } from './private-files';
import { notOpened } from './sqlite-failure';

/** The mounts of this process, one a line, the mount point in the fifth field (proc(5)); Linux only. */
const MOUNTS = '/proc/self/mountinfo';

/**
 * The one path that a log has, whatever name leads to it: absolute and free of symbolic links, as SQLite takes it too. The file need
 * not be there.
 *
 * @throws EventLogError `LOG_UNREADABLE`
 */
export function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (!isMissing(error)) throw notOpened(path, error);
  }
  const name = join(realFolder(dirname(resolve(path))), basename(path));
  const target = linkTarget(name);
  return target === undefined ? name : realPath(resolve(dirname(name), target));
}

/** A folder's real path, as far as it is there. */
function realFolder(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder === dirname(folder) ? folder : join(realFolder(dirname(folder)), basename(folder));
  }
}

/** The target of a link that leads to no file yet; undefined where there is no link. */
function linkTarget(name: string): string | undefined {
  try {
    return readlinkSync(name);
  } catch {
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

/**
 * Makes the folder of a log that is to be written, and makes sure that its companions (`-wal`, `-shm`, lock) will stand beside it,
 * and nowhere else.
 *
 * @param mounts the file that lists mounts
 * @throws EventLogError `LOG_UNSUPPORTED` when the file alone is mounted, as into a container, or has another name,
 *   `LOG_UNREADABLE`, also when it is a folder
 */
export function prepareToWrite(path: string, mounts = MOUNTS): void {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
  } catch (error) {
    throw notOpened(path, error);
  }
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) return;
  if (file.isDirectory()) throw folderNamed(path);
  if (file.nlink > 1) throw manyNames(path, file.nlink);
  if (file.dev !== statSync(folder).dev || mountPoints(mounts).includes(path)) throw mountedAlone(path);
}

/** The mount points of this process; none where the system does not list them. */
export function mountPoints(mounts = MOUNTS): readonly string[] {
  let lines: string;
  try {
    lines = readFileSync(mounts, 'utf8');
  } catch {
    return [];
  }
  return lines.split('\n').map((line) => unescaped(line.split(' ')[4] ?? ''));
}

/** Space, tab, line break and backslash are written as octal numbers. */
function unescaped(point: string): string {
  return point.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
}

/** The error of a log that is named by a folder. */
export function folderNamed(path: string): EventLogError {
  const message = `${path} is a folder and no event log. Name a file in it, such as ${join(path, 'events.db')}.`;
  return new EventLogError('LOG_UNREADABLE', message);
}

function manyNames(path: string, names: number): EventLogError {
  const message = `The event log ${path} has ${names} names (hard links): a process that opens it by another one would write to it at the same time, with a write-ahead log of its own. Remove the other names, which find / -samefile ${path} lists; a backup needs a copy.`;
  return new EventLogError('LOG_UNSUPPORTED', message);
}

function mountedAlone(path: string): EventLogError {
  const folder = dirname(path);
  const message = `The event log ${path} is mounted as a single file: the files that belong beside it (-wal, lock) would be on another file system than the log, and go with it when a container is removed, with events that were committed. Mount its folder as ${folder} instead of the file.`;
  return new EventLogError('LOG_UNSUPPORTED', message);
}
