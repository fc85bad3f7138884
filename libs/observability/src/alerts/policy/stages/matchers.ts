import { RE2JS } from 're2js';
import { messageOf } from '../../../format/format';

/** Matchers as they are written: labels and their values, or texts such as `symbol=~BTC.*`. */
export type WrittenMatchers = Readonly<Record<string, string>> | readonly string[];

/** The comparison of a label with a value; regular expressions match the whole of it. */
export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** One condition on a label; `condition` stands for the alert's condition. */
export interface Matcher {
  readonly label: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

/** The parts of an alert that matchers look at. */
export interface MatchSubject {
  readonly condition: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Matchers that can't be read. */
export class MatcherError extends Error {
  override readonly name = 'MatcherError';
}

/** The labels that alerts of this product have, besides those of an application's own alerts. */
export const KNOWN_LABELS: readonly string[] = [
  'condition',
  'bot',
  'symbol',
  'scope',
  'limit',
  'exchange',
  'stream',
  'strategy',
  'channel',
  'writer',
  'part',
  'title',
];

const TEXT = /^\s*([^\s=!~"{},]+)\s*(=~|!~|!=|=)\s*(.*?)\s*$/su;
const LABEL = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;
const MAX_LENGTH = 1_000;
const MAX_COMPILED = 1_000;

const compiled = new Map<string, RE2JS>();

/**
 * Reads matchers: `{ symbol: 'BTCUSDT' }`, or texts with `=`, `!=`, `=~` or `!~`.
 *
 * @throws MatcherError that says which one can't be read, and why
 * @example
 * parseMatchers(['symbol=~BTC.*', 'condition!=large_execution']);
 */
export function parseMatchers(written: WrittenMatchers): readonly Matcher[] {
  if (isTexts(written)) return written.map(parseText);
  return Object.entries(written).map(([label, value]) => checked({ label, operator: '=', value }));
}

/** The matcher as text: the inverse of {@link parseMatchers}. */
export function matcherText({ label, operator, value }: Matcher): string {
  return `${label}${operator}${value}`;
}

/** True when the subject fulfils every matcher. A label that it lacks counts as empty. */
export function matchesAll(matchers: readonly Matcher[], { condition, labels }: MatchSubject): boolean {
  return matchers.every(({ label, operator, value }) => {
    const own = Object.hasOwn(labels, label) ? labels[label] : undefined;
    const found = label === 'condition' ? condition : (own ?? '');
    switch (operator) {
      case '=':
        return found === value;
      case '!=':
        return found !== value;
      case '=~':
        return expression(value).matches(found);
      case '!~':
        return !expression(value).matches(found);
    }
  });
}

/** Reads matchers once, for those that are asked again and again. */
export class CompiledMatchers {
  private readonly read = new WeakMap<object, readonly Matcher[]>();

  /** True when the subject fulfils every matcher; false when they can't be read. */
  matches(written: WrittenMatchers, subject: MatchSubject): boolean {
    let matchers = this.read.get(written);
    if (matchers === undefined) {
      try {
        matchers = parseMatchers(written);
      } catch {
        return false; // a silence of another release: holding nothing back is the safe side
      }
      this.read.set(written, matchers);
    }
    return matchesAll(matchers, subject);
  }
}

/**
 * Sentences about matchers that can match no alert of this product: a misspelt label, a condition that there is none of.
 *
 * @param conditions every condition that there is
 * @param labels further labels that alerts are known to have
 */
export function matcherWarnings(
  matchers: readonly Matcher[],
  conditions: readonly string[],
  labels: Iterable<string> = [],
): readonly string[] {
  const known = new Set([...KNOWN_LABELS, ...labels]);
  return matchers.flatMap((matcher) => {
    const { label, operator, value } = matcher;
    if (!known.has(label)) {
      return [
        `No alert has had a label '${label}' so far (${matcherText(matcher)}). Known: ${[...known].join(', ')}.`,
      ];
    }
    if (label !== 'condition') return [];
    const positive = { ...matcher, operator: operator === '!=' ? '=' : operator === '!~' ? '=~' : operator };
    return conditions.some((condition) => matchesAll([positive], { condition, labels: {} }))
      ? []
      : [`There is no condition '${value}' so far (${matcherText(matcher)}).`];
  });
}

/** The reason that matchers can't be read; undefined when they can. */
export function objectionTo(written: WrittenMatchers): string | undefined {
  try {
    parseMatchers(written);
    return undefined;
  } catch (error) {
    if (error instanceof MatcherError) return error.message;
    throw error;
  }
}

function isTexts(written: WrittenMatchers): written is readonly string[] {
  return Array.isArray(written);
}

function parseText(text: unknown): Matcher {
  if (typeof text !== 'string') throw new MatcherError('A matcher must be a text such as symbol=~BTC.*');
  const [, label, operator, value] = TEXT.exec(text) ?? [];
  if (label === undefined || operator === undefined || value === undefined) {
    throw new MatcherError(
      `'${text.slice(0, 100)}' is no matcher: write LABEL=VALUE, or !=, =~, !~ between them.`,
    );
  }
  return checked({ label, operator: operator as MatchOperator, value: unquoted(value) });
}

function checked(matcher: Matcher): Matcher {
  const { label, operator, value } = matcher;
  if (!LABEL.test(label)) {
    throw new MatcherError(
      `'${label.slice(0, 100)}' is no label. Operators are written in texts: ['symbol=~BTC.*'].`,
    );
  }
  if (typeof value !== 'string') throw new MatcherError(`The value of '${label}' must be a text.`);
  if (value.length > MAX_LENGTH)
    throw new MatcherError(`The value of '${label}' is longer than ${MAX_LENGTH} characters.`);
  if (operator === '=~' || operator === '!~') expression(value);
  return matcher;
}

/** Linear in time, whatever is written: operators' expressions run on the thread that trades. */
function expression(pattern: string): RE2JS {
  let found = compiled.get(pattern);
  if (found === undefined) {
    try {
      found = RE2JS.compile(pattern, RE2JS.DOTALL);
    } catch (error) {
      const why = messageOf(error);
      throw new MatcherError(`'${pattern.slice(0, 100)}' is no regular expression: ${why}`, { cause: error });
    }
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(pattern, found);
  }
  return found;
}

function unquoted(value: string): string {
  return value.length >= 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}
