import { type TradingEvent, seededIds } from '@opensqt/trading-events';
import { EventPublisher } from '../event-publisher';
import type { MarketEvent, Trade } from '../market/market-event';
import { MarketScheduler } from '../market/market-scheduler';
import type { MarketMakerOptions } from '../options';
import { PositionManager } from '../position-manager/position-manager';
import { feedOf, ofType, record, silent, swinging, trade, unmeasured } from '../testing/recorded-run';
import { CircuitBreaker } from './circuit-breaker';
import { RiskMonitor } from './risk-monitor';
import { riskOptions } from './risk.options';

const START = 1_000_000;
const MINUTE = 60_000;
const symbols = [{ symbol: 'AAAEUR' }];
const left = {
  openOrders: [],
  openBreakers: [],
  breachedLimits: [],
  panickedStrategies: [],
  lostStreams: [],
};

/** The states of a limit or a breaker, in order. */
async function statesOf(options: MarketMakerOptions, events: readonly MarketEvent[], name: string) {
  const run = await record({ symbols, ...options }, { feed: feedOf(events) });
  return run.events.flatMap((event) => stateOf(event, name));
}

function stateOf(event: TradingEvent, name: string): readonly string[] {
  switch (event.type) {
    case 'risk.limit_breached':
      return event.data.limit === name ? [`breached ${event.data.scope}`] : [];
    case 'risk.limit_cleared':
      return event.data.limit === name ? [`cleared ${event.data.scope}`] : [];
    case 'circuit_breaker.tripped':
      return event.data.reason === name ? [`tripped ${event.data.scope}`] : [];
    default:
      return [];
  }
}

/** A trade each second at these prices, with these quantities. */
function trades(symbol: string, from: number, prices: readonly number[], quantity = '1'): readonly Trade[] {
  return prices.map((price, i) => trade(symbol, from + i * 1000, price, quantity));
}

const flat = (count: number, price = 100): readonly number[] => Array.from({ length: count }, () => price);

describe('a limit that was exceeded', () => {
  // 95 of 100: below the limit, not below 0.9 of it.
  const held = { symbol: 'AAAEUR', strategy: 'grid', size: '1', entryPrice: '100' };
  const resume = { ...left, since: START - 1, positions: [held], lastPrices: {}, ...unmeasured };
  const prices = [101, 101, 101, 95, 95, 95, 101, 101, 101, 89, 89, 89];
  const risk = { maxPosition: '100', maxVolatility: 1 };

  it('is cleared only below the configured part of it', async () => {
    const states = (clearBelow?: number) =>
      statesOf(
        { resume, risk: { ...risk, ...(clearBelow && { clearBelow }) } },
        trades('AAAEUR', START, prices, '0.001'),
        'max_position',
      );
    expect(await states()).toEqual(['breached AAAEUR', 'cleared AAAEUR']);
    expect(await states(0.99)).toEqual([
      'breached AAAEUR',
      'cleared AAAEUR',
      'breached AAAEUR',
      'cleared AAAEUR',
    ]);
    expect(await states(0.5)).toEqual(['breached AAAEUR']);
  });
});

describe('a busy market', () => {
  const calm = trades('AAAEUR', 0, flat(1800));
  const busy = trades('AAAEUR', 1_800_000, flat(150), '7');
  const after = trades('AAAEUR', 1_950_000, flat(200));
  const risk = { maxVolumeRatio: 5, volumeBars: 30 };

  it('exceeds the volume limit once, not again with each minute that begins', async () => {
    const states = await statesOf({ risk }, [...calm, ...busy, ...after], 'max_volume_ratio');
    expect(states).toEqual(['breached AAAEUR', 'cleared AAAEUR']);
  });

  it('that is over when the process starts again is cleared by a minute like those before', async () => {
    const limit = {
      scope: 'AAAEUR',
      limit: 'max_volume_ratio',
      threshold: '5',
      severity: 'warning' as const,
    };
    const resume = {
      ...left,
      since: 0,
      positions: [],
      lastPrices: {},
      ...unmeasured,
      breachedLimits: [limit],
    };
    const feed = feedOf(trades('AAAEUR', MINUTE, flat(180)));
    const { events } = await record({ symbols, resume, risk: { ...risk, volumeBars: 100 } }, { feed });
    const cleared = ofType(events, 'risk.limit_cleared').filter(({ data }) => data.limit === limit.limit);
    expect(cleared).toMatchObject([{ occurredAt: 2 * MINUTE, data: { threshold: '5' } }]);
    expect(Number(cleared[0]?.data.value)).toBeGreaterThan(0);
  });
});

describe('a start with positions of several symbols', () => {
  const both = [{ symbol: 'AAAEUR' }, { symbol: 'BBBEUR' }];
  const positions = both.map(({ symbol }) => ({ symbol, strategy: 'grid', size: '1', entryPrice: '20' }));
  const exposure = { scope: 'global', limit: 'max_exposure', threshold: '150', severity: 'warning' as const };
  const resume = {
    ...left,
    since: START - 1,
    positions,
    lastPrices: {},
    ...unmeasured,
    breachedLimits: [exposure],
  };
  const risk = { maxExposure: '150', maxDrawdown: '5' };

  it('clears no limit and trips no breaker before all of them have a price', async () => {
    // Both were bought at 20. AAAEUR has risen to 100 since, and BBBEUR has fallen to 10, or risen to 60.
    const events = [
      ...trades('AAAEUR', START, flat(10), '0.001'),
      ...trades('BBBEUR', START + 10_500, flat(10, 10), '0.001'),
    ];
    const run = { symbols: both, resume, risk };
    expect(await statesOf(run, events, 'max_drawdown')).toEqual([]);
    expect(await statesOf(run, events.slice(0, 10), 'max_exposure')).toEqual([]);
    expect(await statesOf(run, events, 'max_exposure')).toEqual(['cleared global']);
    const dear = trades('BBBEUR', START + 10_500, flat(10, 60), '0.001');
    expect(await statesOf(run, [...events.slice(0, 10), ...dear], 'max_exposure')).toEqual([]);
  });
});

describe('an exchange that answers slowly and then cannot be reached', () => {
  it('stays beyond the latency limit: a call that failed at once was not a fast answer', async () => {
    const lost = START + 120_000;
    const events = [
      { type: 'latency_changed', time: START, latencyMs: 900 },
      ...swinging(['AAAEUR'], 120),
      { type: 'latency_changed', time: lost, latencyMs: 10 },
      { type: 'connection_lost', time: lost, stream: 'orders', reason: 'reset' },
      ...swinging(['AAAEUR'], 300, lost),
    ] as const satisfies readonly MarketEvent[];
    expect(await statesOf({}, events, 'max_exchange_latency_ms')).toEqual(['breached global']);
    const back = {
      type: 'connection_restored',
      time: lost + 300_000,
      stream: 'orders',
      attempts: 3,
    } as const;
    const restored = [...events, back, ...swinging(['AAAEUR'], 300, lost + 300_000)];
    expect(await statesOf({}, restored, 'max_exchange_latency_ms')).toEqual([
      'breached global',
      'cleared global',
    ]);
  });
});

describe('a breaker that is reset', () => {
  it('names the breaker that still halts its symbols, and when that resets', () => {
    const scheduler = new MarketScheduler();
    const events: TradingEvent[] = [];
    const publisher = new EventPublisher((event) => events.push(event), scheduler, seededIds('1'), silent);
    const listener = { describe: () => ({}), onTripped: () => undefined, onReset: () => undefined };
    const breaker = new CircuitBreaker(publisher, scheduler, 1_000, listener);
    const measured = { reason: 'max_drawdown', value: '2', threshold: '1' };
    for (const [scope, at] of [
      ['AAAEUR', 0],
      ['BBBEUR', 0],
      ['global', 400],
    ] as const) {
      scheduler.advanceTo(at);
      breaker.trip({ scope, ...measured }, undefined);
    }
    for (const scope of ['AAAEUR', 'global', 'BBBEUR']) breaker.reset(scope, { by: 'eve' });
    const resets = events.flatMap((event) => (event.type === 'circuit_breaker.reset' ? [event.data] : []));
    expect(resets).toEqual([
      { scope: 'AAAEUR', by: 'eve', stillTripped: { global: 1_400 } },
      { scope: 'global', by: 'eve', stillTripped: { BBBEUR: 1_000 } },
      { scope: 'BBBEUR', by: 'eve' },
    ]);
  });

  it('is not tripped again by what exceeded another limit while it was open', () => {
    const scheduler = new MarketScheduler();
    const events: TradingEvent[] = [];
    const publisher = new EventPublisher((event) => events.push(event), scheduler, seededIds('1'), silent);
    const positions = new PositionManager(publisher, silent);
    positions.open('AAAEUR', 'grid', { symbol: 'AAAEUR', strategy: 'grid', size: '5', entryPrice: '100' });
    const limits = { maxVolatility: 0.1, maxConsecutiveLosses: 3, maxMarketDataAge: '1h' };
    const options = riskOptions.parse(limits);
    const orders = { cancellable: () => 0, onTripped: () => undefined, onStale: () => undefined };
    const risk = new RiskMonitor(options, positions, scheduler, publisher, orders);
    risk.start(['AAAEUR']);
    const price = (value: number) => {
      const mark = positions.onPrice('AAAEUR', { exact: String(value), value }, undefined);
      risk.onTick('AAAEUR', { time: scheduler.now(), price: value, quantity: 1 }, mark.value, undefined);
    };
    const sell = (orderId: string) => {
      const fill = { symbol: 'AAAEUR', strategy: 'grid', orderId, fillId: orderId, side: 'sell' } as const;
      const amounts = { price: '80', quantity: '1', remaining: '0', fee: '0', feeAsset: 'USDT' };
      const filled = publisher.publish('order.filled', { ...fill, ...amounts });
      risk.onPositionChanged(positions.onFill(filled), orderId);
    };
    for (const each of [100, 80, 80, 80]) price(each);
    for (const each of ['a', 'b', 'c']) sell(each);
    scheduler.runNext();
    for (const each of [80, 81]) price(each);
    sell('d');
    const told = events.flatMap(({ type, data }) =>
      type.startsWith('circuit_breaker') ? [[type, 'reason' in data && data.reason]] : [],
    );
    expect(told).toEqual([
      ['circuit_breaker.tripped', 'max_volatility'],
      ['circuit_breaker.reset', false],
    ]);
  });
});
