import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

const GZIP_MAGIC = [0x1f, 0x8b];

/**
 * The bytes of a file, decompressed when its first bytes say that it is gzip. Of a file that breaks off or is damaged
 * everything before the fault is yielded, then `onDamage` is called.
 *
 * @throws what the file system throws
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
      if (GZIP_MAGIC.every((byte, index) => chunk[index] === byte)) inflate = inflater(onDamage);
    }
    if (inflate === undefined) yield chunk;
    else yield* await inflate(chunk);
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
