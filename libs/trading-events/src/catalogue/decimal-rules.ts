import type { FieldRule } from './catalogue-entry';
import { Fault } from './rejection';

/** Max digits on either side of the point of a {@link DecimalString}, and of all that count. */
const MAX_DIGITS = 40;
const MAX_LENGTH = 2 * MAX_DIGITS + 2;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;

const ofAnySign = 'a decimal string such as "-12.50"';
const notDecimal = new Fault('not_decimal', ofAnySign);
const notFinite = new Fault('not_finite', 'a decimal string');
const tooLong = new Fault(
  'out_of_range',
  `a decimal string of at most ${MAX_DIGITS} digits, and at most ${MAX_DIGITS} on either side of its point`,
);
const negative = new Fault('negative', 'a decimal string of zero or more');
const notPositive = new Fault('not_positive', 'a decimal string above zero');
const noMeasure = new Fault('out_of_range', `a number between 1e-${MAX_DIGITS} and 1e${MAX_DIGITS}`);

/** A signed {@link DecimalString}. */
export const decimal: FieldRule = {
  kind: 'decimal string',
  parse: (value) => {
    const sign = signOf(value);
    return typeof sign === 'number' ? value : sign;
  },
};

/** A {@link DecimalString} of zero or more. */
export const amount: FieldRule = {
  kind: 'decimal string ≥ 0',
  parse: (value) => {
    const sign = signOf(value);
    if (typeof sign !== 'number') return sign;
    return sign < 0 ? negative : value;
  },
};

/** A {@link DecimalString} above zero. */
export const quantity: FieldRule = {
  kind: 'decimal string > 0',
  parse: (value) => {
    const sign = signOf(value);
    if (typeof sign !== 'number') return sign;
    return sign > 0 ? value : sign < 0 ? negative : notPositive;
  },
};

/** A signed {@link DecimalString}: oil, power and spreads have traded at zero and below. */
export const price = decimal;

/** A decimal string, or a finite number. */
export const measure: FieldRule = {
  kind: 'decimal string or number',
  parse: (value) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return decimal.parse(value);
    const size = Math.abs(value);
    if (size === 0) return 0;
    return size >= 10 ** -MAX_DIGITS && size <= 10 ** MAX_DIGITS ? value : noMeasure;
  },
};

/**
 * Reads the value as `-?\d{1,40}(\.\d{1,40})?` of which at most 40 digits count (from the first to the last that is not zero),
 * a character at a time: a regular expression costs twice as much, and every event has several of these.
 *
 * @returns -1, 0 or 1; the fault when it is no {@link DecimalString} within these limits
 */
function signOf(value: unknown): -1 | 0 | 1 | Fault {
  if (typeof value !== 'string')
    return typeof value === 'number' && !Number.isFinite(value) ? notFinite : notDecimal;
  const { length } = value;
  if (length > MAX_LENGTH) return tooLong;
  const start = value.charCodeAt(0) === MINUS ? 1 : 0;
  let point = length;
  let first = -1;
  let last = -1;
  for (let at = start; at < length; at++) {
    const digit = value.charCodeAt(at) - ZERO;
    if (digit > 0 && digit <= 9) {
      if (first < 0) first = at;
      last = at;
    } else if (digit === POINT - ZERO && point === length) point = at;
    else if (digit !== 0) return notDecimal;
  }
  const whole = point - start;
  const fraction = length - point - 1;
  if (whole < 1 || fraction === 0) return notDecimal;
  const counted = last - first + (first < point && point < last ? 0 : 1);
  if (whole > MAX_DIGITS || fraction > MAX_DIGITS || counted > MAX_DIGITS) return tooLong;
  return first < 0 ? 0 : start === 1 ? -1 : 1;
}
