import { duration, flag, httpUrl, neededWhileEnabled } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { level } from '../channel-level';

/** Prometheus Alertmanager. */
export const alertmanagerOptions = z
  .strictObject({
    /** @default false */
    enabled: flag.prefault(false).describe('Whether Alertmanager is notified. Needs `urls`.'),
    /** Every instance of the cluster, with its route prefix: Alertmanagers don't pass alerts on to one another. @default [] */
    urls: z
      .array(
        httpUrl('the http or https URL of an Alertmanager').describe(
          'Every instance of the cluster, with its route prefix.',
        ),
      )
      .prefault([]),
    /** An open alert lasts this long at Alertmanager without another message: milliseconds, or a text such as `24h`. @default '24h' */
    endsAfter: duration({ min: '60s' })
      .prefault('24h')
      .describe('How long an open alert lasts at Alertmanager if nothing more is heard of it.'),
    /** A page that shows the alerts, which Alertmanager links to. */
    generatorUrl: httpUrl('an http or https URL')
      .optional()
      .describe('A page that shows the alerts, which Alertmanager links to.'),
    /** Notifications below this level are not sent here. @default 'WARNING' */
    minLevel: level
      .prefault('WARNING')
      .describe(
        'Alertmanager is notified from this level on. INFO alerts are never resolved: they stay active.',
      ),
  })
  .superRefine(neededWhileEnabled('alerts.alertmanager', ['urls']))
  .prefault({})
  .describe('Prometheus Alertmanager, through its API v2.');
