/** Writes a part of a state as JSON and reads it back. */
export interface Codec<Value> {
  encode(value: Value): unknown;
  decode(encoded: unknown): Value;
  /** The entries one by one, for those that have many: what `encode` gives at once. */
  entries?(value: Value): Iterable<unknown>;
}

/** One codec per field: a field that the state has and the codec lacks does not compile. */
type FieldCodecs<State> = { readonly [Field in keyof Required<State>]: Codec<State[Field]> };

/** The codec of a value that JSON holds as it is. */
export function asIs<Value>(): Codec<Value> {
  return { encode: (value) => value, decode: (encoded) => encoded as Value };
}

/** A value that may be undefined; in JSON `null` says so. */
export function optional<Value>(codec: Codec<Value>): Codec<Value | undefined> {
  return {
    encode: (value) => (value === undefined ? null : codec.encode(value)),
    decode: (encoded) => (encoded === null || encoded === undefined ? undefined : codec.decode(encoded)),
  };
}

/** A list of values that JSON holds as they are. */
export function listOf<Value>(): Codec<Value[]> {
  return { encode: (list) => list, decode: (encoded) => listIn(encoded) as Value[], entries: (list) => list };
}

/** A set of values that JSON holds as they are. */
export function setOf<Value>(): Codec<Set<Value>> {
  return {
    encode: (set) => [...set],
    decode: (encoded) => new Set(listIn(encoded) as Value[]),
    entries: (set) => set,
  };
}

/** A map, as a list of keys and values in the map's order. */
export function mapOf<Key extends string, Value>(value: Codec<Value>): Codec<Map<Key, Value>> {
  function* entries(map: Map<Key, Value>): Iterable<unknown> {
    for (const [key, one] of map) yield [key, value.encode(one)];
  }
  return {
    encode: (map) => [...entries(map)],
    decode: (encoded) =>
      new Map(
        listIn(encoded).map((entry) => {
          const [key, one] = listIn(entry);
          return [key as Key, value.decode(one)];
        }),
      ),
    entries,
  };
}

/** A record whose fields have codecs of their own. */
export function recordOf<State extends object>(fields: FieldCodecs<State>): Codec<State> {
  const codecs = Object.entries(fields) as [string, Codec<unknown>][];
  return {
    encode: (state) => {
      const values = state as Readonly<Record<string, unknown>>;
      return Object.fromEntries(codecs.map(([name, codec]) => [name, codec.encode(values[name])]));
    },
    decode: (encoded) => {
      const values = recordIn(encoded);
      const decoded = codecs.map(([name, codec]) => [name, codec.decode(values[name])] as const);
      return Object.fromEntries(decoded) as State;
    },
  };
}

/** A projection's `encode` and `decode`, from a codec for each field of its state. Its maps, sets and lists are written an entry at a time. */
export function codecOf<State extends object>(fields: FieldCodecs<State>) {
  const codecs = Object.entries(fields) as [string, Codec<unknown>][];
  const whole = recordOf(fields);
  return {
    encode: (state: State): Readonly<Record<string, unknown>> => {
      const values = state as Readonly<Record<string, unknown>>;
      const written = codecs.map(([name, codec]) => [
        name,
        codec.entries?.(values[name]) ?? codec.encode(values[name]),
      ]);
      return Object.fromEntries(written) as Readonly<Record<string, unknown>>;
    },
    decode: (encoded: Readonly<Record<string, unknown>>): State => whole.decode(encoded),
  };
}

function listIn(encoded: unknown): readonly unknown[] {
  if (Array.isArray(encoded)) return encoded as readonly unknown[];
  throw new TypeError(`A list was expected, found ${typeof encoded}.`);
}

function recordIn(encoded: unknown): Readonly<Record<string, unknown>> {
  if (typeof encoded === 'object' && encoded !== null && !Array.isArray(encoded)) {
    return encoded as Readonly<Record<string, unknown>>;
  }
  throw new TypeError(`A record was expected, found ${encoded === null ? 'null' : typeof encoded}.`);
}
