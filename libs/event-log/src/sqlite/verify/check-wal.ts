import { walPath } from '../wal';
import { readFileSync } from 'node:fs';
import type { Findings } from '../../engine/verify/verify-report';

/** https://www.sqlite.org/fileformat2.html#walformat */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x37_7f_06_82;

interface Sum {
  readonly a: number;
  readonly b: number;
}

/**
 * Checks a write-ahead log. SQLite reads it up to the first frame whose checksum is wrong and says nothing of what follows,
 * since a crash leaves just that; so damage in it shows as a log that ends earlier than it did. A commit after the damage
 * shows that it is no crash, which leaves none.
 *
 * @returns the amount that was looked at
 */
export function checkWal(path: string, findings: Findings): string {
  const wal = walPath(path);
  const bytes = read(wal);
  if (bytes === undefined || bytes.length === 0) return 'empty';
  const isHeader = bytes.length >= HEADER_BYTES && (bytes.readUInt32BE(0) & ~1) === (MAGIC & ~1);
  if (!isHeader) {
    findings.error(
      `${wal} has no header and is ignored: what was committed last and had not reached the file is lost.`,
    );
    return `${bytes.length} bytes`;
  }
  const isBigEndian = (bytes.readUInt32BE(0) & 1) === 1;
  const frameBytes = FRAME_HEADER_BYTES + bytes.readUInt32BE(8);
  let sum = add({ a: 0, b: 0 }, bytes.subarray(0, 24), isBigEndian);
  const isHeaderRight = sum.a === bytes.readUInt32BE(24) && sum.b === bytes.readUInt32BE(28);
  let damagedFrame = isHeaderRight ? 0 : 1;
  let commits = 0;
  let lostCommits = 0;
  let unfinished = 0;
  let frames = 0;
  for (let at = HEADER_BYTES; at + frameBytes <= bytes.length; at += frameBytes) {
    const frame = bytes.subarray(at, at + frameBytes);
    if (!frame.subarray(8, 16).equals(bytes.subarray(16, 24))) break; // left from before it began anew
    frames += 1;
    const isCommit = frame.readUInt32BE(4) !== 0;
    if (damagedFrame === 0) {
      sum = add(add(sum, frame.subarray(0, 8), isBigEndian), frame.subarray(FRAME_HEADER_BYTES), isBigEndian);
      if (sum.a !== frame.readUInt32BE(16) || sum.b !== frame.readUInt32BE(20)) damagedFrame = frames;
    }
    if (damagedFrame > 0) lostCommits += isCommit ? 1 : 0;
    else if (isCommit) [commits, unfinished] = [commits + 1, 0];
    else unfinished += 1;
  }
  const rest = (bytes.length - HEADER_BYTES) % frameBytes;
  if (damagedFrame > 0 && lostCommits > 0) {
    findings.error(
      `${wal} is damaged in frame ${damagedFrame}: ${lostCommits} commits from there on are ignored, and their events are lost.`,
    );
  } else if (damagedFrame > 0 || unfinished > 0 || rest > 0) {
    findings.warning(
      `${wal} ends in the middle of a transaction, which is ignored. A crash before its acknowledgement leaves that; a file that was cut short, as by a copy, looks the same and lacks acknowledged events.`,
    );
  }
  return `${frames} frames, ${commits} commits`;
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function add({ a, b }: Sum, bytes: Buffer, isBigEndian: boolean): Sum {
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const first = isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    const second = isBigEndian ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4);
    a = (a + first + b) >>> 0;
    b = (b + second + a) >>> 0;
  }
  return { a, b };
}
