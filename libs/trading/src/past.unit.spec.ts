import type { MarketEvent } from './market/market-event';
import { feedOf, ofType, record, swinging, trade } from './testing/recorded-run';

const SYMBOLS = [{ symbol: 'AAAEUR' }, { symbol: 'BBBEUR' }];
const names = SYMBOLS.map(({ symbol }) => symbol);

describe('samples', () => {
  it('state each symbol at most once in the interval, with what live events and orders say', async () => {
    const { events } = await record({ symbols: SYMBOLS }, { feed: feedOf(swinging(names, 600)) });
    for (const symbol of names) {
      const samples = ofType(events, 'market.sampled').filter(({ data }) => data.symbol === symbol);
      expect(samples.length).toBeGreaterThan(50);
      samples.slice(1).forEach(({ occurredAt }, index) => {
        expect(occurredAt - (samples[index]?.occurredAt ?? 0)).toBeGreaterThanOrEqual(10_000);
      });
      for (const sample of samples) {
        const before = events.slice(0, events.indexOf(sample));
        const prices = ofType(before, 'price.updated').filter(({ data }) => data.symbol === symbol);
        expect(sample.data.price).toBe(prices.at(-1)?.data.price);
        const { bestBid, bestAsk } = sample.data;
        if (bestBid !== undefined && bestAsk !== undefined)
          expect(Number(bestBid)).toBeLessThan(Number(bestAsk));
      }
      expect(samples.some(({ data }) => data.bestBid !== undefined && data.unrealizedPnl !== '0')).toBe(true);
    }
  });

  it('are not stated while nothing changes', async () => {
    const feed = feedOf([trade('AAAEUR', 1_000_000, 100), trade('AAAEUR', 1_300_000, 100)]);
    const { events } = await record({ symbols: [{ symbol: 'AAAEUR' }] }, { feed });
    expect(ofType(events, 'market.sampled').length).toBeLessThanOrEqual(2);
  });

  it('come as often as the option says', async () => {
    const run = { feed: feedOf(swinging(['AAAEUR'], 600)) };
    const { events } = await record({ symbols: [{ symbol: 'AAAEUR' }], sampleInterval: '60s' }, run);
    expect(ofType(events, 'market.sampled').length).toBeLessThanOrEqual(10);
  });

  it('hold every call to the exchange once, by operation and outcome', async () => {
    const { events } = await record({ symbols: SYMBOLS }, { feed: feedOf(swinging(names, 600)) });
    const calls = new Map<string, number>();
    const add = (key: string, count: number) => calls.set(key, (calls.get(key) ?? 0) + count);
    for (const { data } of ofType(events, 'exchange.call_completed')) {
      add(`${data.operation} ${data.outcome}`, 1);
    }
    expect(calls.size).toBeGreaterThan(2);
    const samples = ofType(events, 'exchange.sampled');
    for (const { data } of samples) {
      for (const count of Object.values(data.calls)) add(`${data.operation} ${data.outcome}`, -count);
    }
    expect([...calls.values()].every((left) => left === 0)).toBe(true);
    const sum = (each: readonly number[]) => each.reduce((total, one) => total + one, 0);
    const durations = ofType(events, 'exchange.call_completed').map(({ data }) => data.durationMs);
    expect(sum(samples.map(({ data }) => data.sumMs))).toBeCloseTo(sum(durations), 3);
  });
});

describe('a pause of quoting', () => {
  const pauses = async (options: object, feed: readonly MarketEvent[]) => {
    const { events } = await record({ symbols: [{ symbol: 'AAAEUR' }], ...options }, { feed: feedOf(feed) });
    return [...events].flatMap((event) =>
      event.type === 'quoting.paused' || event.type === 'quoting.resumed'
        ? [`${event.type.slice(8)} ${event.data.reason}`]
        : [],
    );
  };

  it('is stated from the start until the first quotes, and at the end', async () => {
    expect(await pauses({}, swinging(['AAAEUR'], 60))).toEqual([
      'paused warming_up',
      'resumed warming_up',
      'paused ended',
    ]);
  });

  it('is stated for a lost stream, for the wait for its first price, and once for each change', async () => {
    const feed: readonly MarketEvent[] = [
      ...swinging(['AAAEUR'], 10),
      { type: 'connection_lost', time: 1_010_000, stream: 'market', reason: 'reset' },
      { type: 'connection_restored', time: 1_055_000, stream: 'market', attempts: 3 },
      ...swinging(['AAAEUR'], 10, 1_056_000),
    ];
    expect((await pauses({}, feed)).slice(2)).toEqual([
      'paused disconnected',
      'paused stale_price',
      'resumed stale_price',
      'paused ended',
    ]);
  });

  it('is stated for a breaker, with how long it lasted', async () => {
    const drop = Array.from({ length: 40 }, (_, i) =>
      trade('AAAEUR', 1_301_000 + i * 1000, 100 - 0.2 * i, '50'),
    );
    const feed = [...swinging(['AAAEUR'], 300), ...drop, ...swinging(['AAAEUR'], 900, 1_345_000)];
    const risk = { cooldown: 600_000, maxVolatility: 0.05 };
    const { events } = await record({ symbols: [{ symbol: 'AAAEUR' }], risk }, { feed: feedOf(feed) });
    const paused = ofType(events, 'quoting.paused').find(({ data }) => data.reason === 'breaker');
    const resumed = ofType(events, 'quoting.resumed').find(({ data }) => data.reason === 'breaker');
    expect(paused?.occurredAt).toBe(ofType(events, 'circuit_breaker.tripped')[0]?.occurredAt);
    expect(resumed?.data.pausedMs).toBe((resumed?.occurredAt ?? 0) - (paused?.occurredAt ?? 0));
    expect(resumed?.data.pausedMs).toBeGreaterThanOrEqual(600_000);
  });

  it('is stated for a panic', async () => {
    const feed = swinging(['AAAEUR'], 900).map((each, index) =>
      index === 600 ? { ...each, price: '0.001' } : each,
    );
    expect(await pauses({}, feed)).toEqual(
      expect.arrayContaining(['paused strategy_panic', 'resumed strategy_panic']),
    );
  });

  it.each([
    ['rounds to zero', { lotSize: '1' }],
    ['lies below the least price × quantity', { minNotional: '50' }],
  ])('is stated for an order size that %s, where no price was known at the start', async (_, rules) => {
    const symbols = [{ symbol: 'AAAEUR', ...rules, strategy: { orderNotional: '5' } }];
    const recorded = {
      exchange: { source: 'recording' },
      recording: [{ symbol: 'AAAEUR', path: 'fed.csv' }],
    };
    expect(await pauses({ symbols, ...recorded }, swinging(['AAAEUR'], 60))).toEqual([
      'paused warming_up',
      'paused order_size',
      'paused ended',
    ]);
  });

  it('is stated for a limit that leaves no order', async () => {
    expect(await pauses({ risk: { maxPosition: '1' } }, swinging(['AAAEUR'], 60))).toEqual([
      'paused warming_up',
      'paused limit',
      'paused ended',
    ]);
  });
});
