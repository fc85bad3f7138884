import { formatDuration } from '@opensqt/trading-events';
import type { Measure } from '@opensqt/trading-events';
import { decimalOf, formatExactly, formatMoney, formatNumber, withUnit } from './number';

/** The ways to write a measure in one unit, shortest first; the last one writes all of it. */
export type Unit = readonly ((measure: Measure) => string)[];

/** A count or a ratio. */
export const plainNumber: Unit = [formatNumber, formatExactly];

/** A time in milliseconds. */
export const milliseconds: Unit = [
  (ms) => formatDuration(Number(ms)),
  (ms) => formatDuration(Number(ms), 'exact'),
  (ms) => `${formatExactly(ms)} ms`,
];

/** A fraction, shown in percent. */
export const fraction: Unit = money('%').map((write) => (part) => {
  const value = decimalOf(part);
  return value === undefined ? String(part) : write(value.times(100).toFixed());
});

/** A size in bytes, shown in GB. */
export const bytes: Unit = [
  (size) => `${formatNumber((Number(size) / 1e9).toFixed(1))} GB`,
  (size) => `${formatNumber((Number(size) / 1e9).toFixed(3))} GB`,
  (size) => `${formatExactly(size)} bytes`,
];

/** Money, in that currency where it is known. */
export function money(asset: string | undefined): Unit {
  return [
    (amount) => formatMoney(amount, asset),
    (amount) => withUnit(formatNumber(amount), asset),
    (amount) => withUnit(formatExactly(amount), asset),
  ];
}

/** A value and its limit as they are shown. */
export interface ValueAndLimit {
  readonly value: string;
  readonly limit: string;
}

/**
 * Formats a value beside its limit, in as many digits as set them apart: a value beyond its limit never reads as if it were the limit.
 *
 * @example
 * formatBesideLimit(856, 500, milliseconds); // { value: '856 ms', limit: '500 ms' }
 * formatBesideLimit(500.4, 500, milliseconds); // { value: '500.4 ms', limit: '500 ms' }
 */
export function formatBesideLimit(value: Measure, limit: Measure, unit: Unit): ValueAndLimit {
  const isAt = isSame(value, limit);
  const pairs = unit.map((write) => ({ value: write(value), limit: write(limit) }));
  const apart = pairs.find((pair) => (pair.value === pair.limit) === isAt);
  return apart ?? { value: String(value), limit: String(limit) };
}

function isSame(a: Measure, b: Measure): boolean {
  const [left, right] = [decimalOf(a), decimalOf(b)];
  return left === undefined || right === undefined ? a === b : left.equals(right);
}
