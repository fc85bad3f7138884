import { TokenBucket } from './token-bucket';

function bucketAt(start: number, limit: { burst: number; refill?: number; intervalMs: number }) {
  let now = start;
  const bucket = new TokenBucket({ now: () => now }, limit);
  return { bucket, pass: (ms: number) => (now += ms) };
}

describe('a token bucket', () => {
  it('lets a burst pass and then one per interval', () => {
    const { bucket, pass } = bucketAt(0, { burst: 2, intervalMs: 1_000 });
    expect([bucket.tryConsume(), bucket.tryConsume(), bucket.tryConsume()]).toEqual([true, true, false]);
    expect(bucket.waitMs()).toBe(1_000);
    pass(400);
    expect(bucket.waitMs()).toBe(600);
    pass(600);
    expect([bucket.tryConsume(), bucket.tryConsume()]).toEqual([true, false]);
  });

  it('refills several tokens per interval evenly, and never more than the burst', () => {
    const { bucket, pass } = bucketAt(0, { burst: 3, refill: 20, intervalMs: 1_000 });
    for (let i = 0; i < 3; i++) bucket.consume();
    expect(bucket.waitMs()).toBe(50);
    pass(60_000);
    expect([1, 2, 3, 4].map(() => bucket.tryConsume())).toEqual([true, true, true, false]);
  });

  it('pays a debt off before it lets anything pass', () => {
    const { bucket, pass } = bucketAt(0, { burst: 1, intervalMs: 100 });
    for (let i = 0; i < 3; i++) bucket.consume();
    expect(bucket.waitMs()).toBe(300);
    pass(300);
    expect(bucket.tryConsume()).toBe(true);
  });

  it('takes a token back, up to the burst', () => {
    const { bucket } = bucketAt(0, { burst: 1, intervalMs: 1_000 });
    bucket.consume();
    bucket.giveBack();
    bucket.giveBack();
    expect([bucket.tryConsume(), bucket.tryConsume()]).toEqual([true, false]);
  });

  it('adds nothing for a clock that goes backwards, and counts on from there', () => {
    const { bucket, pass } = bucketAt(10_000, { burst: 1, intervalMs: 1_000 });
    bucket.consume();
    pass(-5_000);
    expect(bucket.waitMs()).toBe(1_000);
    pass(1_000);
    expect(bucket.waitMs()).toBe(0);
  });
});
