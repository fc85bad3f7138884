import type { EventSource } from '../events/domain-event';

/** The reason of a refusal: a closed set, so that it can be a metric's label. */
export type RejectionReason =
  | 'unknown_type'
  | 'malformed_envelope'
  | 'missing_field'
  | 'wrong_type'
  | 'not_finite'
  | 'not_decimal'
  | 'negative'
  | 'not_positive'
  | 'not_allowed'
  | 'bad_label'
  | 'unknown_symbol'
  | 'too_many_labels'
  | 'duplicate'
  | 'log_full';

interface Fault {
  readonly reason: RejectionReason;
  readonly allowed: string;
}

/** Finds the fault of a value, or nothing. */
type Check = (value: unknown) => Fault | undefined;

/** The rule of a field. `kind` names it in documents. */
export interface FieldRule {
  readonly kind: string;
  readonly check: Check;
  readonly optional?: true;
}

/** The catalogue's row of an event type: all that its TypeScript type does not say. */
export interface CatalogueEntry<Data> {
  readonly source: EventSource;
  /** Version of `data` that is written today. */
  readonly version: number;
  /** `log`: stored for good. `live`: projected at once and never stored. */
  readonly kept: 'log' | 'live';
  /** The fact, in a sentence. */
  readonly fact: string;
  /** Each field's rule; a field that the type has and this table misses does not compile. */
  readonly fields: { readonly [Field in keyof Required<Data>]: FieldRule };
}

/** Max digits of a {@link DecimalString} on either side of its point. */
const MAX_DIGITS = 40;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const LABEL = /^[^\u0000-\u001f\u007f\s"\\{}][^\u0000-\u001f\u007f"\\]{0,63}$/u;

/** Labels that were found good: there are few, they come with every event, and the pattern costs ten times a look-up. */
const goodLabels = new Set<string>();
const MAX_GOOD_LABELS = 2_000;

const wrongType = (allowed: string) => ({ reason: 'wrong_type', allowed }) as const;

/** A metric's label: 1 to 64 printable characters. */
export const label: FieldRule = {
  kind: 'label',
  check: (value) => {
    if (typeof value !== 'string') return wrongType('text of 1 to 64 characters');
    if (goodLabels.has(value)) return undefined;
    if (!LABEL.test(value)) {
      return {
        reason: 'bad_label',
        allowed: '1 to 64 printable characters without quotes, braces or backslashes',
      };
    }
    if (goodLabels.size < MAX_GOOD_LABELS) goodLabels.add(value);
    return undefined;
  },
};

/** Any text: shown to people, never a label. */
export const text: FieldRule = {
  kind: 'text',
  check: (value) => (typeof value === 'string' ? undefined : wrongType('text')),
};

/** True or false. */
export const flag: FieldRule = {
  kind: 'boolean',
  check: (value) => (typeof value === 'boolean' ? undefined : wrongType('true or false')),
};

/** A signed {@link DecimalString}. */
export const decimal: FieldRule = {
  kind: 'decimal string',
  check: (value) => (signOf(value) === undefined ? notDecimal(value) : undefined),
};

/** A {@link DecimalString} of zero or more. */
export const amount: FieldRule = {
  kind: 'decimal string ≥ 0',
  check: (value) => {
    const sign = signOf(value);
    if (sign === undefined) return notDecimal(value);
    return sign < 0 ? { reason: 'negative', allowed: 'a decimal string of zero or more' } : undefined;
  },
};

/** A {@link DecimalString} above zero. */
export const quantity: FieldRule = {
  kind: 'decimal string > 0',
  check: (value) => {
    const sign = signOf(value);
    if (sign === undefined) return notDecimal(value);
    if (sign > 0) return undefined;
    return sign < 0
      ? { reason: 'negative', allowed: 'a decimal string of zero or more' }
      : { reason: 'not_positive', allowed: 'a decimal string above zero' };
  },
};

/** A {@link DecimalString} above zero. */
export const price = quantity;

/** Milliseconds, finite and not negative. */
export const duration: FieldRule = { kind: 'milliseconds', check: nonNegative('milliseconds, zero or more') };

/** Epoch milliseconds. */
export const time: FieldRule = { kind: 'epoch milliseconds', check: nonNegative('epoch milliseconds') };

/** A whole number, zero or more. */
export const count: FieldRule = {
  kind: 'count',
  check: (value) =>
    nonNegative('a whole number, zero or more')(value) ??
    (Number.isSafeInteger(value) ? undefined : wrongType('a whole number, zero or more')),
};

/** A decimal string where it is money, a finite number where it is a count, a ratio or milliseconds. */
export const measure: FieldRule = {
  kind: 'decimal string or number',
  check: (value) => (typeof value === 'number' && Number.isFinite(value) ? undefined : decimal.check(value)),
};

/** `{ name, message, stack? }`. */
export const errorDetails: FieldRule = {
  kind: '{ name, message, stack? }',
  check: (value) => {
    const allowed = 'an object with name and message';
    if (typeof value !== 'object' || value === null) return wrongType(allowed);
    const { name, message, stack } = value as Record<string, unknown>;
    const complete = typeof name === 'string' && typeof message === 'string';
    return complete && (stack === undefined || typeof stack === 'string') ? undefined : wrongType(allowed);
  },
};

/** A plain object. */
export const record: FieldRule = {
  kind: 'object',
  check: (value) => (typeof value === 'object' && value !== null ? undefined : wrongType('an object')),
};

/** One of a closed set. */
export function oneOf(...values: readonly string[]): FieldRule {
  const allowed = new Set<unknown>(values);
  const sentence = `one of ${values.join(', ')}`;
  return {
    kind: values.map((value) => `\`${value}\``).join(' · '),
    check: (value) => (allowed.has(value) ? undefined : { reason: 'not_allowed', allowed: sentence }),
  };
}

/** The same rule for a field that may be absent. */
export function optional(rule: FieldRule): FieldRule {
  return { ...rule, optional: true };
}

/**
 * Reads the value as `-?\d{1,40}(\.\d{1,40})?`, a character at a time: a regular expression costs twice as much, and
 * every event has several of these.
 *
 * @returns -1, 0 or 1; undefined when it is no {@link DecimalString}
 */
function signOf(value: unknown): -1 | 0 | 1 | undefined {
  if (typeof value !== 'string') return undefined;
  const { length } = value;
  const start = value.charCodeAt(0) === MINUS ? 1 : 0;
  let at = start;
  let point = length;
  let anyBit = 0;
  for (; at < length; at++) {
    const digit = value.charCodeAt(at) - ZERO;
    if (digit >= 0 && digit <= 9) anyBit |= digit;
    else if (digit === POINT - ZERO && point === length) point = at;
    else return undefined;
  }
  const whole = point - start;
  const fraction = length - point - 1;
  if (whole < 1 || whole > MAX_DIGITS || fraction === 0 || fraction > MAX_DIGITS) return undefined;
  return anyBit === 0 ? 0 : start === 1 ? -1 : 1;
}

function notDecimal(value: unknown): Fault {
  if (typeof value === 'number' && !Number.isFinite(value)) return notFinite('a decimal string');
  return { reason: 'not_decimal', allowed: 'a decimal string such as "-12.50"' };
}

function notFinite(allowed: string) {
  return { reason: 'not_finite', allowed } as const;
}

function nonNegative(allowed: string): Check {
  return (value) => {
    if (typeof value !== 'number') return wrongType(allowed);
    if (!Number.isFinite(value)) return notFinite(allowed);
    return value < 0 ? { reason: 'negative', allowed } : undefined;
  };
}
