import type { FieldRule } from './catalogue-entry';
import { count } from './number-rules';
import { Fault, wrongType } from './rejection';
import { cutText, id, text } from './text-rules';

/** Far more than any notice has, few enough to be written in no time. */
const MAX_ENTRIES = 1_000;
const MAX_DEPTH = 5;
const MAX_BUCKETS = 100;

const noError = wrongType('an object with name and message');
const noBuckets = wrongType(
  `an object of at most ${MAX_BUCKETS} whole numbers, each under its upper bound such as "2.5" or "Infinity"`,
);
const noObject = wrongType('an object of texts, finite numbers and the like');
const tooLarge = new Fault('out_of_range', `an object of at most ${MAX_ENTRIES} entries, ${MAX_DEPTH} deep`);

/** True or false. */
export const flag: FieldRule = {
  kind: 'boolean',
  parse: (value) => (typeof value === 'boolean' ? value : noFlag),
};
const noFlag = wrongType('true or false');

/** `{ name, message, stack? }`, of which an Error is one. */
export const errorDetails: FieldRule = {
  kind: '{ name, message, stack? }',
  parse: (value) => {
    if (typeof value !== 'object' || value === null) return noError;
    const { name, message, stack } = value as Record<string, unknown>;
    if (typeof name !== 'string' || typeof message !== 'string') return noError;
    if (stack !== undefined && typeof stack !== 'string') return noError;
    const details = { name: cutText(name), message: cutText(message) };
    return Object.freeze(stack === undefined ? details : { ...details, stack: cutText(stack) });
  },
};

/** A plain object, or a list, of texts, numbers, and objects of these. */
export const record: FieldRule = {
  kind: 'object',
  parse: (value) => {
    if (typeof value !== 'object' || value === null) return noObject;
    return plain(value, { left: MAX_ENTRIES }, MAX_DEPTH);
  },
};

/** Counts by upper bound: above zero, and `Infinity` for what exceeds them all. */
export const bucketCounts: FieldRule = {
  kind: '{ upper bound: count }',
  parse: (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return noBuckets;
    const entries = Object.entries(value).map(([bound, each]) => [bound, count.parse(each)] as const);
    const isBucket = ([bound, each]: readonly [string, unknown]): boolean =>
      Number(bound) > 0 && String(Number(bound)) === bound && !(each instanceof Fault);
    if (entries.length > MAX_BUCKETS || !entries.every(isBucket)) return noBuckets;
    return Object.freeze(Object.fromEntries(entries));
  },
};

/** One of a closed set. */
export function oneOf(...values: readonly string[]): FieldRule {
  const allowed = new Set<unknown>(values);
  const other = new Fault('not_allowed', `one of ${values.join(', ')}`);
  return {
    kind: values.map((value) => `\`${value}\``).join(' · '),
    parse: (value) => (allowed.has(value) ? value : other),
  };
}

/** The same rule for a field that may be absent. */
export function optional(rule: FieldRule): FieldRule {
  return { ...rule, optional: true };
}

/** A copy that JSON gives back as it is; entries that are undefined are left out, as JSON does. */
function plain(value: unknown, entries: { left: number }, depth: number): unknown {
  if (typeof value === 'string') return text.parse(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : noObject;
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object') return noObject;
  if (depth === 0) return tooLarge;
  const found: [string, unknown][] = [];
  for (const key of Object.keys(value)) {
    const entry = (value as Readonly<Record<string, unknown>>)[key];
    if (entry === undefined) continue;
    if (--entries.left < 0) return tooLarge;
    const [name, copy] = [id.parse(key), plain(entry, entries, depth - 1)];
    if (name instanceof Fault) return name;
    if (copy instanceof Fault) return copy;
    found.push([key, copy]);
  }
  return Object.freeze(Array.isArray(value) ? found.map(([, entry]) => entry) : Object.fromEntries(found));
}
