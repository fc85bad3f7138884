import { Decimal } from 'decimal.js';
import { scalar } from './scalar';

const DECIMAL = /^-?\d{1,40}(\.\d{1,40})?$/;

/**
 * A number as YAML reads it is a double, which keeps 15 significant decimal digits of whatever was written (DBL_DIG of
 * IEEE 754 binary64); beyond that only quoted text is exact.
 */
const EXACT_DIGITS = 15;

interface DecimalBounds {
  /** Its description, for "allowed: …". */
  readonly allowed: string;
  readonly accepts: (value: Decimal) => boolean;
}

/** Money, quantities and rates: exact, a decimal string once it is read. */
function decimal({ allowed, accepts }: DecimalBounds) {
  return scalar<string>({
    allowed,
    hint: {
      title: 'decimal',
      anyOf: [{ type: 'number' }, { type: 'string', pattern: String.raw`^-?\d+(\.\d+)?$|\$\{` }],
    },
    read: (raw) => {
      const value = exact(raw);
      if (value === undefined || !accepts(value)) return undefined;
      return value.isZero() ? '0' : value.toFixed();
    },
    explain: (raw) =>
      typeof raw === 'number' && Number.isFinite(raw) && exact(raw) === undefined
        ? `${allowed}, in quotes when it has more than ${EXACT_DIGITS} digits`
        : undefined,
  });
}

function exact(raw: unknown): Decimal | undefined {
  if (typeof raw === 'string') return DECIMAL.test(raw) ? new Decimal(raw) : undefined;
  if (typeof raw !== 'number' || !Number.isFinite(raw)) return undefined;
  const value = new Decimal(raw);
  return value.precision() <= EXACT_DIGITS && DECIMAL.test(value.toFixed()) ? value : undefined;
}

/** An amount above zero. */
export const amount = decimal({
  allowed: 'a decimal above 0 such as "10000" or "0.001"',
  accepts: (value) => value.isPositive() && !value.isZero(),
});

/** A fee's rate: a part of the notional; negative for a rebate. Ten percent is more than any venue takes. */
export const feeRate = decimal({
  allowed: 'a rate from "-0.1" to "0.1", such as "0.001" for 0.1 %',
  accepts: (value) => value.abs().lessThanOrEqualTo('0.1'),
});
