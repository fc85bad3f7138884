import type { OrderFilled } from '@opensqt/trading-events';
import type { Projection } from '../../projections/projection';
import { codecOf, setOf } from '../../projections/state-codec';
import { TextHash } from './text-hash';

/**
 * The last fills, each by a hash of its symbol, order and fill id, in two sets: a set that forgets its oldest entry again and again passes by the
 * holes of all that it forgot before. Two of the fills that are remembered are mistaken for one with a probability of 10⁻⁸.
 */
export interface RecentFills {
  young: Set<number>;
  old: Set<number>;
}

/** So many at least, and twice as many at most: a venue that repeats fills, as after a reconnect, repeats its last ones. */
const REMEMBERED = 10_000;

/** The fills that were recorded last, so that one is recognised under whatever event id it comes again, over restarts too. */
export const recentFillsProjection: Projection<RecentFills, 'order.filled'> = {
  name: 'recent_fills',
  version: 2,
  handles: ['order.filled'],
  initial: () => ({ young: new Set(), old: new Set() }),
  evolve: (fills, { data }) => {
    rememberFill(fills, data);
    return fills;
  },
  ...codecOf<RecentFills>({ young: setOf<number>(), old: setOf<number>() }),
};

const hash = new TextHash();

/** Adds a fill, and forgets the oldest ones where there are too many. False when it was there before. */
export function rememberFill(fills: RecentFills, { symbol, orderId, fillId }: OrderFilled): boolean {
  const { number: key } = hash.read(`${symbol}\0${orderId}\0${fillId}`);
  if (fills.young.has(key) || fills.old.has(key)) return false;
  fills.young.add(key);
  if (fills.young.size === REMEMBERED) {
    fills.old = fills.young;
    fills.young = new Set();
  }
  return true;
}
