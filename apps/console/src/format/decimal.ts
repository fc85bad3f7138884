const MINUS = '−';
const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

interface Parts {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

/** Splits a decimal text, exponents written out; null where it is none. */
function parse(text: string): Parts | null {
  const match = NUMBER.exec(text);
  if (!match) return null;
  const [, sign, whole = '0', fraction = '', exponent = '0'] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  return {
    negative: sign === '-',
    whole: padded.slice(0, at).replace(/^0+(?=\d)/, ''),
    fraction: padded.slice(at),
  };
}

function round({ negative, whole, fraction }: Parts, digits: number): Parts {
  const kept = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'));
  const up = (fraction[digits] ?? '0') >= '5' ? 1n : 0n;
  const text = (kept + up).toString().padStart(digits + 1, '0');
  const at = text.length - digits;
  return { negative: negative && kept + up !== 0n, whole: text.slice(0, at), fraction: text.slice(at) };
}

const write = ({ negative, whole, fraction }: Parts, isSigned: boolean) => {
  const isZero = !/[1-9]/.test(whole + fraction);
  const sign = negative ? MINUS : isSigned && !isZero ? '+' : '';
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return sign + grouped + (fraction === '' ? '' : `.${fraction}`);
};

/** Every digit that the server sent, grouped: `−1,234.5678`. A text that is no number comes back as it is. */
export function exact(text: string): string {
  const parts = parse(text);
  return parts ? write(parts, false) : text;
}

/** As `exact`, with `+` before what is above zero. */
export function exactSigned(text: string): string {
  const parts = parse(text);
  return parts ? write(parts, true) : text;
}

/** Rounded half away from zero: `−1,066.38`. */
export function rounded(text: string, digits = 2): string {
  const parts = parse(text);
  return parts ? write(round(parts, digits), false) : text;
}

/** As `rounded`, with `+` before what is above zero. */
export function roundedSigned(text: string, digits = 2): string {
  const parts = parse(text);
  return parts ? write(round(parts, digits), true) : text;
}

/** As a whole number, grouped: `6,908`. */
export const count = (value: number): string => exact(String(Math.round(value)));

/** A part of a limit in per cent; null where it can't be said. */
export function percentOf(value: string | null, limit: string | null): number | null {
  if (value === null || limit === null || Number(limit) === 0) return null;
  const percent = Math.abs(Number(value) / Number(limit)) * 100;
  return Number.isFinite(percent) ? percent : null;
}
