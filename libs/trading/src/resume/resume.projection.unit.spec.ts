import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import fc from 'fast-check';
import { record } from '../testing/recorded-run';
import { isHandled, resumeOf, resumeProjection } from './resume.projection';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);

type Encoded = ReturnType<typeof resumeProjection.encode>;

/** As a snapshot carries it: through JSON. */
function written(state: ReturnType<typeof resumeProjection.initial>): Encoded {
  const fields = Object.entries(resumeProjection.encode(state)).map(([name, value]) => [
    name,
    value instanceof Map ? [...value] : value,
  ]);
  return JSON.parse(JSON.stringify(Object.fromEntries(fields))) as Encoded;
}

function fold(state: ReturnType<typeof resumeProjection.initial>, events: readonly TradingEvent[]) {
  return events.filter(isHandled).reduce(resumeProjection.evolve, state);
}

describe('the state to resume from, made of a snapshot and the events after it', () => {
  let events: readonly TradingEvent[];

  beforeAll(async () => {
    // Past the flash crash of the simulated day: breakers, limits, fills, a panic.
    const run = await record({ exchange: { seed: 1 } }, {}, (event, marketMaker) => {
      if (event.occurredAt > START + 215 * MINUTE) void marketMaker.stop();
    });
    events = run.events;
  });

  it('is what all events give, wherever the cut is', () => {
    const whole = resumeOf(fold(resumeProjection.initial(), events));
    expect(whole?.positions).not.toEqual([]);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (part) => {
        const cut = Math.floor(part * events.length);
        const before = fold(resumeProjection.initial(), events.slice(0, cut));
        const restored = resumeProjection.decode(written(before));
        expect(resumeOf(restored)).toEqual(resumeOf(before));
        expect(resumeOf(fold(restored, events.slice(cut)))).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  it('has no order open whose placing is stated again, or after its end, and the newest price', () => {
    const order = { symbol: 'BTCUSDT', strategy: 'grid', orderId: '1', side: 'buy' } as const;
    const placed = createEvent('order.placed', {
      ...{ ...order, clientOrderId: 'c1', orderType: 'limit', price: '100', quantity: '1' },
    });
    const filled = (fillId: string, price: string, occurredAt: number) =>
      createEvent(
        'order.filled',
        { ...order, fillId, price, quantity: '0.5', remaining: '0', fee: '0', feeAsset: 'USDT' },
        { occurredAt },
      );
    const told = [placed, filled('2', '-2', START + 2), placed, filled('1', '1', START + 1), placed];
    const state = fold(resumeProjection.initial(), told);
    const resumed = resumeOf(fold(resumeProjection.decode(written(state)), [placed]));
    expect(resumed).toMatchObject({ openOrders: [], lastPrices: { BTCUSDT: '-2' } });
  });

  it('has the peak of the profit with fees deducted, as of fills and samples, and none after a reset', () => {
    const pnlAfter = (events: readonly TradingEvent[]) => fold(resumeProjection.initial(), events).pnl;
    const traded = (side: 'buy' | 'sell', price: string, at: number) =>
      createEvent(
        'order.filled',
        {
          ...{ symbol: 'BTCUSDT', strategy: 'grid', orderId: `o${at}`, fillId: `f${at}`, side, price },
          ...{ quantity: '1', remaining: '0', fee: '0.5', feeAsset: 'USDT' },
        },
        { occurredAt: START + at },
      );
    const sampled = (markPrice: string, unrealizedPnl: string, at: number) =>
      createEvent(
        'market.sampled',
        { symbol: 'BTCUSDT', strategy: 'grid', price: '0.01', markPrice, unrealizedPnl },
        { occurredAt: START + at },
      );
    const reset = createEvent('circuit_breaker.reset', { scope: 'global', by: 'eve' });
    const rise = [traded('buy', '100', 1), sampled('110', '10', 2), sampled('105', '5', 3)];
    expect(pnlAfter(rise)).toEqual({ net: '-0.5', unrealized: { BTCUSDT: '5' }, peak: '9.5' });
    expect(pnlAfter([...rise, sampled('130', '30', 1)])).toMatchObject({ peak: '9.5' });
    expect(pnlAfter([...rise, reset])).toMatchObject({ peak: null });
    expect(pnlAfter([...rise, reset, sampled('101', '1', 4)])).toMatchObject({ peak: '0.5' });
    expect(pnlAfter([...rise, traded('sell', '105', 4)])).toMatchObject({ net: '4' });
  });

  it('has the mark price of a sample, not a single bad print', () => {
    const sample = {
      symbol: 'BTCUSDT',
      strategy: 'grid',
      price: '0.01',
      markPrice: '100',
      unrealizedPnl: '0',
    };
    const state = fold(resumeProjection.initial(), [createEvent('market.sampled', sample)]);
    expect(resumeOf(state)?.lastPrices).toEqual({ BTCUSDT: '100' });
  });

  it('has the losing streak of each symbol, until a profit or its reset', () => {
    let orders = 0;
    const bought = (price: string) => filledAt('buy', price);
    const sold = (price: string) => filledAt('sell', price);
    function filledAt(side: 'buy' | 'sell', price: string): TradingEvent {
      const orderId = `o${++orders}`;
      const fill = {
        fillId: orderId,
        side,
        price,
        quantity: '1',
        remaining: '0',
        fee: '0',
        feeAsset: 'USDT',
      };
      return createEvent('order.filled', { symbol: 'BTCUSDT', strategy: 'grid', orderId, ...fill });
    }
    const lossesAfter = (events: readonly TradingEvent[]) =>
      fold(resumeProjection.initial(), events).losses.get('BTCUSDT')?.count;
    const losing = [bought('100'), sold('99'), bought('100'), sold('98')];
    expect(lossesAfter(losing)).toBe(2);
    expect(lossesAfter([...losing, bought('97'), sold('98')])).toBe(0);
    const reset = createEvent('circuit_breaker.reset', { scope: 'BTCUSDT', by: 'eve' });
    expect(lossesAfter([...losing, reset])).toBeUndefined();
  });

  it('is refused when its lists are none', () => {
    expect(() => resumeProjection.decode({ since: 1 })).toThrow('positions must be a list');
  });
});
