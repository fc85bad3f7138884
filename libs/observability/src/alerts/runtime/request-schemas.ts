import { AlertLevel, FIRST_TIME, LAST_TIME } from '@opensqt/trading-events';
import { isClose, nearest } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { objectionTo } from '../policy/stages/matchers';
import { AlertError, type RaiseOptions, type SilenceOptions } from './alert-requests';

const MAX_TEXT = 1_000;
const LEVELS = Object.values(AlertLevel);
const MATCHERS =
  "matchers must be at least one label (or condition) and its value, { symbol: 'BTCUSDT' }, or texts such as ['symbol=~BTC.*'].";
const CONDITION =
  'condition must be a name of 1 to 64 printable characters, without quotes, braces, backslashes or a leading space.';
const END = 'until must be epoch milliseconds in the future, before the year 2210.';
const START = 'startsAt must be epoch milliseconds between the years 2000 and 2200.';
const LAST_END = Date.UTC(2210, 0);

/** A text that is not blank. */
export function text(name: string, max = MAX_TEXT) {
  const error = `${name} must be a text of 1 to ${max} characters.`;
  return z.string({ error }).refine((value) => value.trim() !== '' && value.length <= max, {
    error,
    abort: true,
  });
}

/** An object with these keys and no others. */
export function request<Shape extends z.ZodRawShape>(shape: Shape, missing: string) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? unknownKeys(issue.keys, Object.keys(shape)) : missing,
  });
}

function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  return keys
    .map((key) => {
      const near = nearest(key, known);
      const hint = isClose(key, near) ? `Did you mean ${near}?` : `Known: ${known.join(', ')}.`;
      return `There is no ${key.slice(0, 100)} in this request. ${hint}`;
    })
    .join(' ');
}

/** Labels and their values, or texts with an operator; at least one, and each can be read. */
export const writtenMatchers = z
  .union([z.array(z.string()), z.record(z.string(), z.string())], { error: MATCHERS })
  .refine((written) => Object.keys(written).length > 0, { error: MATCHERS, abort: true })
  .superRefine((written, { addIssue }) => {
    const each = Array.isArray(written) ? written.map((one) => [one]) : Object.entries(written).map(pair);
    for (const one of each) {
      const objection = objectionTo(one);
      if (objection !== undefined) addIssue(objection);
    }
  });

const pair = ([label, value]: [string, string]): Record<string, string> => ({ [label]: value });

/** The time at which a silence begins. */
export const startsAt = z
  .number({ error: START })
  .min(FIRST_TIME, { error: START })
  .max(LAST_TIME, { error: START })
  .optional();

const words = (name: string) => z.string({ error: `${name} must be a text.` });

function texts(name: string) {
  return z.record(
    z.string(),
    z.string({ error: ({ path }) => `${name}.${String(path?.at(-1))} must be a text.` }),
    {
      error: `${name} must be an object with texts.`,
    },
  );
}

const level = z.enum(LEVELS, {
  error: ({ input }) => {
    const given = typeof input === 'string' ? input.slice(0, 20) : undefined;
    const near = given === undefined ? undefined : nearest(given, LEVELS);
    const found = given === undefined ? '' : `, found '${given}'`;
    const hint = given !== undefined && isClose(given, near) ? ` Did you mean ${near}?` : '';
    return `level must be one of ${LEVELS.join(', ')}${found}.${hint}`;
  },
});

const OPTIONS = 'The request needs an object with options.';

/** `AlertService.raise` */
export const raiseRequest: z.ZodType<RaiseOptions> = request(
  {
    level,
    title: words('title').refine((title) => title.trim() !== '', { error: 'title must not be blank.' }),
    message: words('message'),
    fields: texts('fields').optional(),
    condition: z
      .string({ error: CONDITION })
      .regex(/^[^\p{C}\s"\\{}][^\p{C}\p{Zl}\p{Zp}"\\]{0,63}$/u, { error: CONDITION })
      .optional(),
    labels: texts('labels').optional(),
    oneOff: z.boolean({ error: 'oneOff must be true or false.' }).optional(),
  },
  OPTIONS,
) as unknown as z.ZodType<RaiseOptions>;

/** `AlertService.silence` */
export const silenceOptions = request(
  {
    matchers: writtenMatchers,
    startsAt,
    until: z.number({ error: END }).positive({ error: END }).max(LAST_END, { error: END }),
    reason: text('reason'),
    by: text('by'),
  },
  OPTIONS,
) as unknown as z.ZodType<SilenceOptions>;

/** An id, its beginning, or a fingerprint. */
export const id = text('id', 10_000);

/** `AlertService.acknowledge` */
export const acknowledgeRequest = request({ id, by: text('by'), note: text('note').optional() }, OPTIONS);

/** `AlertService.resolve`; over HTTP the reason says by whom, too. */
export const resolveRequest = request({ id, reason: text('reason', 3 * MAX_TEXT) }, OPTIONS);

/** `AlertService.endSilence` */
export const endSilenceRequest = request({ silenceId: text('silenceId'), by: text('by') }, OPTIONS);

const SPAN = 'from and to must be epoch milliseconds between the years 2000 and 2200, and from not after to.';
const moment = z.number({ error: SPAN }).min(FIRST_TIME, { error: SPAN }).max(LAST_TIME, { error: SPAN });

/** A time that was planned, and why. */
export const plan = { from: moment, to: moment, reason: text('reason') };

/** True for a time that does not end before it begins. */
export const isSpan = [({ from, to }: { from: number; to: number }) => from <= to, { error: SPAN }] as const;

/** `AlertService.markPlanned` */
export const planRequest = request({ ...plan, by: text('by') }, OPTIONS).refine(...isSpan);

/** `Drills.run` */
export const drillRequest = request({ by: text('by') }, OPTIONS);

/**
 * Passes on a request by its schema.
 *
 * @throws AlertError with a sentence for each violation
 */
export function checkedRequest<Value>(
  schema: z.ZodType<Value>,
  given: unknown,
  code: 'INVALID_REQUEST' | 'INVALID_SILENCE' = 'INVALID_REQUEST',
): Value {
  const { success, data, error } = schema.safeParse(given);
  if (success) return data;
  throw new AlertError(code, sentencesOf(error));
}

/** The violations as sentences, each once. */
export function sentencesOf({ issues }: z.ZodError): string {
  return [...new Set(issues.map(({ message }) => message))].join(' ');
}
