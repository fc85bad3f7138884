import type { z } from 'zod';
import type { FileReference } from './file-reference';
import { HIDDEN, type ScalarHint, VARIABLE, scalar } from './scalar';

/** The constraints of a text. */
interface TextRule {
  /** Its description, for "allowed: …". */
  readonly allowed: string;
  readonly pattern?: RegExp;
  /** It is not shown in messages, since a secret may have been put there by mistake. */
  readonly hidden?: true;
  /** It must not be printed anywhere. */
  readonly secret?: true;
  /** A sentence for this mistake that is better than `allowed`. */
  explain?(raw: unknown): string | undefined;
}

/** Text that is not empty. A secret one may be kept in a file. */
export function text(rule: TextRule & { readonly secret: true }): z.ZodType<string, string | FileReference>;
export function text(rule: TextRule): z.ZodType<string, string>;
export function text(rule: TextRule) {
  const { pattern = /\S/ } = rule;
  return readText<string>(rule, { type: 'string', pattern: `${pattern.source}|${VARIABLE}` }, (raw) =>
    typeof raw === 'string' && pattern.test(raw) ? raw : undefined,
  );
}

const MAX_NAME = 256;

/** A name that people and programs know something by: it can be stored, shown and be a label. */
export function nameText(allowed: string) {
  const rule = `${allowed}: up to ${MAX_NAME} characters, none of them a control character, no space at its ends`;
  return readText<string>({ allowed: rule }, { type: 'string', pattern: `\\S|${VARIABLE}` }, (raw) =>
    typeof raw === 'string' && isName(raw) ? raw : undefined,
  );
}

/** Half of a surrogate pair is no character either. */
function isName(raw: string): boolean {
  return raw !== '' && raw.length <= MAX_NAME && raw.trim() === raw && !/\p{Cc}|\p{Cs}/u.test(raw);
}

/** Text that looks like a number, and may be written as one. */
export function textOrNumber(rule: TextRule & { readonly pattern: RegExp }) {
  const written = { type: 'string', pattern: `${rule.pattern.source}|${VARIABLE}` };
  return readText<string | number>(rule, { anyOf: [{ type: 'integer' }, written] }, (raw) => {
    const value = Number.isSafeInteger(raw) ? String(raw) : raw;
    return typeof value === 'string' && rule.pattern.test(value) ? value : undefined;
  });
}

function readText<Input>(
  { allowed, hidden, secret, explain }: TextRule,
  written: object,
  read: (raw: unknown) => string | undefined,
) {
  return scalar<string, Input>({
    allowed,
    hint: { title: 'text', ...written, ...(secret ? { secret } : {}) },
    read,
    explain: (raw) =>
      explain?.(raw) ?? (typeof raw === 'number' ? `${allowed}, as text in quotes` : undefined),
    ...(hidden || secret ? HIDDEN : {}),
  });
}

/** An address that requests can be sent to. Never printed: paths, queries and passwords in it may be secrets. */
export function httpUrl(
  allowed: string,
  rule: { readonly secret: true },
): z.ZodType<string, string | FileReference>;
export function httpUrl(allowed: string): z.ZodType<string, string>;
export function httpUrl(allowed: string, { secret }: { readonly secret?: true } = {}) {
  const hint: ScalarHint = {
    title: 'http or https URL',
    type: 'string',
    pattern: `^https?://|${VARIABLE}`,
    ...(secret ? { secret } : {}),
  };
  return scalar<string>({
    allowed,
    hint,
    read: (raw) => (typeof raw === 'string' && isHttpUrl(raw) ? raw : undefined),
    ...HIDDEN,
  });
}

/** True for an absolute http or https URL. */
export function isHttpUrl(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value);
}
