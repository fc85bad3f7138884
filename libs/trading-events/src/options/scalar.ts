import { z } from 'zod';
import { distance } from 'fastest-levenshtein';
import { strangeEnd, withoutLineBreak } from './ends';
import { isFileReference, textIn } from './file-reference';

/** The metadata of a key: JSON Schema of what a file may have there, and what readers of a schema go by. */
export interface ScalarHint {
  /** The kind's name in the documentation. */
  readonly title: string;
  /** In a file the value is a text with its unit; in code a bare number is one, too. */
  readonly kind?: 'duration' | 'size' | 'time';
  /** The value must not be printed anywhere. */
  readonly secret?: true;
  readonly [keyword: string]: unknown;
}

/** One kind of value, as it may be written in code or in a file, or come from the environment. */
export interface ScalarKind<T> {
  /** Completes "allowed: …" in a violation. */
  readonly allowed: string;
  readonly hint: ScalarHint;
  /** The value, or undefined when it is none of this kind. */
  read(raw: unknown): T | undefined;
  /** A sentence for this mistake that is better than `allowed`. */
  explain?(raw: unknown): string | undefined;
  /** The value never appears in a message: it is a secret, or may be one that was put in the wrong place. */
  readonly hidden?: true;
  /** A text of several lines may have any number of line breaks at its ends. */
  readonly isMultiline?: true;
}

/** Marks, in an issue, that what was found must not be printed. */
export const HIDDEN = { hidden: true } as const;

/** A `${NAME}` anywhere in the text: editors can't know what it will be. */
export const VARIABLE = String.raw`\$\{[A-Za-z_][A-Za-z0-9_]*\}`;

/**
 * A key's type in the schema: reads what was written, or says what is allowed. `Input` is what code may write. Of a text one trailing line
 * break is dropped, and what nobody sees at its ends is refused. In code a secret text may be `{ file: PATH }`, as any value may in a file.
 */
export function scalar<Output, Input = Output>(kind: ScalarKind<Output>): z.ZodType<Output, Input> {
  const schema = z
    .unknown()
    .transform((given, context): Output => {
      const written = isSecretText(kind) && isFileReference(given) ? textIn(given.file) : { text: given };
      const text = 'text' in written ? written.text : undefined;
      const raw = typeof text === 'string' ? withoutLineBreak(text) : text;
      const strange = 'text' in written ? endOf(raw, kind) : `{ file } names ${written.problem}`;
      const value = strange === undefined ? kind.read(raw) : undefined;
      if (value !== undefined) return value;
      const message =
        strange === undefined ? (kind.explain?.(raw) ?? kind.allowed) : `${kind.allowed}, ${strange}`;
      context.addIssue({ code: 'custom', message, ...(kind.hidden ? { params: HIDDEN } : {}) });
      return z.NEVER;
    })
    .meta({ ...kind.hint });
  return schema as unknown as z.ZodType<Output, Input>;
}

/** Headers, too, are secret, and one of them may be called `file`. */
function isSecretText({ hint }: ScalarKind<unknown>): boolean {
  return hint.secret === true && hint['type'] === 'string';
}

function endOf(raw: unknown, { hidden, isMultiline }: ScalarKind<unknown>): string | undefined {
  if (typeof raw !== 'string' || isMultiline) return undefined;
  return strangeEnd(raw, hidden !== true);
}

/** The hint of a value that is not text, which in the file may also be `${NAME}` or quoted. */
function orText(title: string, written: object, pattern: string): ScalarHint {
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

/** A port that can be listened on; 0 takes a free one. */
export const listeningPort = wholeNumber({ min: 0, max: 65_535 });

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
    explain: (raw) => {
      if (typeof raw !== 'string') return undefined;
      if (Object.hasOwn(unavailable, raw)) return `${allowed}; ${unavailable[raw]}`;
      const near = nearest(raw, words);
      return isClose(raw, near) ? `${allowed} (did you mean ${near}?)` : undefined;
    },
  });
}

/** The name that takes the fewest changes; undefined when there are none. */
export function nearest<Name extends string>(written: string, names: readonly Name[]): Name | undefined {
  const changes = (name: string): number => distance(written.toLowerCase(), name.toLowerCase());
  return names.toSorted((a, b) => changes(a) - changes(b))[0];
}

/** At most a third of the name has to be changed; upper and lower case are the same. */
export function isClose(written: string, name: string | undefined): name is string {
  if (name === undefined) return false;
  return distance(written.toLowerCase(), name.toLowerCase()) <= Math.max(written.length, name.length) / 3;
}

/** A list; read-only in types, so that constant lists can be passed. */
export function list<Entry extends z.ZodType>(
  entry: Entry,
): z.ZodType<readonly z.output<Entry>[], readonly z.input<Entry>[]> {
  return z.array(entry) as unknown as z.ZodType<readonly z.output<Entry>[], readonly z.input<Entry>[]>;
}
