import { z } from 'zod';
import { profit } from './overview';
import { amount, decimal, duration, level, mark, position, time } from './values';

/** A step of what happened. */
const happening = z
  .object({
    position,
    at: time,
    /** Of an alert; null: what is no alert's. */
    level: level.nullable(),
    /** Something ended: an alert, or that it did not trade. */
    isOver: z.boolean(),
    words: z.string(),
  })
  .meta({ id: 'Happening' });
export type Happening = z.output<typeof happening>;

/** A time in which alerts about trading were open, or nothing was traded. */
export const incident = z
  .object({
    /** Of one that had begun before what is asked for: the begin of that. */
    from: mark,
    /** Null: it goes on. */
    to: mark.nullable(),
    /** The worst of its alerts; null: none was raised. */
    level: level.nullable(),
    notTrading: duration,
    steps: z.array(happening),
    /** Steps that are not listed. */
    more: z.int(),
    /** Somebody said that it was planned; null: nobody did. */
    planned: z.object({ by: z.string(), reason: z.string(), position }).nullable(),
    /** A post-mortem in Markdown, and the name of its file: `incident-2026-01-01-0320.md`. */
    markdown: z.string(),
    file: z.string(),
  })
  .meta({ id: 'Incident' });
export type IncidentView = z.output<typeof incident>;

/** `POST missed/planned`: the mark that is on the log. */
export const planned = z
  .object({ from: time, to: time, reason: z.string(), by: z.string() })
  .meta({ id: 'Planned' });
export type PlannedView = z.output<typeof planned>;

/** `GET missed?after=|from=&at=`: what happened after a position or from a time on, of the log's bot. */
export const missed = z
  .object({
    /** The position after which it begins, and that record's time; null before the first. */
    from: z.object({ at: time.nullable(), position }),
    to: z.object({ at: time.nullable(), position }),
    /** True where more records were asked for: it is about the newest of them. */
    isCut: z.boolean(),
    /** Over this time; null: not known. */
    profit: z.object({
      quoteAsset: profit.shape.quoteAsset,
      realized: decimal.nullable(),
      fees: z.array(amount),
      afterFees: decimal.nullable(),
      fills: z.int(),
    }),
    notTrading: duration,
    alerts: z.object({ raised: z.int(), critical: z.int(), open: z.int() }),
    deadLetters: z.int(),
    silences: z.int(),
    /** Newest first; at most 50. */
    incidents: z.array(incident),
    /** Older ones that are not listed. */
    older: z.int(),
    /** Alerts raised and ended outside of them, newest first; at most 100. */
    others: z.array(happening),
  })
  .meta({ id: 'Missed' });
export type MissedView = z.output<typeof missed>;
