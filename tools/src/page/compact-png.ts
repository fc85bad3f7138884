import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const COLOURS = 256;
/** The two highest bits of each channel. */
const PART = 0xc0c0c0;

interface Picture {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel. */
  readonly pixels: Buffer;
}

/**
 * The same picture with 256 of its colours, others as the nearest of these: a third of the bytes, and of a page of text and lines
 * nobody sees a difference.
 *
 * @param png of 8 bits a channel, without interlacing, as browsers write them
 */
export function compactPng(png: Buffer): Buffer {
  const { width, height, pixels } = decode(png);
  const colours = Array.from({ length: width * height }, (_, index) => pixels.readUIntBE(index * 3, 3));
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = paletteOf(counts);
  const indices = new Map(palette.map((colour, index) => [colour, index]));
  const indexOf = (colour: number): number => {
    const known = indices.get(colour) ?? nearest(palette, colour);
    indices.set(colour, known);
    return known;
  };
  const rows = Buffer.alloc((width + 1) * height); // each row begins with its filter: none
  colours.forEach((colour, index) => {
    rows[Math.floor(index / width) * (width + 1) + 1 + (index % width)] = indexOf(colour);
  });
  const header = Buffer.from([...bytes(width), ...bytes(height), 8, 3, 0, 0, 0]);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(channels))),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The most frequent colour of each part of the colour space, then the most frequent of the others. */
function paletteOf(counts: ReadonlyMap<number, number>): readonly number[] {
  const sorted = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour);
  const parts = new Map<number, number>();
  for (const colour of sorted) if (!parts.has(colour & PART)) parts.set(colour & PART, colour);
  return [...new Set([...parts.values(), ...sorted])].slice(0, COLOURS);
}

const channels = (colour: number) => [colour >> 16, (colour >> 8) & 255, colour & 255];

const bytes = (value: number) => [value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255];

function nearest(palette: readonly number[], colour: number): number {
  const wanted = channels(colour);
  const far = palette.map((one) =>
    channels(one).reduce((sum, value, at) => sum + (value - (wanted[at] ?? 0)) ** 2, 0),
  );
  return far.indexOf(Math.min(...far));
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  return Buffer.concat([Buffer.from(bytes(data.length)), body, Buffer.from(bytes(crc32(body)))]);
}

function decode(png: Buffer): Picture {
  const parts: Buffer[] = [];
  for (let at = SIGNATURE.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const [width, height, size] = [png.readUInt32BE(16), png.readUInt32BE(20), png[25] === 6 ? 4 : 3];
  const data = inflateSync(Buffer.concat(parts));
  const row = width * size;
  const pixels = Buffer.alloc(width * height * 3);
  let above = Buffer.alloc(row);
  for (let y = 0; y < height; y++) {
    const start = y * (row + 1);
    const line = unfiltered(data[start] ?? 0, data.subarray(start + 1, start + 1 + row), above, size);
    for (let x = 0; x < width; x++) line.copy(pixels, (y * width + x) * 3, x * size, x * size + 3);
    above = line;
  }
  return { width, height, pixels };
}

/** A row as it was before PNG's filter. */
function unfiltered(filter: number, row: Buffer, above: Buffer, size: number): Buffer<ArrayBuffer> {
  const line = Buffer.alloc(row.length);
  for (let at = 0; at < row.length; at++) {
    const [left, up, corner] = [line[at - size] ?? 0, above[at] ?? 0, above[at - size] ?? 0];
    const guesses = [0, left, up, (left + up) >> 1, paeth(left, up, corner)];
    line[at] = (row[at] ?? 0) + (guesses[filter] ?? 0);
  }
  return line;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(guess - value)) as [number, number, number];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
