import type { EventType } from '@opensqt/trading-events';
import type { EventRow } from '../../engine/event-codec';
import { EventLogError } from '../../event-log';
import type { SegmentBlock } from './segment';
import { SegmentFile } from './segment-file';

/** A file of the archive, with the positions that it holds. */
export interface Segment {
  readonly first: number;
  readonly last: number;
  readonly path: string;
}

/** Reads rows from segments. */
export class ArchivedRows {
  /** The block that was read last: the next read often begins in it. */
  private recent: { readonly key: string; readonly rows: readonly EventRow[] } | undefined;

  /**
   * The rows at positions `from` to `to`, both included, in order.
   *
   * @param segments those that hold them, in order
   * @throws EventLogError (rejects) `LOG_UNREADABLE` when a segment is missing or damaged, or when none holds a position
   */
  async read(
    segments: readonly Segment[],
    from: number,
    to: number,
    types?: readonly EventType[],
  ): Promise<readonly EventRow[]> {
    const found: EventRow[] = [];
    let next = from;
    for (const { first, last, path } of segments) {
      if (first > next) throw hole(next, first - 1);
      const file = await SegmentFile.open(path);
      try {
        for (const block of file.index.blocks) {
          if (block.last < from || block.first > to || !holds(block, types)) continue;
          const rows = await this.rows(path, file, block);
          for (const row of rows) {
            if (row.position < from || row.position > to) continue;
            if (types === undefined || types.some((type) => type === row.type)) found.push(row);
          }
        }
      } finally {
        await file.close();
      }
      next = last + 1;
    }
    if (next <= to) throw hole(next, to);
    return found;
  }

  private async rows(path: string, file: SegmentFile, block: SegmentBlock): Promise<readonly EventRow[]> {
    const key = `${path} ${block.first}`;
    if (this.recent?.key !== key) this.recent = { key, rows: await file.rows(block) };
    return this.recent.rows;
  }
}

function holds(block: SegmentBlock, types: readonly string[] | undefined): boolean {
  return types === undefined || types.some((type) => block.types.includes(type));
}

function hole(from: number, to: number): EventLogError {
  const message = `Positions ${from} to ${to} are neither in the event log nor in its archive. Restore the log and its archive from one backup.`;
  return new EventLogError('LOG_UNREADABLE', message);
}
