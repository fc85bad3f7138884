type CamelKey<Key> = Key extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelKey<Tail>>}` : Key;

/** The same value with keys in camelCase, at every depth; optional keys stay optional. */
export type CamelCased<Value> = Value extends readonly (infer Item)[]
  ? CamelCased<Item>[]
  : Value extends object
    ? { [Key in keyof Value as CamelKey<Key>]: CamelCased<Value[Key]> }
    : Value;

/**
 * Renames the keys of a section of the configuration as the libs' options spell them. What is absent stays absent.
 *
 * @example
 * camelCased({ metrics_port: 9090 }); // { metricsPort: 9090 }
 */
export function camelCased<Value>(value: Value): CamelCased<Value> {
  return rename(value) as CamelCased<Value>;
}

function rename(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rename);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      rename(item),
    ]),
  );
}
