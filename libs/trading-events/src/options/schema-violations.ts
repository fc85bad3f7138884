import type { z } from 'zod';
import { type KeyPath, formatKey, formatPath, valueAt } from './key-path';
import { ruleOf } from './rule';
import { isClose, nearest } from './scalar';
import { type Schema, allKeys, entryOf, schemaAt, shapeOf } from './schema-walk';
import { type Spelling, spelled } from './spelling';
import { HIDDEN_VALUE, type Violation, describeKind, describeValue } from './violation';

export type Issue = z.core.$ZodIssue;

/** A violation that still knows its way as segments, spelled as in code. */
export interface LocatedViolation extends Violation {
  readonly keyPath: KeyPath;
}

/** What a schema was applied to. */
export interface Judged {
  readonly schema: Schema;
  readonly value: unknown;
  readonly spelling: Spelling;
  /** Paths whose values came from the environment, with how the file has them. */
  readonly origins?: ReadonlyMap<string, string>;
}

/** Turns what a schema objects to into violations: where, what is there, what is allowed. */
export function schemaViolations(issues: readonly Issue[], judged: Judged): readonly LocatedViolation[] {
  const keys = allKeys(judged.schema);
  return issues.flatMap((issue) => {
    const keyPath = keyPathOf(issue);
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(keyPath, key, judged));
    const path = spelledPath(keyPath, judged);
    const found = ruleOf(issue)?.found ?? describeFound(issue, path, judged);
    return [
      {
        keyPath,
        path,
        found: spelled(found, keys, judged.spelling),
        allowed: spelled(allowedBy(issue, judged.spelling), keys, judged.spelling),
      },
    ];
  });
}

export function keyPathOf(issue: Issue): KeyPath {
  return issue.path.map((segment) => (typeof segment === 'symbol' ? String(segment) : segment));
}

function spelledPath(path: KeyPath, { schema, spelling }: Judged): string {
  return formatPath(
    path.map((segment, index) => {
      const isKey = typeof segment === 'string' && schemaAt(schema, path.slice(0, index + 1)) !== undefined;
      return isKey ? spelling.key(segment) : segment;
    }),
  );
}

/**
 * What came from the environment is not shown either: a secret is what variables are for, whichever key it was put under
 * by mistake. Where a section belongs the kind of value is enough.
 */
function describeFound(issue: Issue, path: string, { value: root, origins }: Judged): string {
  const value = valueAt(root, keyPathOf(issue));
  if (value === undefined || value === null) return 'nothing';
  if (issue.code !== 'custom') return describeKind(value);
  const origin = origins?.get(path);
  if (origin !== undefined) return `the value of ${origin} ${HIDDEN_VALUE}`;
  return issue.params?.['hidden'] === true ? HIDDEN_VALUE : describeValue(value);
}

function allowedBy(issue: Issue, { list, section }: Spelling): string {
  if (issue.code !== 'invalid_type') return issue.message;
  return issue.expected === 'array' ? list : section;
}

function unknownKey(parent: KeyPath, key: string, judged: Judged): LocatedViolation {
  const { schema, spelling } = judged;
  const known = Object.keys(shapeOf(schemaAt(schema, parent)) ?? {}).map(spelling.key);
  const elsewhere = placesOf(key, '', schema, spelling);
  const near = nearest(key, known);
  const hint =
    elsewhere.length > 0 && !isClose(key, near)
      ? `${formatKey(key)} belongs in ${elsewhere.join(' or ')}`
      : `did you mean ${near}?`;
  return {
    keyPath: [...parent, key],
    path: [spelledPath(parent, judged), formatKey(key)].filter((part) => part !== '').join('.'),
    found: 'an unknown key',
    allowed: `${known.join(', ')} (${hint})`,
  };
}

/** The sections that have a key of this name. */
function placesOf(key: string, path: string, schema: Schema, spelling: Spelling): readonly string[] {
  const entry = entryOf(schema);
  if (entry !== undefined) return placesOf(key, `${path}[]`, entry, spelling);
  const entries = Object.entries(shapeOf(schema) ?? {}).map(
    ([name, part]) => [spelling.key(name), part] as const,
  );
  const here = entries.some(([name]) => name === key) ? [path || 'the top level'] : [];
  return [
    ...here,
    ...entries.flatMap(([name, part]) =>
      placesOf(key, path === '' ? name : `${path}.${name}`, part, spelling),
    ),
  ];
}
