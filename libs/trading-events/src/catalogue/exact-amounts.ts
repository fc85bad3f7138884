import type { DataOf, EventType } from '../events/trading-event';
import { EVENT_CATALOGUE } from './catalogue';

/**
 * An amount as callers have it: a decimal string (`-12.50`, `8.12e-7`), a number, a bigint, or an object of a decimal library whose
 * `toFixed()` gives plain notation (decimal.js, big.js, bignumber.js). A number is taken as the shortest decimal that is read as it.
 */
export type Amount = string | number | bigint | { toFixed(): string };

/** The fields of events that are amounts. */
export const AMOUNT_FIELDS = [
  ...(['price', 'quantity', 'remaining', 'fee', 'size', 'entryPrice', 'markPrice'] as const),
  ...(['realizedPnl', 'unrealizedPnl', 'value', 'threshold', 'position', 'notional'] as const),
  ...(['bestBid', 'bestAsk'] as const),
] as const;

/** The data of an event, in which amounts may be anything that is an {@link Amount}. */
export type Stated<Data> = {
  readonly [Field in keyof Data]: Field extends (typeof AMOUNT_FIELDS)[number]
    ? Data[Field] | Amount
    : Data[Field];
};

/** No event's amount has more zeros than that, and writing them would take long. */
const MAX_ZEROS = 60;
const WITH_EXPONENT = /^([+-]?)(\d{1,40})(?:\.(\d{1,40}))?e([+-]?\d{1,3})$/i;

/**
 * Writes each amount of an event's data as a decimal string. What is none stays as it is, for the boundary to refuse with its name.
 *
 * @param type one of the catalogue's event types
 */
export function exactAmounts<Type extends EventType>(type: Type, data: Stated<DataOf<Type>>): DataOf<Type> {
  const rules: Readonly<Record<string, { readonly kind: string }>> = EVENT_CATALOGUE[type].fields;
  try {
    const entries = Object.entries(data).map(([field, value]) => {
      const kind = rules[field]?.kind ?? '';
      const isAmount = kind.startsWith('decimal string');
      const isNumberToo = kind.endsWith('or number') && typeof value === 'number';
      return [field, isAmount && !isNumberToo ? exact(value) : value];
    });
    return Object.fromEntries(entries) as DataOf<Type>;
  } catch {
    return data as DataOf<Type>; // reading it throws, or writing it does
  }
}

/** The amount as a decimal string; whatever it is where it is none. */
export function exact(value: unknown): unknown {
  switch (typeof value) {
    case 'bigint':
      return value.toString();
    case 'number':
      return Number.isFinite(value) ? plain(String(value)) : value;
    case 'string':
      return plain(value);
    case 'object':
      return value !== null && 'toFixed' in value && typeof value.toFixed === 'function'
        ? (value.toFixed() as unknown)
        : value;
    default:
      return value;
  }
}

/** The number without an exponent; what has none, or too large a one, as it is. */
function plain(text: string): string {
  const [, sign, whole, fraction = '', exponent] = WITH_EXPONENT.exec(text) ?? [];
  if (whole === undefined) return text;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  if (point < -MAX_ZEROS || point > digits.length + MAX_ZEROS) return text;
  const padded = '0'.repeat(Math.max(0, 1 - point)) + digits + '0'.repeat(Math.max(0, point - digits.length));
  const at = Math.max(1, point);
  const [before, after] = [padded.slice(0, at).replace(/^0+(?=\d)/, ''), padded.slice(at).replace(/0+$/, '')];
  return `${sign === '-' ? '-' : ''}${before}${after === '' ? '' : `.${after}`}`;
}
