import * as fc from 'fast-check';
import { plain } from '../market/money';
import { FLAT, type PositionFill, applyFill, unrealizedPnl } from './position';

/** Average cost in exact fractions of big integers, sharing nothing with the code under test. */
class Fraction {
  constructor(
    readonly top: bigint,
    readonly bottom: bigint = 1n,
  ) {}
  plus(other: Fraction): Fraction {
    return new Fraction(this.top * other.bottom + other.top * this.bottom, this.bottom * other.bottom);
  }
  times(other: Fraction): Fraction {
    return new Fraction(this.top * other.top, this.bottom * other.bottom);
  }
  toNumber(): number {
    const scaled = (this.top * 10n ** 12n) / this.bottom;
    return Number(scaled) / 1e12;
  }
}

function recomputed(fills: readonly { side: 'buy' | 'sell'; price: bigint; quantity: bigint }[]): {
  size: bigint;
  realized: Fraction;
} {
  let size = 0n;
  let entry = new Fraction(0n);
  let realized = new Fraction(0n);
  for (const { side, price, quantity } of fills) {
    const direction = side === 'buy' ? 1n : -1n;
    for (let unit = 0n; unit < quantity; unit++) {
      if (size * direction >= 0n) {
        const held = size * direction;
        entry = entry
          .times(new Fraction(held))
          .plus(new Fraction(price))
          .times(new Fraction(1n, held + 1n));
      } else {
        const gain = new Fraction(price).plus(entry.times(new Fraction(-1n)));
        realized = realized.plus(gain.times(new Fraction(-direction)));
      }
      size += direction;
      if (size === 0n) entry = new Fraction(0n);
    }
  }
  return { size, realized };
}

function play(fills: readonly PositionFill[]) {
  let position = FLAT;
  let realized = 0;
  for (const fill of fills) {
    const change = applyFill(position, fill);
    position = change.position;
    realized += change.realizedPnl.toNumber();
  }
  return { position, realized };
}

describe('average-cost accounting', () => {
  it('averages the entry price of fills in the same direction', () => {
    const { position } = play([
      { side: 'buy', price: '100', quantity: '1' },
      { side: 'buy', price: '110', quantity: '3' },
    ]);
    expect([plain(position.size), plain(position.entryPrice)]).toEqual(['4', '107.5']);
  });

  it('realizes profit and loss only on the part that is closed and keeps the entry price', () => {
    const long = play([{ side: 'buy', price: '100', quantity: '2' }]).position;
    const change = applyFill(long, { side: 'sell', price: '90.5', quantity: '0.5' });
    expect(plain(change.realizedPnl)).toBe('-4.75');
    expect([plain(change.position.size), plain(change.position.entryPrice)]).toEqual(['1.5', '100']);
  });

  it('closes a short and opens a long at the fill price when a fill goes through zero', () => {
    const short = play([{ side: 'sell', price: '100', quantity: '2' }]).position;
    const change = applyFill(short, { side: 'buy', price: '80', quantity: '5' });
    expect(plain(change.realizedPnl)).toBe('40');
    expect([plain(change.position.size), plain(change.position.entryPrice)]).toEqual(['3', '80']);
  });

  it('is flat with entry price 0 after an exact close, and never says -0', () => {
    const flat = play([
      { side: 'sell', price: '0.1', quantity: '0.3' },
      { side: 'buy', price: '0.1', quantity: '0.3' },
    ]).position;
    expect([plain(flat.size), plain(flat.entryPrice), plain(unrealizedPnl(flat, '7'))]).toEqual([
      '0',
      '0',
      '0',
    ]);
  });

  it('adds decimal fractions without drift', () => {
    const fills = Array.from({ length: 10 }, () => ({ side: 'buy', price: '0.1', quantity: '0.1' }) as const);
    expect(plain(play(fills).position.size)).toBe('1');
    expect(plain(play(fills).position.entryPrice)).toBe('0.1');
  });

  it('agrees with an independent computation in fractions, flips included', () => {
    const fill = fc.record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      price: fc.bigInt({ min: 1n, max: 1000n }),
      quantity: fc.bigInt({ min: 1n, max: 6n }),
    });
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 12 }), (fills) => {
        const expected = recomputed(fills);
        const found = play(
          fills.map(({ side, price, quantity }) => ({
            side,
            price: String(price),
            quantity: String(quantity),
          })),
        );
        expect(plain(found.position.size)).toBe(String(expected.size));
        expect(found.realized).toBeCloseTo(expected.realized.toNumber(), 8);
      }),
    );
  });
});
