import { Decimal as DefaultDecimal } from 'decimal.js';
import type { DecimalString } from '@opensqt/trading-events';

/** Decimals with 60 significant digits, enough that sums and products of market amounts are exact. */
export const Decimal = DefaultDecimal.clone({ precision: 60, rounding: DefaultDecimal.ROUND_HALF_EVEN });
export type Decimal = DefaultDecimal;
/** A decimal or what can be read as one. */
export type DecimalInput = DefaultDecimal.Value;

const PUBLISHED_DECIMALS = 18;
/** More are noise of the arithmetic with numbers. */
const MEASURED_DIGITS = 12;

/** Plain notation with at most 18 decimals: no exponent, no trailing zeros, never `-0`. */
export function plain(value: Decimal): DecimalString {
  const rounded = value.toDecimalPlaces(PUBLISHED_DECIMALS);
  return rounded.isZero() ? '0' : rounded.toFixed();
}

/** A measured number as a decimal string: numbers of their own accord read `1e-7`. */
export function plainNumber(value: number): DecimalString {
  return plain(new Decimal(value).toSignificantDigits(MEASURED_DIGITS));
}
