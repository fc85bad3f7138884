import { AlertLevel } from '@opensqt/trading-events';
import { z } from 'zod';
import { fingerprintOf } from '../model/fingerprint';
import type { AlertText, RuleVerdict } from './alert-rule';
import { atOnce } from './at-once';

/** The most characters of an alert's text and fields together: far above what anybody reads, far below what the log takes. */
const MAX_ALERT_LENGTH = 1_000_000;
/** The most fields of an alert: the log takes a hundred more. */
const MAX_FIELDS = 900;
/** Bytes of an alert's labels: with condition and bot they are the fingerprint, which the log would cut at 8 KB. */
const MAX_LABEL_BYTES = 7_000;

const text = z.object({
  title: z.string(),
  message: z.string(),
  fields: z
    .record(z.string(), z.string())
    .refine((fields) => Object.keys(fields).length <= MAX_FIELDS, `more than ${MAX_FIELDS} fields`),
});
const labelled = text.extend({ labels: z.record(z.string(), z.string()) });
const raise = labelled.extend({
  verdict: z.literal('raise'),
  level: z.enum(Object.values(AlertLevel)),
  symbol: z.string().optional(),
  oneOff: z.boolean().optional(),
  escalatesAt: z.number().optional(),
});
const verdict = z.union([raise, labelled.extend({ verdict: z.literal('resolve') })]);

/**
 * Passes on the verdict of a rule, which may be an application's own.
 *
 * @throws Error when it is no verdict, or is too large to be recorded
 */
export function checkedVerdict(given: RuleVerdict | undefined): RuleVerdict | undefined {
  return checked(verdict, given);
}

/**
 * Passes on the text of a rule, by the same measure.
 *
 * @throws Error
 */
export function checkedText(given: AlertText | undefined): AlertText | undefined {
  return checked(text, given);
}

function checked<Given extends AlertText>(schema: z.ZodType, given: Given | undefined): Given | undefined {
  if (given === undefined) return undefined;
  const { error } = schema.safeParse(atOnce(given));
  if (error !== undefined) throw new Error(`no answer of a rule: ${z.prettifyError(error)}`);
  const excess = excessOf(given);
  if (excess !== undefined) throw new Error(excess);
  return given;
}

/** A sentence about the part of an alert that is too large to be recorded; undefined where none is. */
export function excessOf({
  title,
  message,
  fields,
  labels = {},
}: AlertText & Partial<Pick<RuleVerdict, 'labels'>>): string | undefined {
  const entries = [...Object.entries(fields), ...Object.entries(labels)].flat();
  if ([title, message, ...entries].reduce((sum, { length }) => sum + length, 0) > MAX_ALERT_LENGTH)
    return `An alert has at most ${MAX_ALERT_LENGTH} characters, in its text, fields and labels together.`;
  return Buffer.byteLength(fingerprintOf('', labels)) > MAX_LABEL_BYTES
    ? `The labels of an alert (its title, where it has none) have at most ${MAX_LABEL_BYTES} bytes together.`
    : undefined;
}
