import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendRows } from './event-log/append';
import { replayRows } from './event-log/replay';
import { sustainedRows } from './event-log/sustained';

/** The event log's own figures, on a file in the folder for temporary files. */
export async function eventLogRows(): Promise<readonly (readonly string[])[]> {
  const folder = await mkdtemp(join(tmpdir(), 'opensqt-bench-'));
  try {
    return [
      ...(await appendRows(folder, 5_000)),
      ...(await appendRows(folder, 20_000)),
      ...(await sustainedRows(folder)),
      ...(await replayRows(folder)),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
