import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { type JsonSchema, configurationJsonSchema } from './configuration-schema';
import { type KeyPath, formatKey, formatPath, valueAt } from './key-path';
import { HIDDEN_VALUE, type Violation, describeKind, describeValue } from './violation';

type Issue = z.core.$ZodIssue;

/** A violation that still knows its way as segments. */
export interface LocatedViolation extends Violation {
  readonly keyPath: KeyPath;
}

/** What the schema was applied to. */
export interface Judged {
  readonly value: unknown;
  /** Paths whose values came from the environment, with how the file has them. */
  readonly origins: ReadonlyMap<string, string>;
}

/** Turns what the schema objects to into violations: where, what is there, what is allowed. */
export function schemaViolations(issues: readonly Issue[], judged: Judged): readonly LocatedViolation[] {
  return issues.flatMap((issue) => {
    const keyPath = issue.path.map((segment) => (typeof segment === 'symbol' ? String(segment) : segment));
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(keyPath, key));
    const found = describeFound(
      issue,
      valueAt(judged.value, keyPath),
      judged.origins.get(formatPath(keyPath)),
    );
    return [{ keyPath, path: formatPath(keyPath), found, allowed: allowedBy(issue) }];
  });
}

/**
 * What came from the environment is not shown either: a secret is what variables are for, whichever key it was put under
 * by mistake. Where a section belongs the kind of value is enough.
 */
function describeFound(issue: Issue, value: unknown, origin: string | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (issue.code !== 'custom') return describeKind(value);
  if (origin !== undefined) return `the value of ${origin} ${HIDDEN_VALUE}`;
  return issue.params?.['hidden'] === true ? HIDDEN_VALUE : describeValue(value);
}

function allowedBy(issue: Issue): string {
  if (issue.code !== 'invalid_type') return issue.message;
  return issue.expected === 'array'
    ? 'a list (entries that start with "- ")'
    : 'a section (keys and their values)';
}

function unknownKey(parent: KeyPath, key: string): LocatedViolation {
  const schema = configurationJsonSchema();
  const known = Object.keys(schemaAt(schema, parent)?.properties ?? {});
  const elsewhere = placesOf(key, '', schema);
  const nearest = known.toSorted((a, b) => distance(key, a) - distance(key, b))[0];
  const hint =
    elsewhere.length > 0 && !isClose(key, nearest)
      ? `${formatKey(key)} belongs in ${elsewhere.join(' or ')}`
      : `did you mean ${nearest}?`;
  return {
    keyPath: [...parent, key],
    path: [formatPath(parent), formatKey(key)].filter((part) => part !== '').join('.'),
    found: 'an unknown key',
    allowed: `${known.join(', ')} (${hint})`,
  };
}

/** At most a third of the key has to be changed. */
function isClose(key: string, nearest: string | undefined): boolean {
  return nearest !== undefined && distance(key, nearest) <= Math.max(key.length, nearest.length) / 3;
}

function schemaAt(schema: JsonSchema, path: KeyPath): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>(
    (part, segment) => (typeof segment === 'number' ? part?.items : part?.properties?.[segment]),
    schema,
  );
}

/** The sections that have a key of this name. */
function placesOf(key: string, path: string, schema: JsonSchema): readonly string[] {
  if (schema.items !== undefined) return placesOf(key, `${path}[]`, schema.items);
  const entries = Object.entries(schema.properties ?? {});
  const here = entries.some(([name]) => name === key) ? [path || 'the top level'] : [];
  return [
    ...here,
    ...entries.flatMap(([name, part]) => placesOf(key, path === '' ? name : `${path}.${name}`, part)),
  ];
}
