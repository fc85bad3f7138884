import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { EventRow } from '../../engine/event-codec';
import { EventLogError } from '../../event-log';
import { PRIVATE_FILE, PRIVATE_FOLDER } from '../private-files';
import {
  type SegmentBlock,
  MAX_INDEX_BYTES,
  type SegmentIndex,
  TAIL_BYTES,
  asLines,
  decodeIndex,
  encodeIndex,
  fromLines,
  indexLength,
  pack,
  sha256,
  unpack,
} from './segment';

/** A file that was written, as a whole. */
export interface WrittenSegment {
  readonly bytes: number;
  /** SHA-256 of the file, in hex, as `sha256sum` prints it. */
  readonly sha256: string;
}

const HINT = 'Restore it from a backup of the archive; `npx opensqt verify` checks the others.';

/** `events-0000000000000001-0000000000002000.jsonl.zst`: names sort as positions do. */
export function segmentName(log: string, first: number, last: number): string {
  const digits = (position: number): string => String(position).padStart(16, '0');
  return `${stem(log)}-${digits(first)}-${digits(last)}.jsonl.zst`;
}

/** The positions in a name made by {@link segmentName} for that log; undefined for any other name. */
export function positionsIn(name: string, log: string): { first: number; last: number } | undefined {
  const [, of, first, last] = /^(.+)-(\d{16})-(\d{16})\.jsonl\.zst$/.exec(name) ?? [];
  return of === stem(log) ? { first: Number(first), last: Number(last) } : undefined;
}

/** True for the name of a segment of these positions, of whatever log: a log that was renamed keeps its segments. */
export function isSegmentName(name: string, first: number, last: number): boolean {
  const [, from, to] = /^.+-(\d{16})-(\d{16})\.jsonl\.zst$/.exec(name) ?? [];
  return Number(from) === first && Number(to) === last;
}

/** The name of a file until it is whole. */
export function temporaryName(path: string): string {
  return `${path}.tmp`;
}

/**
 * Writes a segment under its temporary name and puts it on the disk. {@link publishSegment} gives it its own.
 *
 * @param blocks the rows of each block, in order
 */
export async function writeSegment(
  path: string,
  blocks: AsyncIterable<readonly EventRow[]>,
): Promise<WrittenSegment> {
  await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
  const file = await open(temporaryName(path), 'w', PRIVATE_FILE);
  try {
    const hash = createHash('sha256');
    const index: SegmentBlock[] = [];
    let bytes = 0;
    const write = async (part: Buffer): Promise<void> => {
      await file.writeFile(part); // all of it, where write() may stop half way
      hash.update(part);
      bytes += part.length;
    };
    for await (const rows of blocks) {
      const frame = await pack(asLines(rows));
      const [first, last] = [rows[0]?.position ?? 0, rows.at(-1)?.position ?? 0];
      const types = [...new Set(rows.map(({ type }) => type))].toSorted();
      index.push({ first, last, offset: bytes, length: frame.length, sha256: sha256(frame), types });
      await write(frame);
    }
    const [first, last] = [index[0]?.first ?? 0, index.at(-1)?.last ?? 0];
    await write(encodeIndex({ format: 1, first, last, blocks: index }));
    await file.sync();
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}

/** Gives a written segment its name, for good: it is there whole or not at all, also after a power cut. */
export async function publishSegment(path: string): Promise<void> {
  await rename(temporaryName(path), path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** A segment that is open for reading. Every block is checked against its checksum before it is unpacked. */
export class SegmentFile {
  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    readonly index: SegmentIndex,
  ) {}

  /** @throws EventLogError (rejects) `LOG_UNREADABLE` when it is missing, cut short or damaged in its index */
  static async open(path: string): Promise<SegmentFile> {
    const file = await openFile(path);
    try {
      return new SegmentFile(path, file, await readIndex(path, file));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** @throws EventLogError (rejects) `LOG_UNREADABLE` when the block is damaged */
  async lines(block: SegmentBlock): Promise<string> {
    const what = `positions ${block.first} to ${block.last} are damaged`;
    const frame = await readAt(this.file, block.offset, block.length);
    if (sha256(frame) !== block.sha256) throw broken(this.path, `${what}: their checksum is wrong`);
    try {
      return await unpack(frame);
    } catch (cause) {
      throw broken(this.path, what, cause);
    }
  }

  /** @throws EventLogError (rejects) `LOG_UNREADABLE` when the block is damaged, or holds other rows than the index says */
  async rows(block: SegmentBlock): Promise<readonly EventRow[]> {
    const what = `positions ${block.first} to ${block.last} are not what its index says`;
    const lines = await this.lines(block);
    let rows: readonly EventRow[];
    try {
      rows = fromLines(lines);
    } catch (cause) {
      throw broken(this.path, what, cause);
    }
    const isWhole = rows.length === block.last - block.first + 1;
    if (isWhole && rows.every(({ position }, i) => position === block.first + i)) return rows;
    throw broken(this.path, what);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** SHA-256 and size of a file, for {@link WrittenSegment}. */
export async function digestOf(path: string): Promise<WrittenSegment> {
  const file = await openFile(path);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of file.createReadStream()) {
    const part = chunk as Buffer;
    hash.update(part);
    bytes += part.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Opens a file that is one: a pipe or a device would be read without end. */
async function openFile(path: string): Promise<FileHandle> {
  try {
    if (!(await stat(path)).isFile()) throw new Error('it is no regular file');
    return await open(path, 'r');
  } catch (cause) {
    throw broken(path, "it can't be opened", cause);
  }
}

async function readIndex(path: string, file: FileHandle): Promise<SegmentIndex> {
  const { size } = await file.stat();
  const tail = size < TAIL_BYTES ? Buffer.alloc(0) : await readAt(file, size - TAIL_BYTES, TAIL_BYTES);
  const length = indexLength(tail);
  if (length === undefined || length > Math.min(size - TAIL_BYTES, MAX_INDEX_BYTES))
    throw broken(path, 'it is cut short or no segment');
  const json = await readAt(file, size - TAIL_BYTES - length, length);
  const index = decodeIndex(json, tail, size);
  if (index === undefined) throw broken(path, 'its index is damaged: its checksum is wrong');
  return index;
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(bytes, read, length - read, offset + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}

/** A segment that can't be read. */
function broken(path: string, what: string, cause?: unknown): EventLogError {
  const why = cause instanceof Error ? ` (${cause.message})` : '';
  const message = `The archive segment ${path} can't be read: ${what}${why}. ${HINT}`;
  return new EventLogError('LOG_UNREADABLE', message, { cause });
}

function stem(log: string): string {
  return basename(log).replace(/\.[^.]+$/, '');
}
