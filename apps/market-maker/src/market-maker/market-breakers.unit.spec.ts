import { MarketBreakers } from './market-breakers';

const REQUEST = { by: 'eve', reason: 'prices were checked' };

/** A market maker with a tripped breaker, and a log that it takes some time to write to. */
function marketMaker() {
  const tripped = ['BTCUSDT', 'global'];
  const asked: string[] = [];
  return {
    asked,
    trippedBreakers: tripped,
    resetBreaker(scope: string, { by }: { readonly by: string } = { by: 'operator' }): boolean {
      asked.push(`${scope} by ${by}`);
      const index = tripped.indexOf(scope);
      if (index >= 0) tripped.splice(index, 1);
      return index >= 0;
    },
  };
}

describe('the breakers of the market maker', () => {
  it('cannot be reset before it trades, nor afterwards', async () => {
    const breakers = new MarketBreakers();
    await expect(breakers.reset('BTCUSDT', REQUEST)).rejects.toThrow('Nothing is traded at the moment');
    breakers.follow(marketMaker(), () => Promise.resolve());
    breakers.leave();
    await expect(breakers.reset('BTCUSDT', REQUEST)).rejects.toThrow('Nothing is traded at the moment');
  });

  it('are reset once that is on disk, with what is still tripped', async () => {
    const market = marketMaker();
    const breakers = new MarketBreakers();
    const written: string[] = [];
    breakers.follow(market, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      written.push(...market.asked);
    });
    expect(await breakers.reset('BTCUSDT', REQUEST)).toEqual({ reset: true, tripped: ['global'] });
    expect(written).toEqual(['BTCUSDT by eve']);
    expect(await breakers.reset('BTCUSDT', REQUEST)).toEqual({ reset: false, tripped: ['global'] });
  });

  it.each([
    ['fails', () => Promise.reject(new Error('the disk is full')), 'the disk is full'],
    ['hangs', () => new Promise<void>(() => undefined), 'longer than 10 ms'],
  ])('say that the reset may be lost while the log %s', async (_, flushed, words) => {
    const breakers = new MarketBreakers(10);
    breakers.follow(marketMaker(), flushed);
    await expect(breakers.reset('global', REQUEST)).rejects.toThrow(words);
  });
});
