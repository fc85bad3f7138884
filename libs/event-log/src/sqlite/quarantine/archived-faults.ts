import type { DatabaseSync } from 'node:sqlite';
import { type EventRow, faultOf } from '../../engine/event-codec';
import type { QuarantinedRow } from '../../engine/quarantine';
import { archiveFolderOf, locate } from '../archive/archive-folder';
import type { Segment } from '../archive/archived-rows';
import { SegmentFile } from '../archive/segment-file';
import { SqliteSegments } from '../archive/sqlite-segments';
import { quarantinedRows } from './quarantined-rows';

/** The archived events that can't be read and are not set aside yet. */
export async function faultsInArchive(
  database: DatabaseSync,
  path: string,
  folder = archiveFolderOf(path),
): Promise<readonly QuarantinedRow[]> {
  const segments = new SqliteSegments(database, path);
  const firstLive = segments.firstLive();
  const aside = quarantinedRows(database);
  const found: QuarantinedRow[] = [];
  for (const recorded of segments.segments()) {
    for await (const row of archivedRows(recorded, folder)) {
      if (aside.has(row.position) || row.position >= firstLive) continue;
      const reason = faultOf(row);
      if (reason !== undefined) found.push({ row, reason });
    }
  }
  return found;
}

/** The rows of a segment, as far as it is whole: why it is not is for `verify` to say. */
async function* archivedRows(recorded: Segment, folder: string): AsyncGenerator<EventRow> {
  const file = await locate(recorded, folder)
    .then(({ path }) => SegmentFile.open(path))
    .catch(() => undefined);
  if (file === undefined) return;
  try {
    for (const block of file.index.blocks) yield* await file.rows(block).catch(() => []);
  } finally {
    await file.close();
  }
}
