import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { ExactSum } from './exact-sum';

const Exact = Decimal.clone({ precision: 200, toExpNeg: -200, toExpPos: 200 });

const decimalString = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 24n }), fc.integer({ min: 0, max: 20 }))
  .map(([negative, units, scale]) => {
    const digits = String(units).padStart(scale + 1, '0');
    const whole = digits.slice(0, digits.length - scale);
    return `${negative ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(-scale)}`}`;
  });

const shortDecimal = fc
  .tuple(fc.boolean(), fc.nat(10 ** 8), fc.integer({ min: 0, max: 8 }))
  .map(([negative, units, scale]) => `${negative ? '-' : ''}${(units / 10 ** scale).toFixed(scale)}`);

describe('ExactSum', () => {
  it('sums what doubles cannot', () => {
    const sum = new ExactSum();
    for (const text of ['0.1', '0.2', '1000000000000000', '-1000000000000000']) sum.add(text);
    expect(sum.toString()).toBe('0.3');
    expect(sum.toNumber()).toBe(0.3);
  });

  it('equals a decimal library, whatever is summed', () => {
    fc.assert(
      fc.property(fc.array(decimalString, { maxLength: 50 }), (texts) => {
        const sum = new ExactSum();
        for (const text of texts) sum.add(text);
        const expected = texts.reduce((total, text) => total.plus(text), new Exact(0));
        expect(new Exact(sum.toString()).equals(expected)).toBe(true);
        expect(sum.toNumber()).toBe(expected.toNumber() || 0);
      }),
    );
  });

  it('holds 40 digits on either side of the point, as the boundary does, and refuses more than 45', () => {
    const sum = new ExactSum();
    const widest = `-${'9'.repeat(40)}.${'1'.repeat(40)}`;
    sum.add(widest);
    expect(sum.toString()).toBe(widest);
    expect(() => sum.add(`0.${'1'.repeat(46)}`)).toThrow(RangeError);
    expect(() => sum.add('1'.repeat(46))).toThrow(RangeError);
    expect(sum.toString()).toBe(widest);
  });

  it('adds the product of two decimals exactly, or says that it did not', () => {
    let added = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(shortDecimal, shortDecimal), { maxLength: 20 }), (pairs) => {
        const sum = new ExactSum();
        let expected = new Exact(0);
        for (const [one, other] of pairs) {
          if (!sum.addProduct(one, other)) continue;
          added += 1;
          expected = expected.plus(new Exact(one).times(other).abs());
        }
        expect(new Exact(sum.toString()).equals(expected)).toBe(true);
        expect(sum.toNumber()).toBe(expected.toNumber());
      }),
    );
    expect(added).toBeGreaterThan(20);
    const wide = new ExactSum();
    expect(wide.addProduct('99999999', '10000000')).toBe(true);
    expect(wide.addProduct('99999999', '99999999')).toBe(false);
    expect(wide.addProduct('0.00000001', '0.00000001')).toBe(false);
    expect(wide.addProduct('0', '9'.repeat(400))).toBe(false);
    expect(wide.toString()).toBe('999999990000000');
  });

  it('subtracts one sum from another', () => {
    fc.assert(
      fc.property(fc.array(decimalString), fc.array(decimalString), (lefts, rights) => {
        const [left, right] = [new ExactSum(), new ExactSum()];
        for (const text of lefts) left.add(text);
        for (const text of rights) right.add(text);
        const expected = new Exact(left.toString()).minus(right.toString());
        expect(new Exact(left.minus(right).toString()).equals(expected)).toBe(true);
      }),
    );
  });

  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['-0.00', '0'],
    ['007', '7'],
    ['1.50', '1.5'],
    ['-0.05', '-0.05'],
    ['100', '100'],
  ])('writes %s as %s', (text, expected) => {
    const sum = new ExactSum();
    sum.add(text);
    expect(sum.toString()).toBe(expected);
  });
});
