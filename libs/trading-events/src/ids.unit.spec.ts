import fc from 'fast-check';
import { derivedId, randomIds, seededIds } from './ids';
import { seededRandom } from './random';

const UUID = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('ids', () => {
  it('carry their time, so that they sort by it', () => {
    const nextId = randomIds();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (time) => {
        const [, high = '', low = '', version] = UUID.exec(nextId(time)) ?? [];
        expect(parseInt(high + low, 16)).toBe(time);
        expect(version).toBe('7');
      }),
    );
  });

  it('are unique, also within a millisecond', () => {
    const nextId = randomIds();
    expect(new Set(Array.from({ length: 10_000 }, () => nextId(1))).size).toBe(10_000);
  });

  it('repeat with their seed, and only with it', () => {
    const ids = (seed: string): readonly string[] => {
      const nextId = seededIds(seed);
      return [nextId(1), nextId(1), nextId(2)];
    };
    expect(ids('a')).toEqual(ids('a'));
    expect(ids('a')).not.toEqual(ids('b'));
    expect(new Set(ids('a')).size).toBe(3);
  });

  it('derived from the same parts are the same, whatever the parts contain', () => {
    expect(derivedId('a', 'b')).toBe(derivedId('a', 'b'));
    expect(derivedId('a', 'b')).not.toBe(derivedId('ab'));
    expect(derivedId('a,b')).not.toBe(derivedId('a', 'b'));
    expect(UUID.exec(derivedId('a'))?.[3]).toBe('8');
  });
});

describe('seeded randomness', () => {
  it('is uniform enough to gamble with paper money', () => {
    const random = seededRandom(1);
    const buckets = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const bucket = Math.floor(random() * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('depends on the whole seed', () => {
    expect(seededRandom('seed-1')()).not.toBe(seededRandom('seed-2')());
    expect(seededRandom(1)()).toBe(seededRandom('1')());
  });
});
