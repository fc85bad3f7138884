import { z } from 'zod';

/** What editors are told about a key. */
export interface EditorHint {
  readonly title: string;
  readonly [keyword: string]: unknown;
}

/** One kind of value, as it may be written in the file or come from the environment. */
export interface ScalarKind<T> {
  /** Completes "allowed: …" in a violation. */
  readonly allowed: string;
  /** JSON Schema of what may be written; `title` is the kind's name in the documentation. */
  readonly hint: EditorHint;
  /** The value, or undefined when it is none of this kind. */
  read(raw: unknown): T | undefined;
  /** A sentence for this mistake that is better than `allowed`. */
  explain?(raw: unknown): string | undefined;
  /** The value never appears in a message: it is a secret, or may be one that was put in the wrong place. */
  readonly hidden?: true;
}

/** Marks, in an issue, that what was found must not be printed. */
export const HIDDEN = { hidden: true } as const;

/** A `${NAME}` anywhere in the text: editors can't know what it will be. */
const VARIABLE = String.raw`\$\{[A-Za-z_][A-Za-z0-9_]*\}`;

/** A key's type in the schema: reads what was written, or says what is allowed. */
export function scalar<T>(kind: ScalarKind<T>) {
  return z
    .unknown()
    .transform((raw, context): T => {
      const value = kind.read(raw);
      if (value !== undefined) return value;
      const message = kind.explain?.(raw) ?? kind.allowed;
      context.addIssue({ code: 'custom', message, ...(kind.hidden ? { params: HIDDEN } : {}) });
      return z.NEVER;
    })
    .meta(kind.hint);
}

/** The hint of a value that is not text, which in the file may also be `${NAME}` or quoted. */
function orText(title: string, written: object, pattern: string): EditorHint {
  return { title, anyOf: [written, { type: 'string', pattern: `^${pattern}$|${VARIABLE}` }] };
}

/** `true` or `false`. */
export const flag = scalar<boolean>({
  allowed: 'true or false',
  hint: orText('true or false', { type: 'boolean' }, '(true|false)'),
  read: (raw) =>
    raw === true || raw === 'true' ? true : raw === false || raw === 'false' ? false : undefined,
});

const NUMBER = /^-?\d+(\.\d+)?$/;

/** The bounds of a number; both are inclusive unless `above` is used. */
interface Bounds {
  readonly min?: number;
  readonly max?: number;
  /** Exclusive lower bound. */
  readonly above?: number;
}

/** A number that is not money. */
export function number(bounds: Bounds) {
  return scalar<number>(numberKind('number', bounds));
}

/** A number without a fraction. */
export function wholeNumber(bounds: Bounds) {
  return scalar<number>(numberKind('whole number', bounds, Number.isSafeInteger));
}

/** The kind behind {@link number}, for keys that also allow a word. */
export function numberKind(
  title: string,
  { min, max, above }: Bounds,
  accepts: (value: number) => boolean = Number.isFinite,
): ScalarKind<number> {
  const range = [
    above === undefined ? undefined : `above ${above}`,
    min === undefined ? undefined : `from ${min}`,
    max === undefined ? undefined : `up to ${max}`,
  ].filter((bound) => bound !== undefined);
  const written = {
    type: title === 'number' ? 'number' : 'integer',
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
    ...(above === undefined ? {} : { exclusiveMinimum: above }),
  };
  return {
    allowed: [`a ${title}`, ...range].join(' '),
    hint: orText(title, written, String.raw`-?\d+(\.\d+)?`),
    read: (raw) => {
      const value = typeof raw === 'string' && NUMBER.test(raw) ? Number(raw) : raw;
      if (typeof value !== 'number' || !accepts(value)) return undefined;
      const fits = value >= (min ?? -Infinity) && value <= (max ?? Infinity) && value > (above ?? -Infinity);
      return fits ? value : undefined;
    },
  };
}

/** One of a few words. `unavailable` are words that are understood and can't be had yet, each with its explanation. */
export function choice<const Word extends string>(
  words: readonly Word[],
  unavailable: Readonly<Record<string, string>> = {},
) {
  const allowed = words.length === 1 ? `${words[0]}` : `one of ${words.join(', ')}`;
  return scalar<Word>({
    allowed,
    hint: { title: words.join(' · '), anyOf: [{ enum: words }, { type: 'string', pattern: VARIABLE }] },
    read: (raw) => words.find((word) => word === raw),
    explain: (raw) =>
      typeof raw === 'string' && Object.hasOwn(unavailable, raw)
        ? `${allowed}; ${unavailable[raw]}`
        : undefined,
  });
}

/** What narrows a text. */
interface TextRule {
  /** What it is, for "allowed: …". */
  readonly allowed: string;
  readonly pattern?: RegExp;
  readonly hidden?: true;
  /** Whether a number in the file may stand for the text. */
  readonly numbers?: true;
}

/** Text that is not empty. */
export function text({ allowed, pattern = /\S/, hidden, numbers }: TextRule) {
  const written = { type: 'string', pattern: `${pattern.source}|${VARIABLE}` };
  return scalar<string>({
    allowed,
    hint: { title: 'text', ...(numbers ? { anyOf: [{ type: 'integer' }, written] } : written) },
    read: (raw) => {
      const value = numbers && Number.isSafeInteger(raw) ? String(raw) : raw;
      return typeof value === 'string' && pattern.test(value) ? value : undefined;
    },
    explain: (raw) => (typeof raw === 'number' && !numbers ? `${allowed}, as text in quotes` : undefined),
    ...(hidden ? HIDDEN : {}),
  });
}

/** An address that requests can be sent to. Never printed: paths, queries and passwords in it may be secrets. */
export function httpUrl(allowed: string) {
  return scalar<string>({
    allowed,
    hint: { title: 'http or https URL', type: 'string', pattern: `^https?://|${VARIABLE}` },
    read: (raw) => (typeof raw === 'string' && isHttpUrl(raw) ? raw : undefined),
    ...HIDDEN,
  });
}

function isHttpUrl(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && /^https?:$/.test(url.protocol) && /^https?:\/\//i.test(value);
}
