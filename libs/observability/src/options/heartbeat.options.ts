import { TIMER_MAX, choice, duration, httpUrl, rule } from '@opensqt/trading-events/options';
import { z } from 'zod';

/** A dead-man's switch: it raises the alarm when requests end. */
export const heartbeatOptions = z
  .strictObject({
    /** Requested each `interval` while all is well. Absent: no heartbeat. */
    url: httpUrl('the http or https URL of a dead-man’s switch', { secret: true }).optional(),
    /** Requested once when something stops being well, such as `…/fail` at healthchecks.io. */
    failUrl: httpUrl('an http or https URL', { secret: true }).optional(),
    /** The method of the requests. @default 'GET' */
    method: choice(['GET', 'HEAD', 'POST']).prefault('GET'),
    /** The interval of the requests. The switch should wait for two or three of them. @unit ms @default '60s' */
    interval: duration({ min: '1s', max: TIMER_MAX }).prefault('60s'),
    /** A request that takes longer has failed. @unit ms @default '10s' */
    timeout: duration({ min: '100ms', max: TIMER_MAX }).prefault('10s'),
  })
  .superRefine(
    rule(['url', 'failUrl'], ({ url, failUrl }) => {
      if (url !== undefined || failUrl === undefined) return undefined;
      const allowed = 'the URL of a dead-man’s switch while alerts.heartbeat.failUrl is given';
      return { path: ['url'], found: 'nothing', allowed };
    }),
  )
  .prefault({})
  .describe(
    "A dead-man's switch (healthchecks.io, Dead Man's Snitch, Uptime Kuma) that is requested while all is well.",
  );
