import { z } from 'zod';
import { duration } from './duration';
import { choice, httpUrl, text } from './scalar';
import { section } from './section';
import { timeZone } from './time-zone';

const CLOCK_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Who is told while all is well, so that silence is an alarm. */
export const heartbeat = section(
  "A dead-man's switch (healthchecks.io, Dead Man's Snitch, Uptime Kuma) that is requested while all is well.",
  {
    url: httpUrl('the http or https URL of a dead-man’s switch')
      .exactOptional()
      .describe('Requested each `interval` while all is well. Absent: no heartbeat. A secret.'),
    fail_url: httpUrl('an http or https URL')
      .exactOptional()
      .describe(
        'Requested once when something stops being well, such as `…/fail` at healthchecks.io. A secret.',
      ),
    method: choice(['GET', 'HEAD', 'POST']).prefault('GET').describe('How they are requested.'),
    interval: duration({ least: 1_000 })
      .prefault('60s')
      .describe('How often. The switch should wait for two or three of them.'),
    timeout: duration({ least: 100 }).prefault('10s').describe('A request that takes longer has failed.'),
  },
);

/** What happened, once a day. */
export const summary = section('The daily summary: what happened since the last one.', {
  at: text({ allowed: 'a time of day such as "08:00"', pattern: CLOCK_TIME })
    .exactOptional()
    .describe('When it is told, HH:MM on the market’s clock. Absent: never.'),
  timezone: timeZone.prefault('UTC').describe('The time zone of `at`.'),
  channels: z
    .array(text({ allowed: 'the name of a channel that is enabled, or log' }).describe('Who is told.'))
    .exactOptional()
    .describe(
      'Who is told. Absent: the log and every channel with `min_level: INFO`, but PagerDuty and Alertmanager.',
    ),
});
