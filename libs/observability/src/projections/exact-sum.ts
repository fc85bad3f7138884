import type { Codec } from './state-codec';

const DIGITS = 15;
const LIMB = 10 ** DIGITS;
/** Limbs on either side of the point: 45 digits, more than the 40 that the boundary lets through. */
const SIDE = 3;
const LIMBS = 2 * SIDE;
const POWERS_OF_TEN = Float64Array.from({ length: DIGITS + 1 }, (_, exponent) => 10 ** exponent);
const MINUS = 45;
const POINT = 46;
const ZERO = 48;

/**
 * A running sum of decimal strings without rounding, in fixed point: limbs of 15 digits, each of them a whole number that a
 * double holds exactly. A fill costs tens of nanoseconds; BigInts cost ten times that, a decimal library more.
 *
 * @example
 * const volume = new ExactSum();
 * volume.add('0.1');
 * volume.add('0.2');
 * volume.toString(); // '0.3'
 */
export class ExactSum {
  /** From the least significant: the first half is what stands behind the point. Only the last may be negative. */
  private readonly limbs = new Float64Array(LIMBS);
  /** The result of {@link toNumber}, until something is added: most sums don't change between two scrapes. */
  private rounded: number | undefined = 0;

  /**
   * @param decimal plain notation, such as `-12.50`
   * @throws RangeError when it has more than 45 digits on one side of the point
   */
  add(decimal: string): void {
    const { length } = decimal;
    const negative = decimal.charCodeAt(0) === MINUS;
    const start = negative ? 1 : 0;
    const sign = negative ? -1 : 1;
    let point = start;
    let whole = 0;
    for (; point < length; point++) {
      const code = decimal.charCodeAt(point);
      if (code === POINT) break;
      whole = whole * 10 + (code - ZERO);
    }
    if (point - start > SIDE * DIGITS || length - point - 1 > SIDE * DIGITS) {
      throw new RangeError(`'${decimal}' has more than ${SIDE * DIGITS} digits on one side of its point.`);
    }
    this.rounded = undefined;
    if (point - start <= DIGITS) this.addLimb(SIDE, sign * whole);
    else this.addWhole(decimal, start, point, sign);
    let limb = SIDE;
    for (let from = point + 1; from < length; from += DIGITS) {
      const end = Math.min(length, from + DIGITS);
      const shift = POWERS_OF_TEN[DIGITS - (end - from)] ?? NaN;
      this.addLimb(--limb, sign * digitsBetween(decimal, from, end) * shift);
    }
  }

  /**
   * Adds the product of two decimals without their signs, if it has no more digits than a limb; most prices and quantities have so few.
   *
   * @returns false when nothing was added
   */
  addProduct(one: string, other: string): boolean {
    const scale = scaleOf(one) + scaleOf(other);
    const units = unitsOf(one) * unitsOf(other);
    if (scale > DIGITS || !(units < LIMB)) return false;
    const power = POWERS_OF_TEN[scale] ?? NaN;
    const fraction = units % power;
    this.rounded = undefined;
    this.addLimb(SIDE, (units - fraction) / power);
    this.addLimb(SIDE - 1, fraction * (POWERS_OF_TEN[DIGITS - scale] ?? NaN));
    return true;
  }

  /** The sum less the other one. */
  minus(other: ExactSum): ExactSum {
    const difference = new ExactSum();
    difference.rounded = undefined;
    for (let limb = 0; limb < LIMBS; limb++) {
      difference.addLimb(limb, (this.limbs[limb] ?? 0) - (other.limbs[limb] ?? 0));
    }
    return difference;
  }

  /** The sum in plain notation, every digit of it. */
  toString(): string {
    const negative = this.isNegative();
    const { limbs } = negative ? new ExactSum().minus(this) : this;
    const digits = Array.from(limbs, (limb) => String(limb).padStart(DIGITS, '0')).reverse();
    const whole = digits
      .slice(0, SIDE)
      .join('')
      .replace(/^0+(?=\d)/, '');
    const fraction = digits.slice(SIDE).join('').replace(/0+$/, '');
    return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
  }

  /** The double nearest to the sum: the only rounding there is. */
  toNumber(): number {
    return (this.rounded ??= this.round());
  }

  private round(): number {
    if (this.isNegative()) return -new ExactSum().minus(this).round();
    const [finest = 0, finer = 0, fraction = 0, whole = 0, higher, highest] = this.limbs;
    if (higher !== 0 || highest !== 0) return Number(this.toString());
    const short = finest === 0 && finer === 0 ? quotient(whole, fraction) : undefined;
    return short ?? Number(`${whole}.${padded(fraction)}${padded(finer)}${padded(finest)}`);
  }

  private isNegative(): boolean {
    return (this.limbs[LIMBS - 1] ?? 0) < 0;
  }

  private addWhole(decimal: string, start: number, point: number, sign: number): void {
    let limb = SIDE;
    for (let end = point; end > start; end -= DIGITS) {
      this.addLimb(limb++, sign * digitsBetween(decimal, Math.max(start, end - DIGITS), end));
    }
  }

  /** Adds to one limb, and carries to the next ones. */
  private addLimb(index: number, value: number): void {
    const { limbs } = this;
    let sum = (limbs[index] ?? 0) + value;
    while (index < LIMBS - 1 && (sum < 0 || sum >= LIMB)) {
      const carry = sum < 0 ? -1 : 1;
      limbs[index++] = sum - carry * LIMB;
      sum = (limbs[index] ?? 0) + carry;
    }
    limbs[index] = sum;
  }
}

/** Writes a sum into a snapshot and reads it back. */
export const exactSum: Codec<ExactSum> = {
  encode: (sum) => sum.toString(),
  decode: (encoded) => {
    const sum = new ExactSum();
    sum.add(String(encoded));
    return sum;
  },
};

function digitsBetween(decimal: string, start: number, end: number): number {
  let digits = 0;
  for (let i = start; i < end; i++) digits = digits * 10 + (decimal.charCodeAt(i) - ZERO);
  return digits;
}

/** Digits behind the point. */
function scaleOf(decimal: string): number {
  const point = decimal.indexOf('.');
  return point === -1 ? 0 : decimal.length - point - 1;
}

/** All digits as a whole number; no number where a double does not hold them. */
function unitsOf(decimal: string): number {
  let units = 0;
  for (let i = 0; i < decimal.length; i++) {
    const digit = decimal.charCodeAt(i) - ZERO;
    if (digit >= 0) units = units * 10 + digit;
  }
  return units <= Number.MAX_SAFE_INTEGER ? units : NaN;
}

function padded(limb: number): string {
  return String(limb).padStart(DIGITS, '0');
}

/**
 * A sum of few digits as the quotient of two numbers that doubles hold exactly: one rounding, as IEEE 754 defines it, and a
 * tenth of the cost of reading it from text.
 */
function quotient(whole: number, fraction: number): number | undefined {
  let decimals = fraction === 0 ? 0 : DIGITS;
  let numerator = fraction;
  for (; decimals > 0 && numerator % 10 === 0; decimals--) numerator /= 10;
  const denominator = POWERS_OF_TEN[decimals] ?? NaN;
  const sum = whole * denominator + numerator;
  return Number.isSafeInteger(sum) ? sum / denominator : undefined;
}
