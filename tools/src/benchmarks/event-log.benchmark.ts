import { inTemporaryFolder } from '../temporary-folder';
import { appendRows } from './event-log/append';
import { replayRows } from './event-log/replay';
import { sustainedRows } from './event-log/sustained';
import type { Row } from './measure';

/** The event log's own figures, on a file in the folder for temporary files. */
export function eventLogRows(): Promise<readonly Row[]> {
  return inTemporaryFolder(async (folder) => [
    ...(await appendRows(folder, 5_000)),
    ...(await appendRows(folder, 20_000)),
    ...(await sustainedRows(folder)),
    ...(await replayRows(folder)),
  ]);
}
