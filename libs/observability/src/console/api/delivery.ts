import { z } from 'zod';
import { duration, labels, level, position, time } from './values';

/** One channel. Its times are the wall clock's. */
export const channelView = z
  .object({
    channel: z.string(),
    state: z.enum(['delivers', 'paused', 'broken', 'unproven']),
    reason: z.string().nullable(),
    sinceWall: time.nullable(),
    pausedUntilWall: time.nullable(),
    minLevel: level,
    /** Matchers as text: `symbol=~BTC.*`. */
    match: z.array(z.string()),
    waiting: z.int(),
    delivered: z.int(),
    retried: z.int(),
    deadLetters: z.int(),
    /** From the commit of the request until the provider accepted it: upper bounds of the buckets; null: none delivered. */
    latency: z.object({ p50: duration.nullable(), p99: duration.nullable() }).nullable(),
  })
  .meta({ id: 'Channel' });
export type ChannelView = z.output<typeof channelView>;

const sent = {
  deliveryId: z.string(),
  alertId: z.string(),
  channel: z.string(),
  kind: z.string(),
  level,
  title: z.string(),
  requestedWall: time,
};

export const deadLetter = z
  .object({ ...sent, reason: z.string(), detail: z.string(), attempts: z.int() })
  .meta({ id: 'DeadLetter' });
export const waiting = z
  .object({ ...sent, attempt: z.int(), nextAttemptWall: time, inFlight: z.boolean() })
  .meta({ id: 'WaitingMessage' });
export const silence = z
  .object({
    silenceId: z.string(),
    matchers: z.union([z.array(z.string()), labels]),
    startsAt: time.nullable(),
    until: time,
    reason: z.string(),
    by: z.string(),
  })
  .meta({ id: 'Silence' });

/** `GET channels` */
export const delivery = z
  .object({
    position,
    channels: z.array(channelView),
    /** As many as there are; of each at most 500 are listed. */
    totals: z.object({ waiting: z.int(), deadLetters: z.int(), silences: z.int() }),
    waiting: z.array(waiting),
    /** Newest first. */
    deadLetters: z.array(deadLetter),
    silences: z.array(silence),
  })
  .meta({ id: 'Delivery' });
export type DeliveryView = z.output<typeof delivery>;

/** `POST dead-letters/:id/resend` */
export const resent = z.object({ deliveryId: z.string() }).meta({ id: 'Resent' });
