import { messageOf } from '../../engine/diagnosis';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { locate } from '../archive/archive-folder';
import { SegmentFile, digestOf, positionsIn } from '../archive/segment-file';
import type { RecordedSegment } from '../archive/sqlite-segments';
import type { RowChecks } from '../../engine/verify/row-checks';
import type { Findings } from '../../engine/verify/verify-report';

/** A log's archive, as far as its check needs it. */
export interface ArchiveToCheck {
  readonly log: string;
  readonly folder: string;
  readonly segments: readonly RecordedSegment[];
  /** Position of the oldest event that is still live: rows from there on are not checked here. */
  readonly firstLive: number;
  /** Last position of the log. */
  readonly last: number;
}

/**
 * Checks each segment as a file (size, SHA-256) and inside (index, blocks), and its rows.
 *
 * @returns the amount that was looked at
 */
export async function checkSegments(
  archive: ArchiveToCheck,
  rows: RowChecks,
  findings: Findings,
  onProgress: (events: number) => void,
): Promise<string> {
  for (const segment of archive.segments) {
    try {
      await checkSegment(segment, archive, rows, findings, onProgress);
    } catch (error) {
      findings.error(messageOf(error));
      rows.skip(Math.min(segment.last, archive.firstLive - 1));
    }
  }
  await checkOthers(archive, findings);
  return `${archive.segments.length} segments`;
}

async function checkSegment(
  recorded: RecordedSegment,
  { folder, firstLive }: ArchiveToCheck,
  rows: RowChecks,
  findings: Findings,
  onProgress: (events: number) => void,
): Promise<void> {
  const { path } = await locate(recorded, folder);
  const { bytes, sha256 } = await digestOf(path);
  if (bytes !== recorded.bytes) {
    findings.error(`${path} has ${bytes} bytes and was written with ${recorded.bytes}.`);
  } else if (sha256 !== recorded.sha256) {
    findings.error(`${path} is damaged: its SHA-256 is not the one that was recorded.`);
  }
  const file = await SegmentFile.open(path);
  try {
    const { first, last, blocks } = file.index;
    if (first !== recorded.first || last !== recorded.last) {
      findings.error(
        `${path} holds positions ${first} to ${last}; ${recorded.first} to ${recorded.last} are recorded.`,
      );
    }
    for (const block of blocks) {
      const end = Math.min(block.last, firstLive - 1);
      try {
        const found = await file.rows(block);
        rows.check(
          found.filter(({ position }) => position <= end),
          'archive',
        );
      } catch (error) {
        findings.error(messageOf(error));
        rows.skip(end);
      }
      onProgress(Math.max(0, end - block.first + 1));
    }
  } finally {
    await file.close();
  }
}

/** Segments in the folder that the log does not know. */
async function checkOthers(
  { log, folder, segments, last }: ArchiveToCheck,
  findings: Findings,
): Promise<void> {
  const known = new Set(segments.map(({ first, last: end }) => `${first} ${end}`));
  for (const name of await readdir(folder).catch(() => [])) {
    const positions = positionsIn(name, log);
    if (positions === undefined || known.has(`${positions.first} ${positions.last}`)) continue;
    if (positions.last > last) {
      findings.error(
        `${join(folder, name)} goes on to position ${positions.last} and the log ends at ${last}: it was restored from an older backup.`,
      );
    } else {
      findings.warning(
        `${join(folder, name)} is not recorded in the log. A crash while archiving leaves such a file, and the next run takes it up.`,
      );
    }
  }
}
