/** The way to a value: names of keys, and indices of list entries. */
export type KeyPath = readonly (string | number)[];

/** Names that can be shown as they are; others may be a secret that slipped into a key's place. */
const PLAIN_KEY = /^[A-Za-z_][\w-]{0,39}$/;

/**
 * The path as it is written in documents and messages.
 *
 * @example
 * formatPath(['symbols', 0, 'strategy', 'levels']); // 'symbols[0].strategy.levels'
 */
export function formatPath(path: KeyPath): string {
  return path
    .map((segment) => (typeof segment === 'number' ? `[${segment}]` : `.${formatKey(segment)}`))
    .join('')
    .replace(/^\./, '');
}

/** A key's name, or what can be said of one that had better not be shown. */
export function formatKey(key: string): string {
  return PLAIN_KEY.test(key) ? key : `(a key of ${key.length} characters)`;
}

/** The value at the path; undefined when the way ends before. */
export function valueAt(root: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (value, segment) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, segment)
        ? (value as Readonly<Record<string | number, unknown>>)[segment]
        : undefined,
    root,
  );
}

/** True when one of the paths leads through the other, both as {@link formatPath} writes them. */
export function overlaps(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  return long === short || short === '' || (long.startsWith(short) && /[.[]/.test(long.charAt(short.length)));
}
