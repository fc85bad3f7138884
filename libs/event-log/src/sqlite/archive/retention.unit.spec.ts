import type { Retention } from '../../engine/retention';
import { type LiveEvents, lastToArchive } from './retention';

const HOUR = 3_600_000;
const NOW = 1_000 * HOUR;

/** A hundred thousand events, one a second and the last one just now, that take up 100 MB. */
const live: LiveEvents = {
  first: 50_001,
  last: 150_000,
  firstCommittedAt: NOW - 99_999 * 1_000,
  bytes: 100_000_000,
  committedBy: (time) => 150_000 - Math.ceil((NOW - time) / 1_000),
};

function due(retention: Retention, change: Partial<LiveEvents> = {}): number | undefined {
  return lastToArchive(retention, { ...live, ...change }, NOW);
}

describe('what is to be archived', () => {
  it('is nothing without a limit, or within it', () => {
    expect(due({})).toBeUndefined();
    expect(due({ maxAge: 30 * HOUR })).toBeUndefined();
    expect(due({ maxSize: 100_000_000 })).toBeUndefined();
  });

  it('is all that is too old, once the oldest is too old by a tenth', () => {
    expect(due({ maxAge: 26 * HOUR })).toBeUndefined();
    expect(due({ maxAge: 25 * HOUR })).toBe(150_000 - 25 * 3_600);
  });

  it('is so much that a tenth of the size is free, in whole blocks', () => {
    expect(due({ maxSize: 50_000_000 })).toBe(106_000);
    expect(due({ maxSize: 99_000_000 })).toBe(62_000);
  });

  it('is the larger part of the two', () => {
    expect(due({ maxAge: 25 * HOUR, maxSize: 50_000_000 })).toBe(106_000);
    expect(due({ maxAge: 1 * HOUR, maxSize: 50_000_000 })).toBe(146_400);
  });

  it('is never the newest event', () => {
    expect(due({ maxAge: 0 }, { committedBy: () => 150_000 })).toBe(149_999);
    expect(due({ maxAge: 0 }, { first: 150_000, committedBy: () => 150_000 })).toBeUndefined();
  });

  it('is nothing while what takes up the space is less than a block of events', () => {
    expect(due({ maxSize: 1_000 }, { first: 148_001 })).toBeUndefined();
    expect(due({ maxSize: 1_000 })).toBe(148_000);
  });
});
