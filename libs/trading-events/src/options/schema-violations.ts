import type { z } from 'zod';
import { type KeyPath, formatKey, formatPath, valueAt } from './key-path';
import { ruleOf } from './rule';
import { isClose, nearest } from './scalar';
import { type Schema, allKeys, entryOf, schemaAt, shapeOf, writtenKeys } from './schema-walk';
import { type Spelling, spelled } from './spelling';
import { HIDDEN_VALUE, type Violation, describeKind, describeValue } from './violation';

export type Issue = z.core.$ZodIssue;

/** A violation that still knows its way as segments, spelled as they are written. */
export interface LocatedViolation extends Violation {
  readonly keyPath: KeyPath;
}

/** The value that a schema was applied to. */
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
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey(keyPathOf(issue), key, judged));
    }
    const keyPath = writtenPath(keyPathOf(issue), judged);
    const path = formatPath(keyPath);
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

function writtenPath(path: KeyPath, { schema, spelling }: Judged): KeyPath {
  return path.map((segment, index) => {
    const isKey = typeof segment === 'string' && schemaAt(schema, path.slice(0, index + 1)) !== undefined;
    return isKey ? spelling.key(segment) : segment;
  });
}

/**
 * A value from the environment is not shown either: a secret is what variables are for, whichever key it was put under
 * by mistake. Where a section belongs the kind of value is enough.
 */
function describeFound(issue: Issue, path: string, { value: root, origins }: Judged): string {
  const value = valueAt(root, keyPathOf(issue));
  if (value === undefined || value === null) return 'nothing';
  if (issue.code === 'invalid_type') return describeKind(value);
  const origin = origins?.get(path);
  if (origin !== undefined) return `the value of ${origin} ${HIDDEN_VALUE}`;
  const hidden = issue.code === 'custom' && issue.params?.['hidden'] === true;
  return hidden ? HIDDEN_VALUE : describeValue(value);
}

function allowedBy(issue: Issue, { list, section }: Spelling): string {
  if (issue.code === 'invalid_value') return issue.values.join(', ');
  if (issue.code !== 'invalid_type') return issue.message;
  return issue.expected === 'array' ? list : section;
}

function unknownKey(parent: KeyPath, key: string, judged: Judged): LocatedViolation {
  const { schema, spelling } = judged;
  const known = [...writtenKeys(schemaAt(schema, parent), spelling).keys()];
  const elsewhere = placesOf(key, '', schema, spelling);
  const near = nearest(key, known);
  const hint =
    elsewhere.length > 0 && !isClose(key, near)
      ? `${formatKey(key)} belongs in ${elsewhere.join(' or ')}`
      : `did you mean ${near}?`;
  const keyPath = [...writtenPath(parent, judged), key];
  return {
    keyPath,
    path: formatPath(keyPath),
    found: 'an unknown key',
    allowed: `${known.join(', ')} (${hint})`,
  };
}

/** The sections that have a key of this name. */
function placesOf(key: string, path: string, schema: Schema, spelling: Spelling): readonly string[] {
  const entry = entryOf(schema);
  if (entry !== undefined) return placesOf(key, `${path}[]`, entry, spelling);
  const names = writtenKeys(schema, spelling);
  const here = names.has(key) ? [path || 'the top level'] : [];
  const shape = shapeOf(schema) ?? {};
  const within = [...names].flatMap(([written, name]) => {
    const part = shape[name];
    return part === undefined
      ? []
      : placesOf(key, path === '' ? written : `${path}.${written}`, part, spelling);
  });
  return [...here, ...within];
}
