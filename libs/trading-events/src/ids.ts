import { createHash, randomFillSync } from 'node:crypto';
import { seededRandom } from './random';

/** Makes the id of an event that happened at `now` (epoch milliseconds). */
export type IdSource = (now: number) => string;

/**
 * UUIDv7 ids (RFC 9562, section 5.7) from the operating system's randomness: unique everywhere and sorted by time.
 *
 * @example
 * const nextId = randomIds();
 * nextId(Date.now()); // '01932f5e-…'
 */
export function randomIds(): IdSource {
  const pool = new Uint8Array(10 * 256);
  let used = pool.length;
  return (now) => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const bytes = pool.subarray(used, used + 10);
    used += 10;
    return uuidV7(now, bytes);
  };
}

/**
 * UUIDv7 ids whose random part is drawn from a seed: the same seed and times give the same ids, so that a replayed or
 * simulated run repeats its events to the letter.
 *
 * @example
 * const nextId = seededIds('BTCUSDT-1');
 */
export function seededIds(seed: number | string): IdSource {
  const random = seededRandom(`ids:${seed}`);
  return (now) => {
    const bytes = new Uint8Array(10);
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(random() * 256);
    return uuidV7(now, bytes);
  };
}

/**
 * The id that follows from its parts alone (a UUIDv8 over their SHA-256): whoever derives it again gets the same one.
 * Decisions carry such ids, so that deciding twice after a crash cannot record anything twice.
 *
 * @example
 * derivedId('alert.raised', event.id);
 */
export function derivedId(...parts: readonly string[]): string {
  const bytes = createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);
  return formatUuid(bytes, 8);
}

function uuidV7(now: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(now / 2 ** 32));
  view.setUint32(2, now % 2 ** 32);
  bytes.set(random, 6);
  return formatUuid(bytes, 7);
}

function formatUuid(bytes: Uint8Array, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
