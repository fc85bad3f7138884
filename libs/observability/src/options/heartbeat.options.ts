import { TIMER_MAX, choice, duration, httpUrl, rule } from '@opensqt/trading-events/options';
import { z } from 'zod';

/** A dead-man's switch: it raises the alarm when requests end. */
export const heartbeatOptions = z
  .strictObject({
    /** Requested each interval while all is well. Absent: no heartbeat. A secret. */
    url: httpUrl('the http or https URL of a dead-man’s switch', { secret: true })
      .optional()
      .describe('Requested each `interval` while all is well. Absent: no heartbeat.'),
    /** Requested once when something stops being well, where the service has such an address. A secret. */
    failUrl: httpUrl('an http or https URL', { secret: true })
      .optional()
      .describe('Requested once when something stops being well, such as `…/fail` at healthchecks.io.'),
    /** @default 'GET' */
    method: choice(['GET', 'HEAD', 'POST']).prefault('GET').describe('How they are requested.'),
    /** Milliseconds, or a text such as `60s`. @default '60s' */
    interval: duration({ min: '1s', max: TIMER_MAX })
      .prefault('60s')
      .describe('How often. The switch should wait for two or three of them.'),
    /** A request that takes longer has failed: milliseconds, or a text such as `10s`. @default '10s' */
    timeout: duration({ min: '100ms', max: TIMER_MAX })
      .prefault('10s')
      .describe('A request that takes longer has failed.'),
  })
  .superRefine(
    rule(['url', 'failUrl'], ({ url, failUrl }) =>
      url === undefined && failUrl !== undefined
        ? [
            {
              path: ['url'],
              found: 'nothing',
              allowed: 'the URL of a dead-man’s switch while alerts.heartbeat.failUrl is given',
            },
          ]
        : [],
    ),
  )
  .prefault({})
  .describe(
    "A dead-man's switch (healthchecks.io, Dead Man's Snitch, Uptime Kuma) that is requested while all is well.",
  );
