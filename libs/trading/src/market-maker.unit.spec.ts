import { type AnyEvent, type TradingEvent, parseEvent } from '@opensqt/trading-events';
import type { MarketEvent } from './market/market-event';
import { resumeFrom } from './resume/resume.projection';
import {
  feedOf,
  ofType,
  record,
  reproducible,
  silent,
  swinging,
  trade,
  unmeasured,
} from './testing/recorded-run';
import { createMarketMaker } from './market-maker';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;

async function simulatedUntil(minutes: number, seed: number, speed: number | 'max' = 'max') {
  return record({ exchange: { seed, speed } }, {}, (event, marketMaker) => {
    if (event.type === 'price.updated' && event.occurredAt >= START + minutes * MINUTE)
      void marketMaker.stop();
  });
}

async function* inChunks(events: readonly TradingEvent[]): AsyncGenerator<readonly AnyEvent[]> {
  for (let i = 0; i < events.length; i += 100) yield events.slice(i, i + 100);
}

describe('a simulated day', () => {
  it.each([1, 2])('of seed %i has every incident, resolved, within four and a half hours', async (seed) => {
    const { events } = await simulatedUntil(270, seed);
    for (const type of [
      'circuit_breaker.tripped',
      'circuit_breaker.reset',
      'risk.limit_breached',
      'risk.limit_cleared',
      'exchange.disconnected',
      'exchange.reconnected',
      'strategy.panicked',
      'strategy.restarted',
    ] as const) {
      expect([type, ofType(events, type).length]).not.toEqual([type, 0]);
    }
    const fills = ofType(events, 'order.filled');
    expect(fills[0]?.occurredAt).toBeLessThan(START + 10 * MINUTE);
    expect(fills.some(({ data }) => Number(data.price) * Number(data.quantity) >= 10_000)).toBe(true);
    expect(ofType(events, 'exchange.reconnected').some(({ data }) => data.downtimeMs > MINUTE)).toBe(true);
    expect(events.filter((event) => parseEvent(event) !== event)).toEqual([]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });

  it('repeats to the letter at any speed', async () => {
    const [fast, paced] = await Promise.all([simulatedUntil(120, 3), simulatedUntil(120, 3, 50_000)]);
    expect(reproducible(paced.events)).toEqual(reproducible(fast.events));
    expect(fast.events.length).toBeGreaterThan(1000);
  });
});

describe('a price that does not move', () => {
  it('is stated again every ten seconds while trades come, and not without them', async () => {
    const flat = Array.from({ length: 61 }, (_, second) => trade('AAAEUR', START + second * 1_000, 100));
    const late = trade('AAAEUR', START + 40 * MINUTE, 101);
    const { events } = await record({ symbols: [{ symbol: 'AAAEUR' }] }, { feed: feedOf([...flat, late]) });
    const stated = ofType(events, 'price.updated').map(({ occurredAt }) => (occurredAt - START) / 1_000);
    expect(stated).toEqual([0, 10, 20, 30, 40, 50, 60, 2_400]);
  });
});

describe('a panic', () => {
  const poisonAt = 600;
  const trades = swinging(['AAAEUR', 'BBBEUR'], 1200).map((each, index) =>
    each.symbol === 'AAAEUR' && Math.floor(index / 2) === poisonAt ? { ...each, price: '0.001' } : each,
  );
  const symbols = [{ symbol: 'AAAEUR' }, { symbol: 'BBBEUR' }];

  it('stops that symbol alone, cancels its orders, and is followed by a restart with backoff', async () => {
    const { events } = await record({ symbols }, { feed: feedOf(trades) });
    const panics = ofType(events, 'strategy.panicked');
    expect(panics.map(({ data }) => [data.symbol, data.error.name])).toEqual([
      ['AAAEUR', 'StrategyInvariantError'],
    ]);
    expect(panics[0]?.data.error.stack).toContain('grid');
    const [restart] = ofType(events, 'strategy.restarted');
    expect(restart?.data).toEqual({ symbol: 'AAAEUR', strategy: 'grid', attempt: 1 });
    expect((restart?.occurredAt ?? 0) - (panics[0]?.occurredAt ?? 0)).toBe(1000);
    const placed = ofType(events, 'order.placed').filter(
      ({ data, occurredAt }) => data.symbol === 'AAAEUR' && occurredAt > (restart?.occurredAt ?? Infinity),
    );
    expect(placed.length).toBeGreaterThan(0);
  });

  it('changes nothing for the others', async () => {
    const options = { symbols, exchange: { latency: 0 } };
    const disturbed = await record(options, { feed: feedOf(trades) });
    const undisturbed = await record(options, { feed: feedOf(swinging(['AAAEUR', 'BBBEUR'], 1200)) });
    const ofOther = (events: readonly TradingEvent[]) =>
      [...ofType(events, 'order.filled'), ...ofType(events, 'position.changed')]
        .filter(({ data }) => data.symbol === 'BBBEUR')
        .map(({ occurredAt, data }) => ({ ...data, occurredAt, orderId: '', fillId: '' }));
    expect(ofOther(disturbed.events).length).toBeGreaterThan(10);
    expect(ofOther(disturbed.events)).toEqual(ofOther(undisturbed.events));
  });
});

describe('a tripped breaker', () => {
  const drop = (from: number) =>
    Array.from({ length: 40 }, (_, i) => trade('AAAEUR', from + i * 1000, 100 - 0.2 * i, '50'));
  const calm = swinging(['AAAEUR'], 300);
  const after = swinging(['AAAEUR'], 1200, 1_000_000 + 345_000);
  const symbols = [{ symbol: 'AAAEUR' }];
  const feed = () => feedOf([...calm, ...drop(1_000_000 + 301_000), ...after]);
  const risk = { cooldown: 600_000, maxVolatility: 0.05 };

  it('cancels the open orders and places nothing until the cooldown has passed', async () => {
    const { events } = await record({ symbols, risk }, { feed: feed() });
    const trip = ofType(events, 'circuit_breaker.tripped')[0];
    const reset = ofType(events, 'circuit_breaker.reset')[0];
    expect(trip?.data).toMatchObject({ scope: 'AAAEUR', reason: 'max_volatility', cooldownMs: 600_000 });
    expect(reset?.data).toEqual({ scope: 'AAAEUR', by: 'cooldown' });
    expect((reset?.occurredAt ?? 0) - (trip?.occurredAt ?? 0)).toBe(600_000);

    const during = events.slice(
      events.findIndex((e) => e === trip),
      events.findIndex((e) => e === reset),
    );
    const sentAfter = ofType(during, 'order.placed').filter(
      ({ occurredAt }) => occurredAt > (trip?.occurredAt ?? 0) + 1000,
    );
    expect(sentAfter).toEqual([]);
    const open = new Set<string>();
    for (const event of events.slice(
      0,
      events.findIndex((e) => e === reset),
    )) {
      if (event.type === 'order.placed') open.add(event.data.orderId);
      if (event.type === 'order.canceled') open.delete(event.data.orderId);
      if (event.type === 'order.filled' && event.data.remaining === '0') open.delete(event.data.orderId);
    }
    expect([...open]).toEqual([]);
    expect(ofType(during, 'order.canceled').some(({ data }) => data.reason === 'circuit_breaker')).toBe(true);
    expect(ofType(events.slice(events.findIndex((e) => e === reset)), 'order.placed').length).toBeGreaterThan(
      0,
    );
  });

  it('is on disk before its orders are cancelled, and all that happens is the same however long that takes', async () => {
    const disks = {
      none: undefined,
      instant: () => Promise.resolve(),
      slow: () => new Promise<void>((resolve) => setTimeout(resolve, 10)),
      broken: () => Promise.reject(new Error('the disk is full')),
      dead: () => new Promise<void>(() => undefined),
    };
    const { events: expected } = await record({ symbols, risk }, { feed: feed() });
    const cancel = expected.findIndex(({ data }) => 'reason' in data && data.reason === 'circuit_breaker');
    for (const [name, flushed] of Object.entries(disks)) {
      const publishedBefore: (readonly TradingEvent[])[] = [];
      const events: TradingEvent[] = [];
      const asked = (disk: () => Promise<void>) => () => {
        publishedBefore.push([...events]);
        return disk();
      };
      const ports = { feed: feed(), publish: (event: TradingEvent) => void events.push(event) };
      await record(
        { symbols, risk },
        { ...ports, ...(flushed === undefined ? {} : { flushed: asked(flushed) }) },
      );
      expect([name, reproducible(events)]).toEqual([name, reproducible(expected)]);
      expect([name, publishedBefore.length]).toEqual([name, flushed === undefined ? 0 : 1]);
      for (const before of publishedBefore) {
        expect(ofType(before, 'circuit_breaker.tripped')).toHaveLength(1);
        expect(before.length).toBeLessThan(cancel);
      }
    }
  });

  it('lets trading go on when an operator resets it, and only then', async () => {
    let wasOpen = false;
    const { events } = await record({ symbols, risk }, { feed: feed() }, (event, marketMaker) => {
      if (event.type === 'price.updated' && event.occurredAt > 1_000_000 + 400_000 && !wasOpen) {
        wasOpen = marketMaker.resetBreaker('AAAEUR');
        expect(marketMaker.resetBreaker('AAAEUR')).toBe(false);
      }
    });
    const resets = ofType(events, 'circuit_breaker.reset');
    expect(resets.map(({ data }) => data.by)).toEqual(['operator']);
    const first = ofType(events, 'order.placed').find(
      ({ occurredAt }) => occurredAt > (resets[0]?.occurredAt ?? Infinity),
    );
    expect((first?.occurredAt ?? Infinity) - (resets[0]?.occurredAt ?? 0)).toBeLessThan(5_000);
  });
});

describe('a lost stream of prices', () => {
  const lostAt = 1_010_000;
  const lostFor = (ms: number, priceAfter: number): readonly MarketEvent[] => [
    ...swinging(['AAAEUR'], 10),
    { type: 'connection_lost', time: lostAt, stream: 'market', reason: 'reset' },
    { type: 'connection_restored', time: lostAt + ms, stream: 'market', attempts: 3 },
    ...[500, 600, 700].map((after) => trade('AAAEUR', lostAt + ms + after, priceAfter)),
  ];
  const run = (events: readonly MarketEvent[]) =>
    record({ symbols: [{ symbol: 'AAAEUR' }] }, { feed: feedOf(events) });

  it('makes the market data stale after a while, and a trip at the first prices after it names it as its cause', async () => {
    const { events } = await run(lostFor(45_000, 120));
    const [lost] = ofType(events, 'exchange.disconnected');
    const [stale] = ofType(events, 'risk.limit_breached').filter(
      ({ data }) => data.limit === 'market_data_age',
    );
    expect(stale).toMatchObject({
      occurredAt: lostAt + 30_000,
      causationId: lost?.id,
      data: { scope: 'AAAEUR', value: 30_000, threshold: 30_000, severity: 'warning' },
    });
    const [cleared] = ofType(events, 'risk.limit_cleared').filter(
      ({ data }) => data.limit === 'market_data_age',
    );
    expect(cleared).toMatchObject({ occurredAt: lostAt + 45_500, causationId: lost?.id, data: { value: 0 } });
    const [trip] = ofType(events, 'circuit_breaker.tripped');
    expect(trip).toMatchObject({ causationId: lost?.id, data: { reason: 'max_volatility' } });
  });

  it('that is back in time makes nothing stale', async () => {
    const { events } = await run(lostFor(29_000, 100));
    expect(ofType(events, 'exchange.reconnected')).toHaveLength(1);
    expect(ofType(events, 'risk.limit_breached')).toEqual([]);
  });
});

describe('a symbol without prices while its stream is connected', () => {
  const silentFrom = 1_010_000;
  const feed = (silentFor: number): readonly MarketEvent[] => [
    ...swinging(['AAAEUR', 'BBBEUR'], 10),
    ...swinging(['BBBEUR'], silentFor / 1_000, silentFrom),
    ...swinging(['AAAEUR', 'BBBEUR'], 10, silentFrom + silentFor),
  ];
  const run = (events: readonly MarketEvent[], maxMarketDataAge?: string) =>
    record(
      {
        symbols: [{ symbol: 'AAAEUR', ...(maxMarketDataAge && { maxMarketDataAge }) }, { symbol: 'BBBEUR' }],
      },
      { feed: feedOf(events) },
    );
  const dataAges = (events: readonly TradingEvent[]) =>
    [...ofType(events, 'risk.limit_breached'), ...ofType(events, 'risk.limit_cleared')].filter(
      ({ data }) => data.limit === 'market_data_age',
    );

  it('is stale after a while: its orders are pulled, and it is quoted again with the next prices', async () => {
    const { events } = await run(feed(60_000));
    const last = silentFrom - 1_000;
    expect(dataAges(events)).toMatchObject([
      { occurredAt: last + 30_000, data: { scope: 'AAAEUR', value: 30_000, threshold: 30_000 } },
      { occurredAt: silentFrom + 60_000, data: { scope: 'AAAEUR', value: 0 } },
    ]);
    const pulled = ofType(events, 'order.canceled').filter(({ data }) => data.reason === 'market_data_lost');
    expect(new Set(pulled.map(({ data }) => data.symbol))).toEqual(new Set(['AAAEUR']));
    const stale = (type: 'quoting.paused' | 'quoting.resumed') =>
      ofType(events, type)
        .filter(({ data }) => data.reason === 'stale_price')
        .map(({ occurredAt, data }) => [data.symbol, occurredAt]);
    expect(stale('quoting.paused')).toEqual([['AAAEUR', last + 30_000]]);
    expect(stale('quoting.resumed')).toEqual([['AAAEUR', silentFrom + 60_000]]);
  });

  it('may have a limit of its own', async () => {
    expect(dataAges((await run(feed(60_000), '2m')).events)).toEqual([]);
    expect(dataAges((await run(feed(6_000), '5s')).events)).toMatchObject([
      { occurredAt: silentFrom + 4_000, data: { scope: 'AAAEUR', threshold: 5_000 } },
      { occurredAt: silentFrom + 6_000 },
    ]);
  });

  it('is stale once as long as that lasts, and also before its first price', async () => {
    const { events } = await run(swinging(['BBBEUR'], 200));
    expect(dataAges(events)).toMatchObject([{ occurredAt: 1_030_000, data: { scope: 'AAAEUR' } }]);
  });

  it('is not stale at the end of the feed, whatever is still to be done', async () => {
    const risk = { maxVolatility: 0.0001 };
    const { events } = await record(
      { symbols: [{ symbol: 'AAAEUR' }], risk },
      { feed: feedOf(swinging(['AAAEUR'], 100)) },
    );
    expect(ofType(events, 'circuit_breaker.reset')).not.toHaveLength(0);
    expect(dataAges(events)).toEqual([]);
  });
});

describe('the end of a run', () => {
  it('cancels every open order before it says that the symbols stopped', async () => {
    const { events, summary } = await simulatedUntil(30, 1);
    const stopped = events.findIndex((event) => event.type === 'symbol.stopped');
    expect(events.slice(stopped).map(({ type, data }) => [type, data])).toEqual([
      ['symbol.stopped', { symbol: 'BTCUSDT', reason: 'process_exit' }],
      ['symbol.stopped', { symbol: 'ETHUSDT', reason: 'process_exit' }],
    ]);
    const done = ofType(events, 'order.filled').filter(({ data }) => data.remaining === '0').length;
    expect(summary.ordersPlaced).toBe(summary.canceled + done);
    expect(ofType(events, 'order.canceled').some(({ data }) => data.reason === 'shutdown')).toBe(true);
  });

  it('idles with its orders open when the feed has ended, until it is stopped', async () => {
    const events: TradingEvent[] = [];
    await new Promise<void>((resolve, reject) => {
      const marketMaker = createMarketMaker(
        { symbols: [{ symbol: 'AAAEUR' }], exchange: { speed: 'max' } },
        {
          publish: (event) => events.push(event),
          logger: silent,
          feed: feedOf(swinging(['AAAEUR'], 60)),
          onFinished: (summary) => {
            expect(summary.finished).toBe(true);
            expect(events.some(({ type }) => type === 'symbol.stopped')).toBe(false);
            setImmediate(() => void marketMaker.stop().then(resolve, reject));
          },
        },
      );
      void marketMaker.run();
    });
    expect(ofType(events, 'order.canceled').map(({ data }) => data.reason)).toContain('shutdown');
    expect(events.at(-1)?.type).toBe('symbol.stopped');
  });

  it('stops in the middle of a long silence', async () => {
    const feed = feedOf([trade('AAAEUR', 0, 100), trade('AAAEUR', 3_600_000, 100)]);
    const marketMaker = createMarketMaker(
      { symbols: [{ symbol: 'AAAEUR' }], exchange: { speed: 1 } },
      { publish: () => undefined, logger: silent, feed },
    );
    const running = marketMaker.run();
    await new Promise((resolve) => setImmediate(resolve));
    await marketMaker.stop();
    expect((await running).finished).toBe(false);
  });
});

describe('a run that resumes', () => {
  it('goes on with positions, breakers and alerts of the earlier one, and repeats no id', async () => {
    // Ends in the flash crash: breakers are open, and the process dies without a word.
    const first = await simulatedUntil(202, 1);
    const crashedAt = first.events.findIndex(({ data }) => 'reason' in data && data.reason === 'shutdown');
    const log = first.events.slice(0, crashedAt < 0 ? first.events.length - 2 : crashedAt);
    const resume = await resumeFrom(inChunks(log));
    expect(resume?.openBreakers.map(({ scope }) => scope).sort()).toEqual(['BTCUSDT', 'ETHUSDT', 'global']);
    if (resume === undefined) return;

    const until = resume.since + 40 * MINUTE;
    const second = await record({ exchange: { seed: 1 }, resume }, {}, (event, marketMaker) => {
      if (event.occurredAt > until) void marketMaker.stop();
    });
    const ids = [...log, ...second.events].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const orderIds = [...log, ...second.events].flatMap((e) =>
      e.type === 'order.placed' ? [e.data.orderId] : [],
    );
    expect(new Set(orderIds).size).toBe(orderIds.length);

    const resets = ofType(second.events, 'circuit_breaker.reset');
    expect(resets.map(({ data }) => data.scope).sort()).toEqual(['BTCUSDT', 'ETHUSDT', 'global']);
    expect(
      Math.min(...ofType(second.events, 'order.placed').map(({ occurredAt }) => occurredAt)),
    ).toBeGreaterThan(resets[0]?.occurredAt ?? Infinity);
    const whole = await resumeFrom(inChunks([...log, ...second.events]));
    for (const symbol of ['BTCUSDT', 'ETHUSDT']) {
      const last = ofType(second.events, 'position.changed').findLast(({ data }) => data.symbol === symbol);
      expect(whole?.positions.find((position) => position.symbol === symbol)?.size).toBe(last?.data.size);
    }
    expect(Math.min(...second.events.map(({ occurredAt }) => occurredAt))).toBeGreaterThan(resume.since);
  });

  it('says once of a symbol that is not configured any more that it is stopped', async () => {
    const both = [{ symbol: 'AAAEUR' }, { symbol: 'BBBEUR' }];
    const first = await record({ symbols: both }, { feed: feedOf(swinging(['AAAEUR', 'BBBEUR'], 600)) });
    const one = { symbols: [{ symbol: 'AAAEUR' }] };
    const log = [...first.events];
    for (const expected of [['BBBEUR'], []]) {
      const resume = await resumeFrom(inChunks(log));
      const { events } = await record({ ...one, resume }, { feed: feedOf(swinging(['AAAEUR'], 900)) });
      const stopped = ofType(events, 'symbol.stopped').filter(({ data }) => data.reason === 'not_configured');
      expect(stopped.map(({ data }) => data.symbol)).toEqual(expected);
      log.push(...events);
    }
  });

  it('states the fate of orders, panics and connections that were left open', async () => {
    const { events } = await record(
      {
        symbols: [{ symbol: 'AAAEUR' }],
        resume: {
          since: 1_000_000,
          positions: [{ symbol: 'AAAEUR', strategy: 'grid', size: '1.5', entryPrice: '99' }],
          openOrders: [{ symbol: 'AAAEUR', strategy: 'grid', orderId: 'old-1', side: 'buy' }],
          openBreakers: [],
          breachedLimits: [{ scope: 'AAAEUR', limit: 'max_position', threshold: '100', severity: 'warning' }],
          panickedStrategies: [{ symbol: 'AAAEUR', strategy: 'grid' }],
          lostStreams: [{ exchange: 'paper', stream: 'market', since: 990_000 }],
          lastPrices: {},
          ...unmeasured,
        },
      },
      { feed: feedOf(swinging(['AAAEUR'], 30)) },
    );
    expect(ofType(events, 'order.canceled')[0]?.data).toMatchObject({
      orderId: 'old-1',
      reason: 'not_found_at_venue',
    });
    const types = events.map(({ type }) => type);
    expect(types.indexOf('order.canceled')).toBeLessThan(types.indexOf('order.placed'));
    expect(ofType(events, 'exchange.call_completed')[0]?.data).toMatchObject({ operation: 'open_orders' });
    expect(ofType(events, 'strategy.restarted')).toHaveLength(1);
    expect(ofType(events, 'exchange.reconnected')[0]?.data).toMatchObject({
      stream: 'market',
      downtimeMs: 11_000,
    });
    expect(ofType(events, 'risk.limit_cleared')[0]?.data).toMatchObject({
      scope: 'AAAEUR',
      limit: 'max_position',
    });
    expect(Number(ofType(events, 'position.marked')[0]?.data.unrealizedPnl)).toBeGreaterThan(0);
  });

  it('has nothing to resume in an empty log', async () => {
    expect(await resumeFrom(inChunks([]))).toBeUndefined();
  });
});

describe('market makers that share a log', () => {
  const run = (name?: string) =>
    record(
      { ...(name && { name }), symbols: [{ symbol: 'AAAEUR' }] },
      { feed: feedOf(swinging(['AAAEUR'], 300)) },
    );
  const idsOf = ({ events }: { readonly events: readonly TradingEvent[] }): readonly string[] =>
    events.flatMap((event) => [event.id, ...('orderId' in event.data ? [event.data.orderId] : [])]);

  it('never state an id of one another, also with the same seed, and each repeats its own to the letter', async () => {
    const [one, again, other, alone] = [await run('one'), await run('one'), await run('other'), await run()];
    expect(ofType(one.events, 'order.placed').length).toBeGreaterThan(10);
    expect(reproducible(again.events)).toEqual(reproducible(one.events));
    const ids = new Set(idsOf(one));
    expect([...idsOf(other), ...idsOf(alone)].filter((id) => ids.has(id))).toEqual([]);
    expect(other.summary).toEqual(one.summary);
  });

  it('leave alone what is of symbols that others trade', async () => {
    const left = (symbol: string) => ({
      positions: [{ symbol, strategy: 'grid', size: '1', entryPrice: '99' }],
      openOrders: [{ symbol, strategy: 'grid', orderId: `old-${symbol}`, side: 'buy' as const }],
      openBreakers: [{ scope: symbol, reason: 'max_drawdown', resetsAt: 1_500_000 }],
      breachedLimits: [
        { scope: symbol, limit: 'max_position', threshold: '100', severity: 'warning' as const },
      ],
      panickedStrategies: [{ symbol, strategy: 'grid' }],
    });
    const warnings: string[] = [];
    const resume = { since: 1_000_000, ...left('BBBEUR'), lostStreams: [], lastPrices: {}, ...unmeasured };
    const { events } = await record(
      { name: 'one', symbols: [{ symbol: 'AAAEUR' }], resume },
      {
        feed: feedOf(swinging(['AAAEUR'], 300)),
        logger: { ...silent, warn: (message) => warnings.push(message) },
      },
    );
    expect(ofType(events, 'order.placed').length).toBeGreaterThan(0);
    expect(JSON.stringify(events)).not.toContain('BBBEUR');
    expect(warnings).toEqual([]);
  });
});

describe('a receiver that throws', () => {
  it('does not reach trading and is reported once per kind', async () => {
    const errors: string[] = [];
    const feed = () => feedOf(swinging(['AAAEUR'], 600));
    const options = { symbols: [{ symbol: 'AAAEUR' }] };
    const { summary } = await record(options, { feed: feed() });
    const disturbed = await record(options, {
      feed: feed(),
      logger: { ...silent, error: (message) => errors.push(message) },
      publish: (event) => {
        if (event.type === 'price.updated') throw new RangeError('listener broke');
      },
    });
    expect(disturbed.summary).toEqual(summary);
    expect(errors).toEqual([expect.stringContaining('price.updated threw RangeError: listener broke')]);
  });
});

describe('options that are wrong', () => {
  const ports = { publish: () => undefined, logger: silent };

  it.each([
    [{ exchange: { source: 'recording' as const } }, 'recording: found no recording; allowed: at least one'],
    [
      { symbols: [{ symbol: 'AAAEUR' }, { symbol: 'AAAEUR' }] },
      'symbols[1].symbol: found AAAEUR a second time',
    ],
    [{ symbols: [] }, 'symbols: found an empty list'],
  ])('are refused with a sentence: %j', (options, mentioned) => {
    expect(() => createMarketMaker(options, ports)).toThrow(mentioned);
  });

  it('are refused all at once, with the nearest names', () => {
    const options: object = {
      exchange: { sead: 7, latency: '20' },
      risk: { maxPosition: '-1', cooldown: '2y' },
      symbols: [{ symbol: 'AAAEUR', strategy: { levels: 0, skw: 1 } }],
    };
    const sentences = [
      'exchange.latency: found "20"; allowed: a duration',
      'exchange.sead: found an unknown key; allowed: .*did you mean seed',
      'symbols\\[0\\].strategy.levels: found 0; allowed: a whole number from 1 up to 50',
      'symbols\\[0\\].strategy.skw: found an unknown key; .*did you mean skew',
      'risk.maxPosition: found "-1"; allowed: a decimal above 0',
      'risk.cooldown: found "2y"; allowed: a duration up to 365d',
    ];
    const refused = expect.objectContaining({
      code: 'OPTIONS_INVALID',
      message: expect.stringMatching(new RegExp(sentences.join('[^]*'))),
    });
    let error: unknown;
    try {
      createMarketMaker(options, ports);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toEqual(refused);
  });

  it('accept undefined for every key that is optional', () => {
    const options = { name: undefined, exchange: { seed: undefined }, risk: undefined, resume: undefined };
    expect(() => createMarketMaker(options, ports)).not.toThrow();
  });
});
