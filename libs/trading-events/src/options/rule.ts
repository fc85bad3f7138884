import type { z } from 'zod';
import { type KeyPath, formatPath } from './key-path';

/** An objection of a rule to a section. */
export interface Objection {
  /** From the section on. */
  readonly path: KeyPath;
  /** The value found; never a secret. */
  readonly found: string;
  /** The values allowed, or the remedy. Keys in it are spelled as in code. */
  readonly allowed: string;
}

/** The parameters of a rule's issue. */
export interface RuleParams {
  readonly found: string;
  /** The keys that the rule looks at, from the section on. */
  readonly reads: readonly string[];
  /** The number of segments of the issue's path that lead from the section to the key. */
  readonly depth: number;
}

/**
 * A rule between keys of a section, for `superRefine`.
 *
 * @param reads the keys it looks at: while one of them is wrong by itself there is nothing to say about them together
 * @param check finds what is wrong with them, if anything is
 * @example
 * z.strictObject({ url: …, failUrl: … }).superRefine(rule(['url', 'failUrl'], ({ url, failUrl }) => …))
 */
export function rule<Section>(
  reads: readonly string[],
  check: (section: Section) => Objection | readonly Objection[] | undefined,
): (section: Section, context: z.RefinementCtx<Section>) => void {
  return (section, context) => {
    for (const { path, found, allowed } of [check(section) ?? []].flat()) {
      const params: RuleParams = { found, reads, depth: path.length };
      context.addIssue({ code: 'custom', path: [...path], message: allowed, params: { ...params } });
    }
  };
}

/**
 * A section that is enabled cannot do without these keys; an empty list is none.
 *
 * @param section its path, for the message
 */
export function neededWhileEnabled<Section extends { readonly enabled: boolean }>(
  section: string,
  keys: readonly (keyof Section & string)[],
): (section: Section, context: z.RefinementCtx<Section>) => void {
  const rules = keys.map((key) =>
    rule<Section>(['enabled', key], (given) => {
      const value: unknown = given[key];
      if (!given.enabled || (value !== undefined && !(Array.isArray(value) && value.length === 0)))
        return undefined;
      const allowed = `a value while ${section}.enabled is true; otherwise set ${section}.enabled to false`;
      return { path: [key], found: 'nothing', allowed };
    }),
  );
  return (given, context) => rules.forEach((check) => check(given, context));
}

/** The parameters of a rule's issue, with the keys that it reads as whole paths; undefined when no rule made it. */
export function ruleOf(issue: z.core.$ZodIssue): { found: string; reads: readonly string[] } | undefined {
  if (issue.code !== 'custom' || issue.params?.['reads'] === undefined) return undefined;
  const { found, reads, depth } = issue.params as unknown as RuleParams;
  const section = formatPath(issue.path.slice(0, issue.path.length - depth) as KeyPath);
  return { found, reads: reads.map((key) => (section === '' ? key : `${section}.${key}`)) };
}
