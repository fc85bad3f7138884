import { z } from 'zod';
import { overview } from './overview';
import { recordView } from './timeline';
import { position, time } from './values';

/**
 * `GET stream`, server-sent events; the id of `overview` and `records` is a position of the log. With `Last-Event-ID` (or `?after=`)
 * records go on after it. An `overview` comes at once, then at most four a second and only if something changed.
 */
export const streamEvents = {
  overview,
  /** Records since the last such event, oldest first; `skipped` of them, the oldest, are left out: read them from `events`. */
  records: z
    .object({ head: position, skipped: z.int(), records: z.array(recordView) })
    .meta({ id: 'Records' }),
  /** Each two seconds. */
  heartbeat: z.object({ position, wallTime: time }).meta({ id: 'Heartbeat' }),
};
export type StreamRecords = z.output<typeof streamEvents.records>;
export type StreamHeartbeat = z.output<typeof streamEvents.heartbeat>;
