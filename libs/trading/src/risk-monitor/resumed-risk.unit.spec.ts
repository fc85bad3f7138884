import { type TradingEvent, seededIds } from '@opensqt/trading-events';
import { EventPublisher } from '../event-publisher';
import { MarketScheduler } from '../market/market-scheduler';
import { PositionManager } from '../position-manager/position-manager';
import { ofType, silent, trade, unmeasured } from '../testing/recorded-run';
import { RiskMonitor } from './risk-monitor';
import { riskOptions } from './risk.options';

const SYMBOL = 'AAAUSDT';
const held = { symbol: SYMBOL, strategy: 'grid', size: '1', entryPrice: '100' };
const nothingLeft = { openBreakers: [], breachedLimits: [], positions: [], openOrders: [], ...unmeasured };

/** A risk monitor by itself, of one symbol that holds 1 at 100 unless it is flat. */
function riskOf(options: Parameters<typeof riskOptions.parse>[0], { isFlat = false } = {}) {
  const events: TradingEvent[] = [];
  const warnings: string[] = [];
  const logger = { ...silent, warn: (line: string) => warnings.push(line) };
  const scheduler = new MarketScheduler();
  const publisher = new EventPublisher((event) => events.push(event), scheduler, seededIds('1'), silent);
  const positions = new PositionManager(publisher, logger);
  const orders = { cancellable: () => 0, onTripped: () => undefined, onStale: () => undefined };
  const risk = new RiskMonitor(riskOptions.parse(options), positions, scheduler, publisher, orders);
  return {
    risk,
    events,
    warnings,
    knows: (symbol: string, price: string) => positions.open(symbol, 'grid', undefined, price),
    exposure: () => {
      risk.sample();
      return ofType(events, 'risk.sampled').findLast(({ data }) => data.scope === 'global')?.data.limits[
        'max_exposure'
      ];
    },
    trips: () => ofType(events, 'circuit_breaker.tripped').map(({ data }) => [data.reason, data.value]),
    history: (time: number, price: number, quantity = 1, resetAt = 0) =>
      risk.onHistory(trade(SYMBOL, time, price, quantity), resetAt),
    start: (left: Partial<Parameters<RiskMonitor['start']>[1]> = {}) => {
      positions.open(SYMBOL, 'grid', isFlat ? undefined : held);
      risk.start([SYMBOL], { ...nothingLeft, ...left });
    },
    price: (time: number, value: number, quantity = 1) => {
      scheduler.advanceTo(time);
      const mark = positions.onPrice(SYMBOL, { exact: String(value), value }, undefined);
      risk.onTick(SYMBOL, { time, price: value, quantity }, mark.value, undefined);
    },
    sell: (orderId: string, price: string, fee = '0', feeAsset = 'USDT') => {
      const fill = { symbol: SYMBOL, strategy: 'grid', orderId, fillId: orderId, side: 'sell' } as const;
      const amounts = { price, quantity: '0.1', remaining: '0', fee, feeAsset };
      const filled = publisher.publish('order.filled', { ...fill, ...amounts });
      risk.onPositionChanged(positions.onFill(filled), orderId);
    },
  };
}

describe('the peak that an earlier run left', () => {
  const risk = { maxDrawdown: '20', maxVolatility: 1 };

  it('is what the loss is measured from', () => {
    const run = riskOf(risk);
    run.start({ pnl: { net: '-5', unrealized: { [SYMBOL]: '10' }, peak: '12' } });
    run.price(1, 98);
    expect(run.trips()).toEqual([]);
    run.price(2, 97);
    expect(run.trips()).toEqual([['max_drawdown', '20']]);
  });

  it('leaves out what is unrealized in symbols that are not traded any more', () => {
    const run = riskOf(risk);
    run.start({ pnl: { net: '0', unrealized: { [SYMBOL]: '0', BBBUSDT: '50' }, peak: '52' } });
    run.price(1, 90);
    expect(run.trips()).toEqual([]);
  });

  it('is none after a reset: the first price begins a new one', () => {
    const run = riskOf(risk);
    run.start({ pnl: { net: '500', unrealized: {}, peak: null } });
    run.price(1, 60);
    expect(run.trips()).toEqual([]);
    run.price(2, 40);
    expect(run.trips()).toEqual([['max_drawdown', '20']]);
  });
});

describe('the losing streak that an earlier run left', () => {
  it('goes on, and the order that lost last counts once', () => {
    const run = riskOf({ maxConsecutiveLosses: 3 });
    run.start({ losses: { [SYMBOL]: { count: 2, orderId: 'last' } } });
    run.sell('last', '90');
    expect(run.trips()).toEqual([]);
    run.sell('next', '90');
    expect(run.trips()).toEqual([['max_consecutive_losses', 3]]);
  });
});

describe('the windows that history fills', () => {
  const moves = { maxVolatility: 0.05, volatilityWindow: '1m', maxDrawdown: '1000000' } as const;

  it('measure a move from a price before the start', () => {
    const run = riskOf(moves);
    for (const time of [1, 2, 3]) run.history(time * 1_000, 100);
    run.start();
    for (const time of [4, 5]) run.price(time * 1_000, 94);
    expect(run.trips()).toEqual([['max_volatility', '0.06']]);
  });

  it('leave out moves before the last reset', () => {
    const run = riskOf(moves);
    for (const [time, price] of [100, 94, 94].entries()) run.history(time * 1_000, price, 1, 2_000);
    run.start();
    for (const time of [3, 4]) run.price(time * 1_000, 94);
    expect(run.trips()).toEqual([]);
  });

  it('take one bad print right after the start for what it is', () => {
    const run = riskOf(moves);
    for (const time of [1, 2, 3]) run.history(time * 1_000, 100);
    run.start();
    run.price(4_000, 50);
    run.price(5_000, 100);
    expect(run.trips()).toEqual([]);
  });

  it('compare a minute with the average of those before the start', () => {
    const run = riskOf({ maxVolumeRatio: 5, volumeBars: 3 });
    for (const minute of [0, 1, 2]) run.history(minute * 60_000, 100);
    run.start();
    run.price(180_000, 100, 6);
    expect(ofType(run.events, 'risk.limit_breached')).toMatchObject([
      { data: { scope: SYMBOL, limit: 'max_volume_ratio', value: '6' } },
    ]);
  });
});

describe('max_position', () => {
  const buy = (level: number, quantity: number) => ({ side: 'buy', level, price: 100, quantity }) as const;
  const sell = (level: number, quantity: number) => ({ side: 'sell', level, price: 100, quantity }) as const;
  const resting = (side: 'buy' | 'sell', level: number, notional: number) => ({ side, level, notional });
  const permitted = (
    wanted: readonly (ReturnType<typeof buy> | ReturnType<typeof sell>)[],
    orders: readonly ReturnType<typeof resting>[] = [],
  ) => {
    const run = riskOf({ maxPosition: '300', maxVolatility: 1 });
    run.start();
    run.price(1, 100);
    return run.risk.permitted(SYMBOL, wanted, orders).map(({ side, level }) => `${side} ${level}`);
  };

  it('counts the orders of one side as if all of them were filled', () => {
    expect(permitted([buy(1, 1), buy(2, 1), buy(3, 1)])).toEqual(['buy 1', 'buy 2']);
    expect(permitted([sell(1, 1), sell(2, 3), sell(3, 1)])).toEqual(['sell 1', 'sell 2']);
  });

  it('counts what rests beside the target, as while it is being cancelled', () => {
    expect(permitted([buy(1, 1), buy(2, 1)], [resting('buy', 9, 100)])).toEqual(['buy 1']);
    expect(permitted([buy(1, 1), buy(2, 1)], [resting('sell', 9, 100)])).toEqual(['buy 1', 'buy 2']);
  });

  it('counts the larger of an order and the one that it replaces', () => {
    expect(permitted([buy(1, 0.5), buy(2, 1)], [resting('buy', 1, 150)])).toEqual(['buy 1']);
    expect(permitted([buy(1, 1), buy(2, 1)], [resting('buy', 1, 100)])).toEqual(['buy 1', 'buy 2']);
  });
});

describe('fees', () => {
  const risk = { maxDrawdown: '20', maxVolatility: 1, maxConsecutiveLosses: 99 };

  it.each([
    ['in the quote currency', '4.9', 'USDT'],
    ['in the base asset, at the price of the fill', '0.049', 'AAA'],
    ['in another asset, at its last price', '0.0098', 'BNB'],
  ])('%s are a loss to the drawdown, and no exposure', (_, fee, asset) => {
    const run = riskOf(risk);
    run.start();
    run.knows('BNBUSDT', '500');
    run.price(1, 100);
    for (const orderId of ['a', 'b', 'c', 'd']) run.sell(orderId, '100', fee, asset);
    expect(run.trips()).toEqual([]);
    run.sell('e', '100', fee, asset);
    expect(run.trips()).toEqual([['max_drawdown', '24.5']]);
    expect(run.warnings).toEqual([]);
    expect(run.exposure()).toMatchObject({ value: '50' });
  });

  it('in an asset without a price are named once as not counted, and the others are', () => {
    const run = riskOf(risk);
    run.start();
    run.price(1, 100);
    run.sell('a', '100', '0.01', 'BNB');
    run.sell('b', '100', '900', 'BNB');
    run.sell('c', '100', '0', 'XYZ');
    expect(run.trips()).toEqual([]);
    expect(run.warnings).toEqual([
      'Fees in BNB are not counted by the drawdown: BNB has no known price in the currency of AAAUSDT. Configure a symbol that has it, or pay fees in that currency.',
    ]);
    run.sell('d', '100', '21', 'USDT');
    expect(run.trips()).toEqual([['max_drawdown', '21']]);
  });

  it('that are paid back are a profit', () => {
    const run = riskOf(risk);
    run.start();
    run.price(1, 100);
    run.sell('a', '100', '-5');
    run.sell('b', '100', '19.99');
    expect(run.trips()).toEqual([]);
    run.sell('c', '100', '0.01');
    expect(run.trips()).toEqual([['max_drawdown', '20']]);
  });
});

describe('an order size below the minimum of the market', () => {
  const order = (quantity: number) => ({ side: 'buy', level: 1, price: 100, quantity }) as const;

  it('exceeds min_order_size by its smallest order, and is cleared by one of a lot', () => {
    const run = riskOf({}, { isFlat: true });
    run.start();
    const target = (...quantities: readonly number[]) =>
      run.risk.onTarget(SYMBOL, quantities.map(order), { lot: 0.01, notional: 0 });
    target(0.02, 0.01);
    expect(run.events).toEqual([]);
    target(0.02, 0.004);
    target();
    expect(run.events).toMatchObject([
      {
        type: 'risk.limit_breached',
        data: {
          scope: SYMBOL,
          limit: 'min_order_size',
          value: '0.004',
          threshold: '0.01',
          severity: 'error',
        },
      },
    ]);
    target(0.02);
    expect(run.events.slice(1)).toMatchObject([
      { type: 'risk.limit_cleared', data: { scope: SYMBOL, limit: 'min_order_size', value: '0.02' } },
    ]);
  });

  it('exceeds it by the order that falls shortest of the least price × quantity, in whole lots', () => {
    const run = riskOf({}, { isFlat: true });
    run.start();
    const target = (...prices: readonly number[]) => {
      const orders = prices.map((price) => ({ ...order(0.05), price }));
      run.risk.onTarget(SYMBOL, orders, { lot: 0.01, notional: 4 });
    };
    target(100, 80);
    expect(run.events).toEqual([]);
    target(100, 79.9);
    target(200);
    expect(run.events).toMatchObject([
      { type: 'risk.limit_breached', data: { value: '0.05', threshold: '0.06', severity: 'warning' } },
      { type: 'risk.limit_cleared', data: { value: '0.05', threshold: '0.02' } },
    ]);
  });

  it('is cleared as soon as the order can be placed, however little above the minimum', () => {
    const run = riskOf({}, { isFlat: true });
    run.start();
    for (const quantity of [0.0999, 0.1])
      run.risk.onTarget(SYMBOL, [order(quantity)], { lot: 0.001, notional: 10 });
    expect(run.events).toMatchObject([
      { type: 'risk.limit_breached', data: { value: '0.0999', threshold: '0.1' } },
      { type: 'risk.limit_cleared', data: { value: '0.1', threshold: '0.1' } },
    ]);
  });

  it('is none for an order of exactly so many lots, also where their product has noise', () => {
    const run = riskOf({}, { isFlat: true });
    run.start();
    run.risk.onTarget(SYMBOL, [order(0.3)], { lot: 0.1, notional: 30 });
    expect(run.events).toEqual([]);
  });
});
