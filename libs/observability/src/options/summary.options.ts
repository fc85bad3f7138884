import { clockTime, list, text, timeZone } from '@opensqt/trading-events/options';
import { z } from 'zod';

/** The daily summary. */
export const summaryOptions = z
  .strictObject({
    /** The time of day that it is sent at, `HH:MM` on the market’s clock. Absent: never. */
    at: clockTime.optional(),
    /** IANA name of the time zone of `at`. @default 'UTC' */
    timezone: timeZone.prefault('UTC'),
    /**
     * The channels that it is sent to. Absent: the log and every channel with `minLevel: INFO`, but PagerDuty and
     * Alertmanager.
     */
    channels: list(text({ allowed: 'the name of a channel that is enabled, or log' })).optional(),
  })
  .prefault({})
  .describe('The daily summary: what happened since the last one.');
