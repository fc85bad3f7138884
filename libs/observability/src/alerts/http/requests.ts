import { z } from 'zod';

const MAX_TEXT = 1_000;
const MAX_HISTORY = 1_000;
const MATCHERS = 'matchers must be an object of at least one label (or condition) and its value.';
const DURATION = 'duration must be milliseconds, more than zero.';

function text(name: string) {
  const error = `${name} must be a text of 1 to ${MAX_TEXT} characters.`;
  return z
    .string({ error })
    .refine((value) => value.trim() !== '' && value.length <= MAX_TEXT, { error, abort: true });
}

function body<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object(shape, { error: 'The request needs a JSON object as its body.' });
}

/** `POST /alerts/:id/acknowledge` */
export const acknowledgement = body({ by: text('by'), note: text('note').optional() });
export type Acknowledgement = z.output<typeof acknowledgement>;

/** `POST /alerts/silences`; the duration in milliseconds. */
export const silenceRequest = body({
  matchers: z
    .record(z.string(), z.string({ error: MATCHERS }), { error: MATCHERS })
    .refine((matchers) => Object.keys(matchers).length > 0, { error: MATCHERS }),
  duration: z.number({ error: DURATION }).positive({ error: DURATION }),
  reason: text('reason'),
  by: text('by'),
});
export type SilenceRequest = z.output<typeof silenceRequest>;

/** `POST /alerts/test` */
export const testRequest = body({ channel: text('channel') });
export type TestRequest = z.output<typeof testRequest>;

/** `?limit=`: as many as there are without one. */
export const historyLimit = z.unknown().transform((given, { addIssue }) => {
  if (given === undefined) return undefined;
  const limit = Number(given);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_HISTORY) return limit;
  const found = String(given).slice(0, 20);
  addIssue(`limit must be a whole number from 1 to ${MAX_HISTORY}, found '${found}'.`);
  return z.NEVER;
});

/** `?by=` */
export const operatorName = text('by').default('operator');
