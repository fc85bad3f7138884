/** The spelling of keys and values in the source of the options. */
export interface Spelling {
  /** A key of the schema as it is written there. */
  key(name: string): string;
  readonly section: string;
  readonly list: string;
}

/** Options in code: the schema's own names. */
export const IN_CODE: Spelling = {
  key: (name) => name,
  section: 'an object with options',
  list: 'a list',
};

/** Options in a YAML file: the same names in snake_case. */
export const IN_FILE: Spelling = {
  key: (name) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  section: 'a section (keys and their values)',
  list: 'a list (entries that start with "- ")',
};

/** A text in which the given keys, named as in code, are written as there. */
export function spelled(text: string, keys: ReadonlySet<string>, spelling: Spelling): string {
  return text.replaceAll(/\b[a-z]+(?:[A-Z][a-z0-9]*)+\b/g, (word) =>
    keys.has(word) ? spelling.key(word) : word,
  );
}
