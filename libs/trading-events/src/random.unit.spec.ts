import { seededRandom } from './random';

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
