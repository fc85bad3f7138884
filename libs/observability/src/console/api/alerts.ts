import { z } from 'zod';
import { decimal, duration, labels, level, mark, position, time } from './values';
import { openAlert } from './overview';

export const alertStatus = z.enum(['open', 'resolved', 'one_off']);

/** An alert, open or past. */
export const alertView = openAlert
  .extend({
    message: z.string(),
    fields: labels,
    status: alertStatus,
    incidentId: z.string().nullable(),
    updatedAt: time,
    resolvedAt: time.nullable(),
    /** The address of its page; null without a runbook. */
    runbook: z.string().nullable(),
  })
  .meta({ id: 'Alert' });
export type AlertView = z.output<typeof alertView>;

/** `GET alerts?status=open|past&before=&limit=` */
export const alertsPage = z
  .object({
    position,
    /** Of open ones the worst first; of past ones the newest first. */
    alerts: z.array(alertView),
    /** The `before` of the next page; null: there is none. */
    next: z.int().nullable(),
  })
  .meta({ id: 'AlertsPage' });
export type AlertsPage = z.output<typeof alertsPage>;

/** A step of an alert's life. */
export const step = z
  .object({ position, at: time, type: z.string(), words: z.string() })
  .meta({ id: 'Step' });

/** An answer of one stage of the pipeline, in their order. */
export const stageAnswer = z
  .object({
    stage: z.int().positive(),
    name: z.string(),
    answer: z.enum(['passed', 'held', 'not_asked']),
    reason: z.string().nullable(),
    until: time.nullable(),
  })
  .meta({ id: 'StageAnswer' });

/** An attempt to deliver; its times are the wall clock's. */
export const attempt = z
  .object({
    attempt: z.int().positive(),
    startedWall: time.nullable(),
    outcome: z.enum([
      'under_way',
      'delivered',
      'ambiguous',
      'rate_limited',
      'transient',
      'rejected',
      'too_large',
      'broken',
    ]),
    detail: z.string().nullable(),
    /** From the commit of the request until the provider accepted it. */
    latencyMs: duration.nullable(),
    nextWall: time.nullable(),
  })
  .meta({ id: 'Attempt' });

/** A message to one channel about an alert. */
export const message = z
  .object({
    deliveryId: z.string(),
    kind: z.string(),
    level,
    title: z.string(),
    requested: mark,
    requestedWall: time,
    state: z.enum(['waiting', 'delivered', 'abandoned']),
    /** Of one that was given up: why. */
    reason: z.string().nullable(),
    attempts: z.array(attempt),
  })
  .meta({ id: 'Message' });

/** One decision not to notify a channel. */
export const hold = z
  .object({
    from: mark,
    reason: z.string(),
    until: time.nullable(),
    /** All stages in order: those before the one that held passed, later ones were not asked. */
    stages: z.array(stageAnswer),
  })
  .meta({ id: 'Hold' });

export const channelStory = z
  .object({ channel: z.string(), messages: z.array(message), holds: z.array(hold) })
  .meta({ id: 'ChannelStory' });

/** `GET alerts/:id` */
export const alertDetail = z
  .object({
    position,
    alert: alertView,
    /** The record that raised it; null: it is not on the part of the log that is kept. */
    raised: mark.nullable(),
    /** The record that it followed from; null where that is not on the log. */
    cause: step.nullable(),
    /** Its life, in order. */
    steps: z.array(step),
    /** The names of the stages, in order. */
    stages: z.array(z.string()),
    channels: z.array(channelStory),
  })
  .meta({ id: 'AlertDetail' });
export type AlertDetail = z.output<typeof alertDetail>;

/** The alerts that a silence would hold. */
export const silencePreview = z
  .object({
    open: z.array(openAlert),
    /** Raised in the last seven days of market time. */
    lastWeek: z.object({ matched: z.int(), raised: z.int(), critical: z.int() }),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'SilencePreview' });
export type SilencePreview = z.output<typeof silencePreview>;

export const silenceCreated = z
  .object({ silenceId: z.string(), until: time, warnings: z.array(z.string()) })
  .meta({ id: 'SilenceCreated' });

/** `GET breakers`: the open ones, with what is true now. */
export const breaker = z
  .object({
    scope: z.string(),
    /** Limit codes. */
    reasons: z.array(z.object({ reason: z.string(), since: mark, until: time.nullable() })),
    tripped: z.object({ value: decimal.nullable(), threshold: decimal.nullable() }),
    now: z.object({
      value: decimal.nullable(),
      threshold: decimal.nullable(),
      unit: z.string().nullable(),
      /** `2,503.48 USDT (limit 2,500 USDT)`; null where the value is not known. */
      words: z.string().nullable(),
    }),
    /** The value now is beyond the limit. */
    wouldTripAgain: z.boolean().nullable(),
  })
  .meta({ id: 'Breaker' });
export type BreakerView = z.output<typeof breaker>;
/** `POST channels/:name/test` */
export const testResult = z
  .object({ channel: z.string(), delivered: z.boolean(), detail: z.string() })
  .meta({ id: 'TestResult' });
