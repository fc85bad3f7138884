import type { Retention } from '../../engine/retention';
import { BLOCK_EVENTS } from './segment';

/** The contents of the live log. */
export interface LiveEvents {
  readonly first: number;
  readonly last: number;
  /** Epoch milliseconds. */
  readonly firstCommittedAt: number;
  /** Bytes in use. */
  readonly bytes: number;
  /** The last position that was committed at or before that time (epoch milliseconds). */
  committedBy(time: number): number;
}

/** Events are archived once they exceed a limit, and then so many that it takes a while until the next time. */
const SLACK = 0.1;

/**
 * Decides up to which position events are to be archived now; undefined when none are. The newest event always stays, so
 * that the log knows its position.
 *
 * By age it is due when the oldest event exceeds the limit by a tenth, and then of all that exceed it; by size, of whole
 * blocks until a tenth of the limit is free.
 *
 * @param now epoch milliseconds
 */
export function lastToArchive(
  { maxAge, maxSize }: Retention,
  live: LiveEvents,
  now: number,
): number | undefined {
  const byAge =
    maxAge !== undefined && live.firstCommittedAt < now - maxAge * (1 + SLACK)
      ? live.committedBy(now - maxAge)
      : 0;
  const bySize = maxSize !== undefined && live.bytes > maxSize ? endOfExcess(live, maxSize) : 0;
  const last = Math.min(Math.max(byAge, bySize), live.last - 1);
  return last >= live.first ? last : undefined;
}

function endOfExcess({ first, last, bytes }: LiveEvents, maxSize: number): number {
  const excess = 1 - ((1 - SLACK) * maxSize) / bytes;
  const end = first + Math.ceil((last - first + 1) * excess) - 1;
  const wholeBlocks = Math.ceil(end / BLOCK_EVENTS) * BLOCK_EVENTS;
  return wholeBlocks < last ? wholeBlocks : Math.floor((last - 1) / BLOCK_EVENTS) * BLOCK_EVENTS;
}
