import { z } from 'zod';

/** An error, `application/problem+json` (RFC 9457). */
export const problem = z
  .object({
    /** `about:blank` */
    type: z.string(),
    title: z.string(),
    status: z.int(),
    /** The sentence to show. */
    detail: z.string(),
    /** Stable: `TOO_MANY_AT_WORK`, `UNKNOWN_ALERT`, `TOKEN_NEEDED` … */
    code: z.string(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.output<typeof problem>;

/** `GET session`; `POST session` begins one with a cookie, `DELETE session` ends it. */
export const session = z
  .object({
    canRead: z.boolean(),
    canChange: z.boolean(),
    /** The name of the token; null: none, or it has no name. */
    name: z.string().nullable(),
    /** False: no token is configured, changes are not possible. */
    changesPossible: z.boolean(),
  })
  .meta({ id: 'Session' });
export type SessionView = z.output<typeof session>;
export const sessionBody = z.strictObject({ token: z.string().min(1).max(1_000) });
