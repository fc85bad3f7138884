import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { type EventRow, oddColumn } from '../../engine/event-codec';

/**
 * A segment is a run of the log in a file of its own, for good: zstd frames of JSON lines, a row a line, and at the end an
 * index in a skippable frame, so that `zstd -dc` prints the rows and a reader finds any position without unpacking the rest
 * (frames: RFC 8878, section 3.1).
 *
 *     frame: rows 1 … 2000 │ frame: rows 2001 … 4000 │ … │ skippable frame: index JSON, its SHA-256, its length, mark
 */
export interface SegmentIndex {
  readonly format: 1;
  /** First and last position. */
  readonly first: number;
  readonly last: number;
  readonly blocks: readonly SegmentBlock[];
}

/** Rows that are packed together. */
export interface SegmentBlock {
  readonly first: number;
  readonly last: number;
  /** Offset of its frame in the file, in bytes. */
  readonly offset: number;
  readonly length: number;
  /** SHA-256 of the frame, in hex. */
  readonly sha256: string;
  /** The event types in it, so that a read of others need not unpack it. */
  readonly types: readonly string[];
}

/** Blocks end at multiples of this many positions, as reads from the log's beginning do. */
export const BLOCK_EVENTS = 2_000;

/** SHA-256 of the index, its length, and the mark. */
export const TAIL_BYTES = 32 + 4 + 8;
/** A block's bytes, packed or not: 32 KiB an event, where texts are cut at 8 KB. A file that holds more is none of ours. */
export const MAX_BLOCK_BYTES = 64 * 1024 * 1024;
/** Blocks of a segment. Each may be long to unpack, and many may be the same bytes of the file. */
export const MAX_BLOCKS = 50;
export const MAX_INDEX_BYTES = 4 * 1024 * 1024;
const MARK = Buffer.from('OSQTSEG1');
const SKIPPABLE_FRAME = 0x18_4d_2a_50;
const LEVEL = 6;

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** In hex. */
export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The rows as the text that is packed. Equal text, equal rows. */
export function asLines(rows: readonly EventRow[]): string {
  return rows
    .map(({ position, id, type, version, source, occurred_at, causation_id, data, committed_at, ...by }) => {
      const row = { position, id, type, version, source, occurred_at, causation_id, data, committed_at };
      const { bot, writer } = by;
      return `${JSON.stringify(bot === null ? row : { ...row, bot, writer })}\n`;
    })
    .join('');
}

/** Packs lines into a frame that carries zstd's own checksum too. */
export async function pack(lines: string): Promise<Buffer> {
  const params = { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 };
  return compress(Buffer.from(lines), { params });
}

/** Unpacks a frame made by {@link pack}; rejects when more comes out than a block can hold. */
export async function unpack(frame: Buffer): Promise<string> {
  return (await decompress(frame, { maxOutputLength: MAX_BLOCK_BYTES })).toString();
}

/** A row of a release that recorded no bots lacks them. */
type WrittenRow = Omit<EventRow, 'bot' | 'writer'> & Partial<Pick<EventRow, 'bot' | 'writer'>>;

/** The rows of unpacked lines. Throws where a line is no row. */
export function fromLines(lines: string): readonly EventRow[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { bot = null, writer = null, ...written } = JSON.parse(line) as WrittenRow;
      const row = { ...written, bot, writer };
      if (!Number.isSafeInteger(row.position) || oddColumn(row) !== undefined)
        throw new TypeError('a line is no event');
      return row;
    });
}

/** The end of a segment's file. */
export function encodeIndex(index: SegmentIndex): Buffer {
  const json = Buffer.from(JSON.stringify(index));
  const frame = Buffer.alloc(8);
  frame.writeUInt32LE(SKIPPABLE_FRAME, 0);
  frame.writeUInt32LE(json.length + TAIL_BYTES, 4);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([frame, json, createHash('sha256').update(json).digest(), length, MARK]);
}

/** Length of the index before the tail, in bytes; undefined when the tail is none. */
export function indexLength(tail: Buffer): number | undefined {
  if (tail.length !== TAIL_BYTES || !tail.subarray(36).equals(MARK)) return undefined;
  return tail.readUInt32LE(32);
}

/**
 * Reads the index from its bytes and the tail; undefined when they don't belong together, or it says what no segment holds.
 *
 * @param size bytes of the file
 */
export function decodeIndex(json: Buffer, tail: Buffer, size: number): SegmentIndex | undefined {
  if (!createHash('sha256').update(json).digest().equals(tail.subarray(0, 32))) return undefined;
  try {
    const index = JSON.parse(json.toString()) as SegmentIndex;
    return isIndex(index, size) ? index : undefined;
  } catch {
    return undefined; // it is no JSON, or no object
  }
}

function isIndex({ format, first, last, blocks }: SegmentIndex, size: number): boolean {
  if (format !== 1 || !Array.isArray(blocks) || blocks.length === 0 || blocks.length > MAX_BLOCKS)
    return false;
  let next = first;
  for (const block of blocks as SegmentIndex['blocks']) {
    const numbers = [block.first, block.last, block.offset, block.length];
    const areCounts = numbers.every((value) => Number.isSafeInteger(value) && value >= 0);
    const holds = block.last - block.first + 1;
    if (!areCounts || block.first !== next || holds < 1 || holds > BLOCK_EVENTS) return false;
    if (block.length > MAX_BLOCK_BYTES || block.offset + block.length > size) return false;
    if (typeof block.sha256 !== 'string' || !Array.isArray(block.types)) return false;
    next = block.last + 1;
  }
  return last === next - 1;
}
