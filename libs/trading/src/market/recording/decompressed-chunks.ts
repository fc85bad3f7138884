import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { TradingError } from '../../trading-error';

const GZIP_MAGIC = [0x1f, 0x8b];
const ZIP_MAGIC = [0x50, 0x4b, 0x03, 0x04];
/** Bytes that are decompressed in one go: deflate makes at most 1,032 of each, and all of it must fit into memory. */
const INPUT_BYTES = 4_096;

/**
 * The bytes of a file, decompressed when its first bytes say that it is gzip. Of a file that breaks off or is damaged
 * everything before the fault is yielded, then `onDamage` is called.
 *
 * @throws TradingError `RECORDING_UNREADABLE` for a zip archive, and what the file system throws
 */
export async function* decompressedChunks(
  path: string,
  onDamage: (reason: string) => void,
): AsyncGenerator<Buffer> {
  let inflate: ((chunk: Buffer | undefined) => Promise<Buffer[]>) | undefined;
  let first = true;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    if (first) {
      first = false;
      if (beginsWith(chunk, ZIP_MAGIC)) throw zipArchive(path);
      if (beginsWith(chunk, GZIP_MAGIC)) inflate = inflater(onDamage);
    }
    if (inflate === undefined) yield chunk;
    else {
      for (let from = 0; from < chunk.length; from += INPUT_BYTES)
        yield* await inflate(chunk.subarray(from, from + INPUT_BYTES));
    }
  }
  if (inflate !== undefined) yield* await inflate(undefined);
}

/**
 * Feeds gunzip one chunk at a time and collects what comes out, because a stream that fails drops what is still in its
 * buffers.
 */
function inflater(onDamage: (reason: string) => void): (chunk: Buffer | undefined) => Promise<Buffer[]> {
  const gunzip = createGunzip();
  let output: Buffer[] = [];
  let damaged = false;
  let flushed = (): void => undefined;
  gunzip.on('data', (bytes: Buffer) => output.push(bytes));
  gunzip.on('error', (error) => {
    damaged = true;
    onDamage(`the gzip data is damaged or breaks off (${error.message})`);
  });
  gunzip.on('end', () => flushed());
  gunzip.on('close', () => flushed());
  return async (chunk) => {
    if (!damaged) {
      await new Promise<void>((resolve) => {
        flushed = resolve;
        if (chunk === undefined) gunzip.end();
        else gunzip.write(chunk, () => resolve());
      });
    }
    const ready = output;
    output = [];
    return ready;
  };
}

function beginsWith(chunk: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, index) => chunk[index] === byte);
}

function zipArchive(path: string): TradingError {
  return new TradingError(
    'RECORDING_UNREADABLE',
    `The recording ${path} is a zip archive, which is not read. Unzip it, and name the file that was in it; gzip is read as it is.`,
  );
}
