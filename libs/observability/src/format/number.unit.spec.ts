import fc from 'fast-check';
import { decimalOf, formatExactly, formatMoney, formatNumber, withoutExponents } from './number';

describe('a message shows', () => {
  it.each([
    [1e-7, '0.0000001'],
    ['1e-7', '0.0000001'],
    [1.5e21, '1,500,000,000,000,000,000,000'],
    ['60000.10', '60,000.1'],
    ['-0.000', '0'],
    [-0, '0'],
    [0.1 + 0.2, '0.3'],
    ['0.123456789', '0.12345679'],
    ['123456789.129', '123,456,789.13'],
    [-999, '−999'],
    [1_000, '1,000'],
    ['none', 'none'],
    ['', ''],
    [Number.NaN, 'NaN'],
    ['1e999999999', '1e999999999'],
  ])('the number %p as %s', (measure, expected) => {
    expect(formatNumber(measure)).toBe(expected);
  });

  it.each([
    ['-2503.4812', 'USDT', '−2,503.48 USDT'],
    ['0.000012345678', 'BTC', '0.00001235 BTC'],
    ['500', undefined, '500'],
    [1e-7, 'BTC', '0.0000001 BTC'],
  ])('the amount %p in %s as %s', (amount, asset, expected) => {
    expect(formatMoney(amount, asset)).toBe(expected);
  });

  it.each([
    ['Funding rate is 1e-7, not 2.5E-08.', 'Funding rate is 0.0000001, not 0.000000025.'],
    ['-1.5e+21', '−1500000000000000000000'],
    ['(1e-7)', '(0.0000001)'],
    ['order 5e3 of 12e4567', 'order 5e3 of 12e4567'],
    ['0192123e-4567-7c3e-9b1d-5a2f6f1e7c11', '0192123e-4567-7c3e-9b1d-5a2f6f1e7c11'],
    ['v1.2e-3', 'v1.2e-3'],
  ])('no exponent in %j', (text, expected) => {
    expect(withoutExponents(text)).toBe(expected);
  });

  it('every double in full, and never with an exponent', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const exact = formatExactly(value).replaceAll(',', '').replace('−', '-');
        expect(Number(exact) + 0).toBe(value + 0);
        expect(formatExactly(value) + formatNumber(value) + formatMoney(value)).not.toMatch(/e/i);
        expect(withoutExponents(`at ${value}.`)).not.toMatch(/\de/i);
      }),
    );
  });

  it('nothing that is not zero as zero, and nothing with the sign of another', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        for (const text of [formatNumber(value), formatMoney(value)]) {
          const shown = decimalOf(text.replaceAll(',', '').replace('−', '-'));
          expect(Math.sign(shown?.toNumber() ?? NaN) + 0).toBe(Math.sign(value) + 0);
        }
      }),
    );
  });
});
