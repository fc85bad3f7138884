import type { Measure } from '@opensqt/trading-events';
import { Decimal } from 'decimal.js';

/** Enough digits for what is computed with any accepted number to be exact. */
const Exact = Decimal.clone({ precision: 1_000 });

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,3})?$/i;
/** Numbers as languages print doubles: `1e-7`, `1.5e+21`. The sign sets them apart from the middle of an id. */
const EXPONENT = /(?<![\w.-])-?\d+(?:\.\d+)?e[-+]\d{1,3}(?![\w-]|\.\d)/gi;

/** The digits after the point that are shown of a number; the larger a number is, the fewer, so that a larger one never reads as a smaller one. */
type Decimals = (value: Decimal) => number;
const NUMBER_DECIMALS: Decimals = ({ e }) => Math.max(2, 7 - e);
const MONEY_DECIMALS: Decimals = ({ e }) => (e < 0 ? 3 - e : 2);

/**
 * Formats a number: no exponent, thousands apart, eight significant digits or two decimals, whichever is more. Text that is not a number stays
 * as it is.
 *
 * @example
 * formatNumber(1e-7); // '0.0000001'
 * formatNumber('-60000.10'); // '−60,000.1'
 */
export function formatNumber(measure: Measure): string {
  return written(measure, (value) => rounded(value, NUMBER_DECIMALS));
}

/** Formats all digits of a number. */
export function formatExactly(measure: Measure): string {
  return written(measure, (value) => value);
}

/** Formats an amount of money to the cent, small ones to four digits, with its currency where that is known: `−2,503.48 USDT`. */
export function formatMoney(amount: Measure, asset?: string): string {
  return withUnit(
    written(amount, (value) => rounded(value, MONEY_DECIMALS)),
    asset,
  );
}

/** A formatted number and its unit, where it has one. */
export function withUnit(text: string, unit: string | undefined): string {
  return unit === undefined ? text : `${text} ${unit}`;
}

/** The text, with each number that has an exponent written out. */
export function withoutExponents(text: string): string {
  return text.replace(EXPONENT, (found) => written(found, (value) => value, ''));
}

/** The number that a measure is; undefined for text that is none. */
export function decimalOf(measure: Measure): Decimal | undefined {
  if (typeof measure === 'number') return Number.isFinite(measure) ? new Exact(measure) : undefined;
  return NUMBER.test(measure) ? new Exact(measure) : undefined;
}

function written(measure: Measure, round: (value: Decimal) => Decimal, separator = ','): string {
  const value = decimalOf(measure);
  if (value === undefined) return String(measure);
  const shown = round(value);
  const [whole = '0', decimals] = shown.abs().toFixed().split('.');
  const digits = whole.replace(/\B(?=(?:\d{3})+$)/g, separator);
  return `${shown.isNegative() && !shown.isZero() ? '−' : ''}${digits}${decimals === undefined ? '' : `.${decimals}`}`;
}

function rounded(value: Decimal, decimals: Decimals): Decimal {
  return value.toDecimalPlaces(decimals(value), Decimal.ROUND_HALF_EVEN);
}
