import { formatCode, formatMeasure, formatScope, formatTime } from './format';

describe('a message shows', () => {
  it.each([
    ['60000.10', '60000.1'],
    ['0.123456789', '0.12345678'],
    ['100', '100'],
    [0.1 + 0.2, '0.3'],
  ])('the measure %p as %s', (measure, expected) => {
    expect(formatMeasure(measure)).toBe(expected);
  });

  it('times in UTC, codes as words and the global scope as all symbols', () => {
    expect(formatTime(Date.UTC(2026, 0, 1, 3, 4, 5))).toBe('03:04:05 UTC');
    expect(formatCode('max_drawdown')).toBe('max drawdown');
    expect([formatScope('global'), formatScope('BTCUSDT')]).toEqual(['all symbols', 'BTCUSDT']);
  });
});
