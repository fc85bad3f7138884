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
