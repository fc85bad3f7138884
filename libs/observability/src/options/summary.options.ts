import { clockTime, list, text, timeZone } from '@opensqt/trading-events/options';
import { z } from 'zod';

/** The daily summary. */
export const summaryOptions = z
  .strictObject({
    /** Time of day, `HH:MM`, on the clock that decisions run on. Absent: no summary. */
    at: clockTime.optional().describe('When it is sent, HH:MM on the market’s clock. Absent: never.'),
    /** IANA name of the time zone of `at`. @default 'UTC' */
    timezone: timeZone.prefault('UTC').describe('The time zone of `at`.'),
    /** Names of the channels that it is sent to. @default the log and all with `minLevel: 'INFO'`, but PagerDuty and Alertmanager */
    channels: list(
      text({ allowed: 'the name of a channel that is enabled, or log' }).describe(
        'The channels that it is sent to.',
      ),
    )
      .optional()
      .describe(
        'The channels that it is sent to. Absent: the log and every channel with `minLevel: INFO`, but PagerDuty and Alertmanager.',
      ),
  })
  .prefault({})
  .describe('The daily summary: what happened since the last one.');
