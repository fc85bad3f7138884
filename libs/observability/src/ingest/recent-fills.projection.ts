import { hash } from 'node:crypto';
import type { OrderFilled } from '@opensqt/trading-events';
import type { Projection } from '../projections/projection';
import { codecOf, setOf } from '../projections/state-codec';

/** The last fills, each by a hash of its symbol, order and fill id, the oldest first. */
export type RecentFills = Set<string>;

/** A venue that repeats fills, as after a reconnect, repeats its last ones. */
const REMEMBERED = 10_000;
/** 66 bits: two of the fills that are remembered are mistaken for one with a probability of 10⁻¹². */
const HASH_LENGTH = 11;

/** The fills that were recorded last, so that one is recognised under whatever event id it comes again, over restarts too. */
export const recentFillsProjection: Projection<RecentFills, 'order.filled'> = {
  name: 'recent_fills',
  version: 1,
  handles: ['order.filled'],
  initial: () => new Set(),
  evolve: (fills, { data }) => {
    rememberFill(fills, data);
    return fills;
  },
  encode: (fills) => codec.encode({ fills }),
  decode: (encoded) => codec.decode(encoded).fills,
};

const codec = codecOf<{ fills: RecentFills }>({ fills: setOf<string>() });

/** Adds a fill, and forgets the oldest where there are too many. False when it was there before. */
export function rememberFill(fills: RecentFills, { symbol, orderId, fillId }: OrderFilled): boolean {
  const key = hash('sha1', `${symbol}\0${orderId}\0${fillId}`, 'base64url').slice(0, HASH_LENGTH);
  if (fills.has(key)) return false;
  fills.add(key);
  if (fills.size > REMEMBERED) for (const oldest of fills) return fills.delete(oldest);
  return true;
}
