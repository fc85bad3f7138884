import { LONGEST_DURATION } from '@opensqt/trading-events';
import { z } from 'zod';
import { isSpan, plan, request, startsAt, text, writtenMatchers } from '../runtime/request-schemas';

const DURATION = 'duration must be milliseconds, more than zero and at most ten years.';

function body<Shape extends z.ZodRawShape>(shape: Shape) {
  return request(shape, 'The request needs a JSON object as its body.');
}

const TRIED = 'alerts must be an object with the keys that change, as in the configuration.';
const TIMES = 'from and to must be epoch milliseconds.';
const time = z.int({ error: TIMES }).nonnegative({ error: TIMES }).optional();

/** `POST rules/runs` */
export const rulesRunOrder = body({
  alerts: z.record(z.string(), z.unknown(), { error: TRIED }),
  from: time,
  to: time,
});
export type RulesRunOrder = z.output<typeof rulesRunOrder>;

/** The person that the caller says to act for. */
const by = text('by').optional();

/** `POST /alerts/:id/acknowledge` */
export const acknowledgement = body({ by, note: text('note').optional() });
export type Acknowledgement = z.output<typeof acknowledgement>;

/** `POST /alerts/:id/resolve` */
export const resolution = body({ by, reason: text('reason').optional() });
export type Resolution = z.output<typeof resolution>;

/** `POST /alerts/silences`; the duration in milliseconds. */
export const silenceRequest = body({
  matchers: writtenMatchers,
  startsAt,
  duration: z
    .number({ error: DURATION })
    .positive({ error: DURATION })
    .max(LONGEST_DURATION, { error: DURATION }),
  reason: text('reason'),
  by,
});
export type SilenceRequest = z.output<typeof silenceRequest>;

/** `POST silences/preview` */
export const silencePreview = body({ matchers: writtenMatchers });

/** `POST /alerts/test`: every channel where none is named. */
export const testRequest = body({ channel: text('channel').optional(), by });
export type TestRequest = z.output<typeof testRequest>;

/** `POST /alerts/drill` */
export const drillOrder = body({ by });
export type DrillOrder = z.output<typeof drillOrder>;

/** `POST missed/planned` */
export const planOrder = body({ ...plan, by }).refine(...isSpan);
export type PlanOrder = z.output<typeof planOrder>;

/** `POST /breakers/:scope/reset` */
export const breakerReset = body({ by, reason: text('reason') });
export type ResetRequest = z.output<typeof breakerReset>;

const SCOPE = "The scope must be a symbol, or 'global'.";

/** The scope of a breaker: a label. */
export const breakerScope = z
  .string({ error: SCOPE })
  .regex(/^[^\p{C}\s"\\{}][^\p{C}"\\]{0,63}$/u, { error: SCOPE });
