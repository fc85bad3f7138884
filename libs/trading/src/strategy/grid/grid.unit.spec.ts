import { gridStrategy } from './grid';
import { type Target, StrategyInvariantError } from '../strategy';

const parameters = {
  name: 'grid',
  levels: 3,
  orderNotional: '1000',
  minSpacing: 0.01,
  atrPeriod: 14,
  atrMultiplier: 1.5,
  skew: 1,
} as const;
const grid = gridStrategy(parameters);
const market = { price: 100, tickSize: 0.01, position: 0 };
const calm = grid.evolve(grid.initial, { time: 0, price: 100, quantity: 1 });

const rows = (target: Target, side: 'buy' | 'sell') =>
  target.orders
    .filter((order) => order.side === side)
    .map(({ price, quantity }) => [price, Math.round(quantity * price)]);

describe('grid strategy', () => {
  it('quotes levels at equal distances around the anchor, larger ones farther out', () => {
    const target = grid.decide(calm, market);
    expect(rows(target, 'buy')).toEqual([
      [99, 1000],
      [98, 2000],
      [97, 3000],
    ]);
    expect(rows(target, 'sell').map(([price]) => price)).toEqual([101, 102, 103]);
  });

  it('moves down against a long position, without crossing the last price', () => {
    const target = grid.decide(calm, { ...market, position: 20 });
    expect(rows(target, 'buy')[0]?.[0]).toBe(97);
    expect(rows(target, 'sell').map(([price]) => price)).toEqual([100.01, 101.01, 102.01]);
  });

  it('trails the price with a delay', () => {
    const soon = grid.evolve(calm, { time: 60_000, price: 101, quantity: 1 });
    const later = grid.evolve(soon, { time: 3_600_000, price: 101, quantity: 1 });
    expect(soon?.anchor).toBeGreaterThan(100);
    expect(soon?.anchor).toBeLessThan(100.2);
    expect(later?.anchor).toBeCloseTo(101, 1);
  });

  it('widens when the market moves more than the min spacing allows for', () => {
    let state = calm;
    for (let minute = 1; minute < 30; minute++) {
      state = grid.evolve(state, { time: minute * 60_000, price: 100 + 2 * (minute % 2), quantity: 1 });
    }
    const [nearest, next] = rows(grid.decide(state, market), 'buy');
    expect((nearest?.[0] ?? 0) - (next?.[0] ?? 0)).toBeGreaterThan(2);
  });

  it('refuses to quote at a price that is none', () => {
    const poisoned = grid.evolve(calm, { time: 1, price: 0.01, quantity: 1 });
    expect(() => grid.decide(poisoned, { ...market, price: 0.01 })).toThrow(StrategyInvariantError);
  });
});
