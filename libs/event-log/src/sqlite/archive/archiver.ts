import { setImmediate as turn } from 'node:timers/promises';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@opensqt/trading-events';
import { type EventRow, oddColumn } from '../../engine/event-codec';
import type { Retention } from '../../engine/retention';
import { EventLogError } from '../../event-log';
import type { Segment } from './archived-rows';
import { type LiveEvents, lastToArchive } from './retention';
import { BLOCK_EVENTS, MAX_BLOCKS, asLines } from './segment';
import {
  SegmentFile,
  type WrittenSegment,
  digestOf,
  publishSegment,
  segmentName,
  temporaryName,
  writeSegment,
} from './segment-file';

/** Positions in a segment. */
const MAX_SEGMENT_EVENTS = MAX_BLOCKS * BLOCK_EVENTS;
/** Rows that leave the live log in one transaction: few enough not to hold up a commit for long. */
const MAX_DROPPED = 250;

/** The live log, as far as archiving needs it. */
export interface ArchivableLog {
  readonly path: string;
  /** Its contents; undefined when it is empty. */
  live(): LiveEvents | undefined;
  rows(from: number, to: number): readonly EventRow[];
  /** Last position that a recorded segment holds; 0 when there is none. */
  archivedThrough(): number;
  /** Records a segment: from now on it is where its rows are read once they are dropped. */
  record(segment: Segment, written: WrittenSegment): void;
  /** Removes the oldest rows up to that position, at most `limit`, and keeps their ids known. */
  drop(through: number, limit: number): void;
}

/** The step that was just done; a crash right after it loses nothing. */
export type ArchiveStep = 'packed' | 'written' | 'published' | 'verified' | 'recorded' | 'dropped';

export interface ArchiverOptions {
  /** The folder that segments go to. */
  readonly folder: string;
  readonly retention: Retention;
  readonly clock: Clock;
  readonly onStep?: ((step: ArchiveStep) => void) | undefined;
}

/**
 * Moves old events into segments, in an order in which a crash at any moment loses none and repeats none: the file is
 * written under another name, synced, renamed, read back and compared with the rows, then recorded in the log, and only then
 * do the rows go. What a crash left half done is finished by the next run.
 */
export class Archiver {
  private stopped = false;

  constructor(
    private readonly log: ArchivableLog,
    private readonly options: ArchiverOptions,
  ) {}

  /** Does what is due. */
  async run(): Promise<void> {
    await this.drop(this.log.archivedThrough());
    const live = this.log.live();
    if (live === undefined || this.stopped) return;
    const due = lastToArchive(this.options.retention, live, this.options.clock.now());
    if (due === undefined) return;
    const end = Math.floor((live.first - 1) / BLOCK_EVENTS) * BLOCK_EVENTS + MAX_SEGMENT_EVENTS;
    await this.archive(live, Math.min(due, end));
  }

  /** Ends a run at its next step. */
  stop(): void {
    this.stopped = true;
  }

  private async archive({ first, last }: LiveEvents, due: number): Promise<void> {
    const { segment, written } = (await this.leftOver(first)) ?? (await this.write(first, due));
    if (written === undefined) return;
    const isRight = segment.last < last && (await this.isWhatTheLogHolds(segment));
    if (this.stopped) return;
    if (!isRight) throw differs(segment, this.log.path);
    this.did('verified');
    this.log.record(segment, written);
    this.did('recorded');
    await this.drop(segment.last);
  }

  private async write(
    first: number,
    last: number,
  ): Promise<{ segment: Segment; written: WrittenSegment | undefined }> {
    const path = join(this.options.folder, segmentName(this.log.path, first, last));
    const segment = { first, last, path };
    const written = await writeSegment(path, this.blocks(first, last));
    if (this.stopped) {
      await rm(temporaryName(path));
      return { segment, written: undefined };
    }
    this.did('written');
    await publishSegment(path);
    this.did('published');
    return { segment, written };
  }

  /** A segment that was published before a crash and not yet recorded. It is accepted for what it holds, or refused. */
  private async leftOver(first: number): Promise<{ segment: Segment; written: WrittenSegment } | undefined> {
    const { folder } = this.options;
    const names = await readdir(folder).catch(() => []);
    const ours = segmentName(this.log.path, first, 0).slice(0, -'0000000000000000.jsonl.zst'.length);
    for (const name of names.filter((each) => each.startsWith(ours))) {
      const path = join(folder, name);
      if (name.endsWith('.tmp')) {
        await rm(path);
        continue;
      }
      const file = await SegmentFile.open(path);
      const { index } = file;
      await file.close();
      return { segment: { first, last: index.last, path }, written: await digestOf(path) };
    }
    return undefined;
  }

  private async isWhatTheLogHolds({ first, last, path }: Segment): Promise<boolean> {
    const file = await SegmentFile.open(path);
    try {
      const blocks = file.index.blocks[Symbol.iterator]();
      for await (const rows of this.blocks(first, last)) {
        const block = blocks.next().value;
        if (block === undefined || (await file.lines(block)) !== asLines(rows)) return false;
      }
      return blocks.next().done === true;
    } finally {
      await file.close();
    }
  }

  private async *blocks(first: number, last: number): AsyncGenerator<readonly EventRow[]> {
    let from = first;
    while (from <= last && !this.stopped) {
      const to = Math.min(last, Math.ceil(from / BLOCK_EVENTS) * BLOCK_EVENTS);
      const rows = this.log.rows(from, to);
      if (rows.length !== to - from + 1) throw missingRows(from, to, this.log.path);
      const odd = rows.find((row) => oddColumn(row) !== undefined);
      if (odd !== undefined) throw noEvent(odd.position, this.log.path);
      yield rows;
      this.did('packed');
      await turn();
      from = to + 1;
    }
  }

  private async drop(through: number): Promise<void> {
    for (;;) {
      const first = this.log.live()?.first;
      if (first === undefined || first > through || this.stopped) return;
      this.log.drop(through, MAX_DROPPED);
      this.did('dropped');
      await turn();
    }
  }

  private did(step: ArchiveStep): void {
    this.options.onStep?.(step);
  }
}

function differs({ path }: Segment, log: string): EventLogError {
  const message = `${path} is not what the event log ${log} holds at these positions, so nothing was archived. It is of another log, or the log was restored from a backup: keep the file elsewhere, or name another archive_path.`;
  return new EventLogError('LOG_ARCHIVE_FAILED', message);
}

function missingRows(from: number, to: number, log: string): EventLogError {
  const message = `The event log ${log} has a gap between positions ${from} and ${to}, so nothing was archived. Check it with: npx opensqt verify.`;
  return new EventLogError('LOG_ARCHIVE_FAILED', message);
}

function noEvent(position: number, log: string): EventLogError {
  const message = `The event log ${log} holds no event at position ${position} but values of the wrong types, so nothing was archived. Set it aside: npx opensqt verify --quarantine.`;
  return new EventLogError('LOG_ARCHIVE_FAILED', message);
}
