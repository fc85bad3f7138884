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
 * The id that follows from its parts alone (a UUIDv8 over their SHA-256): deriving it again gives the same one.
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
  let time = now;
  for (let i = 5; i >= 0; i--) {
    bytes[i] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes.set(random, 6);
  return formatUuid(bytes, 7);
}

const HEX = Buffer.from('0123456789abcdef', 'latin1');
const DASH = 0x2d;
const DASHES_BEFORE = new Set([4, 6, 8, 10]);
const characters = Buffer.alloc(36);

/** Written as one string of 36 characters: one joined of parts is joined at its first reading, on the trading path. */
function formatUuid(bytes: Uint8Array, version: number): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  let at = 0;
  for (let i = 0; i < 16; i++) {
    if (DASHES_BEFORE.has(i)) characters[at++] = DASH;
    const byte = bytes[i] ?? 0;
    characters[at++] = HEX[byte >> 4] ?? 0;
    characters[at++] = HEX[byte & 0x0f] ?? 0;
  }
  return characters.toString('latin1');
}
