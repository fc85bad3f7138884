import fc from 'fast-check';
import { type Unit, bytes, formatBesideLimit, fraction, milliseconds, money, plainNumber } from './limit';

const UNITS: readonly (readonly [string, Unit])[] = [
  ['number', plainNumber],
  ['duration', milliseconds],
  ['amount', money('USDT')],
  ['fraction', fraction],
  ['size', bytes],
];

describe('a value beside its limit', () => {
  it.each([
    [856, 500, milliseconds, '856 ms (limit 500 ms)'],
    [500.4, 500, milliseconds, '500.4 ms (limit 500 ms)'],
    [30_400, 30_000, milliseconds, '30.4 s (limit 30 s)'],
    [30_000, 30_000, milliseconds, '30 s (limit 30 s)'],
    [3_600_001, 3_600_000, milliseconds, '1 h 0.001 s (limit 1 h)'],
    ['500.001', '500', money('USDT'), '500.001 USDT (limit 500 USDT)'],
    ['500.00000000000001', '500', money('USDT'), '500.00000000000001 USDT (limit 500 USDT)'],
    ['512.30', '500', money(undefined), '512.3 (limit 500)'],
    [0.1 + 0.2, 0.3, plainNumber, '0.30000000000000004 (limit 0.3)'],
    [1e-7, 5e-8, plainNumber, '0.0000001 (limit 0.00000005)'],
    [0.0345678, 0.03, fraction, '3.46 % (limit 3 %)'],
    [0.030000001, 0.03, fraction, '3.0000001 % (limit 3 %)'],
    [812_340_000, 1e9, bytes, '0.8 GB (limit 1 GB)'],
    [4_300_000, 5_000_000, bytes, '0.004 GB (limit 0.005 GB)'],
    ['0.3', 0.3, plainNumber, '0.3 (limit 0.3)'],
  ])('reads as it compares: %p and %p', (value, limit, unit, expected) => {
    const shown = formatBesideLimit(value, limit, unit);
    expect(`${shown.value} (limit ${shown.limit})`).toBe(expected);
  });

  it.each(UNITS)('is the limit if and only if it reads as the limit: %s', (_, unit) => {
    const limits = fc.double({ min: 0, max: 1e12, noNaN: true });
    const nearby = fc.oneof(limits, fc.double({ min: -1e-3, max: 1e-3, noNaN: true }), fc.constant(0));
    fc.assert(
      fc.property(limits, nearby, (limit, off) => {
        const value = limit + off;
        const shown = formatBesideLimit(value, limit, unit);
        expect(shown.value === shown.limit).toBe(value === limit);
        expect(shown.value + shown.limit).not.toMatch(/\de/i);
      }),
    );
  });
});
