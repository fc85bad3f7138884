const MAX_SAFE_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: MAX_SAFE_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/**
 * A running sum of decimal strings without rounding: integers of the smallest unit seen so far, kept as a plain number while
 * that is exact and as a BigInt from then on. A fill costs tens of nanoseconds; a decimal library costs ten times that.
 *
 * @example
 * const volume = new ExactSum();
 * volume.add('0.1');
 * volume.add('0.2');
 * volume.toString(); // '0.3'
 */
export class ExactSum {
  private units: number | bigint = 0;
  private scale = 0;

  /** @param decimal plain notation, such as `-12.50` */
  add(decimal: string): void {
    const point = decimal.indexOf('.');
    const scale = point < 0 ? 0 : decimal.length - point - 1;
    const digits = point < 0 ? decimal : decimal.slice(0, point) + decimal.slice(point + 1);
    if (typeof this.units === 'number' && this.addSmall(digits, scale)) return;
    this.addLarge(BigInt(digits), scale);
  }

  /** The sum in plain notation, every digit of it. */
  toString(): string {
    const text = String(this.units);
    const negative = text.startsWith('-');
    const digits = (negative ? text.slice(1) : text).padStart(this.scale + 1, '0');
    const whole = digits.slice(0, digits.length - this.scale);
    const fraction = digits.slice(digits.length - this.scale).replace(/0+$/, '');
    return `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
  }

  /** The double nearest to the sum: the only rounding there is. */
  toNumber(): number {
    return Number(this.toString());
  }

  private addSmall(digits: string, scale: number): boolean {
    if (digits.length > MAX_SAFE_DIGITS || scale > MAX_SAFE_DIGITS) return false;
    const finest = Math.max(scale, this.scale);
    const sum =
      Number(this.units) * (POWERS_OF_TEN[finest - this.scale] ?? NaN) +
      Number(digits) * (POWERS_OF_TEN[finest - scale] ?? NaN);
    if (!Number.isSafeInteger(sum)) return false;
    this.units = sum === 0 ? 0 : sum;
    this.scale = finest;
    return true;
  }

  private addLarge(digits: bigint, scale: number): void {
    const finest = Math.max(scale, this.scale);
    const sum =
      BigInt(this.units) * 10n ** BigInt(finest - this.scale) + digits * 10n ** BigInt(finest - scale);
    this.units = sum;
    this.scale = finest;
  }
}
