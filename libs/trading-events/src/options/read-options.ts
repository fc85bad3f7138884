import type { z } from 'zod';
import { type KeyPath, formatPath, overlaps } from './key-path';
import { ruleOf } from './rule';
import { type Issue, type LocatedViolation, keyPathOf, schemaViolations } from './schema-violations';
import { IN_CODE } from './spelling';
import type { Violation } from './violation';

/** The outcome of applying a schema to a value: everything that is wrong with it, or the value with its defaults. */
export type Judgement<Output> =
  { readonly ok: true; readonly value: Output } | { readonly ok: false; readonly issues: readonly Issue[] };

/**
 * Applies a schema. Rules between keys are applied even where some keys are wrong by themselves, to all but those: one
 * look shows everything.
 *
 * @param found the issues of the value that are already known
 */
export function judge<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  found: readonly Issue[] = [],
): Judgement<Output> {
  const result = schema.safeParse(value);
  const known = new Set(found.flatMap(brokenPaths).map(formatPath));
  const further = (result.error?.issues ?? []).filter(({ path }) => !known.has(formatPath(path as KeyPath)));
  const issues = [...found, ...further];
  if (result.success && issues.length === 0) return { ok: true, value: result.data };
  const mistakes = issues.filter((issue) => ruleOf(issue) === undefined);
  const paths = mistakes.flatMap(brokenPaths);
  const broken = paths.map(formatPath);
  const rest = mistakes.length === 0 ? result : schema.safeParse(paths.reduce(withoutBroken, value));
  const objections = (rest.error?.issues ?? []).filter((issue) => {
    const reads = ruleOf(issue)?.reads;
    return reads !== undefined && !reads.some((key) => broken.some((path) => overlaps(key, path)));
  });
  return { ok: false, issues: [...mistakes, ...objections] };
}

function brokenPaths(issue: Issue): readonly KeyPath[] {
  const path = keyPathOf(issue);
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
}

/** The tree without what is wrong in it; a list with a wrong entry goes as a whole. */
function withoutBroken(root: unknown, path: KeyPath): unknown {
  const list = path.findIndex((segment) => typeof segment === 'number');
  return withoutPath(root, list === -1 ? path : path.slice(0, list));
}

function withoutPath(node: unknown, [key, ...rest]: KeyPath): unknown {
  if (key === undefined) return {};
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).flatMap(([name, child]) =>
      name !== key ? [[name, child]] : rest.length === 0 ? [] : [[name, withoutPath(child, rest)]],
    ),
  );
}

/**
 * Reads options that were written in code.
 *
 * @param refusal makes the error of everything that is wrong; nothing in it is a secret
 * @returns the options with their defaults
 */
export function parseOptions<Output>(
  schema: z.ZodType<Output>,
  options: unknown,
  refusal: (violations: readonly Violation[]) => Error,
): Output {
  const judgement = judge(schema, options === undefined ? {} : options);
  if (judgement.ok) return judgement.value;
  const judged = { schema, value: options, spelling: IN_CODE };
  throw refusal(schemaViolations(judgement.issues, judged).map(withoutKeyPath));
}

function withoutKeyPath({ keyPath: _, ...violation }: LocatedViolation): Violation {
  return violation;
}

/** A line for each violation. */
export function describeViolations(violations: readonly Violation[]): string {
  return violations
    .map(
      ({ path, found, allowed }) =>
        `  ${path === '' ? 'the options' : path}: found ${found}; allowed: ${allowed}`,
    )
    .join('\n');
}
