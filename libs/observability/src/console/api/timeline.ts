import { z } from 'zod';
import { position, time } from './values';

/** A record of the log. */
export const recordView = z
  .object({
    position,
    at: time,
    committedWall: time,
    bot: z.string(),
    writer: z.string(),
    type: z.string(),
    id: z.string(),
    causationId: z.string().nullable(),
    symbol: z.string().nullable(),
    /** One line. */
    words: z.string(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Record' });
export type RecordView = z.output<typeof recordView>;

/** `GET events?before=|after=&limit=&type=&symbol=&bot=&alert=&from=&to=`: types with commas between; times in ms. */
export const eventsPage = z
  .object({
    head: position,
    /** Oldest first. */
    records: z.array(recordView),
    /** The `before` of the page with older ones; null: there are none. */
    older: position.nullable(),
    /** The `after` of the page with newer ones; null: there are none. */
    newer: position.nullable(),
  })
  .meta({ id: 'EventsPage' });
export type EventsPage = z.output<typeof eventsPage>;

const node = z.object({
  position,
  at: time,
  type: z.string(),
  symbol: z.string().nullable(),
  words: z.string(),
});

/** A record and what followed from it. */
export interface CausationNode extends z.output<typeof node> {
  readonly effects: readonly CausationNode[];
  /** Effects that are not listed. */
  readonly more: number;
}
export const causationNode: z.ZodType<CausationNode> = node
  .extend({
    get effects() {
      return z.array(causationNode);
    },
    more: z.int(),
  })
  .meta({ id: 'CausationNode' });

/** `GET events/:position/causation` */
export const causation = z
  .object({
    position,
    /** From the first cause on the log down to the record's own. */
    causes: z.array(node),
    /** True where the first cause is not on the log: it was live only. */
    causeNotOnLog: z.boolean(),
    /** The record itself, with its effects. */
    record: causationNode,
  })
  .meta({ id: 'Causation' });
export type Causation = z.output<typeof causation>;

/** `GET timeline?buckets=`: the whole log, for the slider. */
export const timeline = z
  .object({
    head: position,
    first: position,
    buckets: z.array(
      z.object({
        from: position,
        to: position,
        /** Of its first record. */
        at: time,
        records: z.int(),
        alerts: z.int(),
        worst: z.enum(['INFO', 'WARNING', 'ERROR', 'CRITICAL']).nullable(),
      }),
    ),
    /** Positions of raised alerts, for jumping; the newest 2,000. */
    alerts: z.array(position),
  })
  .meta({ id: 'Timeline' });
export type Timeline = z.output<typeof timeline>;
