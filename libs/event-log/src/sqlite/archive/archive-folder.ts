import { access, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EventLogError } from '../../event-log';
import type { Segment } from './archived-rows';
import { positionsIn } from './segment-file';

/** A log and the segments it has recorded. */
interface ArchivedLog {
  readonly path: string;
  segments(): readonly (Segment & { readonly bytes: number })[];
}

/** The folder of a log's archive, unless it is somewhere else. */
export function archiveFolderOf(path: string): string {
  return `${path}.archive`;
}

/**
 * Makes sure, before anything is written, that a log and its archive belong together: each recorded segment is there in
 * its size, and the archive does not know more than the log, as it does when the log alone was restored from a backup.
 * Their contents are checked when they are read.
 *
 * @param last the log's last position
 * @throws EventLogError (rejects) `LOG_UNREADABLE`
 */
export async function checkArchive(log: ArchivedLog, folder: string, last: number): Promise<void> {
  const segments = log.segments();
  for (const segment of segments) {
    const { path } = await locate(segment, folder);
    const { size } = await stat(path);
    if (size === segment.bytes) continue;
    const message = `The archive segment ${path} has ${size} bytes and was written with ${segment.bytes}. Restore it from a backup of the archive.`;
    throw new EventLogError('LOG_UNREADABLE', message);
  }
  const names = await readdir(folder).catch((): readonly string[] => []);
  for (const name of names) {
    const positions = positionsIn(name, log.path);
    if (positions === undefined || positions.last <= last) continue;
    const message = `The event log ${log.path} ends at position ${last} and its archive ${join(folder, name)} at ${positions.last}: the log was restored from an older backup. Restore a newer one, or move that file away and go on without these events.`;
    throw new EventLogError('LOG_UNREADABLE', message);
  }
}

/** Finds a segment's file: where it was recorded, or of that name in the folder that is used now, should it have been moved. */
export async function locate(segment: Segment, folder: string): Promise<Segment> {
  for (const path of [segment.path, join(folder, segment.path.slice(dirname(segment.path).length + 1))]) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return { ...segment, path };
  }
  const message = `The archive segment ${segment.path} (positions ${segment.first} to ${segment.last}) is missing. Put it back, or name the folder that has it (event_log.retention.archive_path; --archive for commands).`;
  throw new EventLogError('LOG_UNREADABLE', message);
}
