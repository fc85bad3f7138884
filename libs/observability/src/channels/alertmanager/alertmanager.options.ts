import { duration, flag, httpUrl, neededWhileEnabled } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { level, requestTimeout } from '../channel-keys';

/** Prometheus Alertmanager. */
export const alertmanagerOptions = z
  .strictObject({
    /** Notifies Alertmanager. Needs `urls`. @default false */
    enabled: flag.prefault(false),
    /** Every instance of the cluster, with its route prefix: Alertmanagers don't pass alerts on to one another. @default [] */
    urls: z.array(httpUrl('the http or https URL of an Alertmanager')).prefault([]),
    /** An open alert ends at Alertmanager so long after the bot last sent it, which it does each minute; 5 minutes at most. @unit ms @default '5m' */
    endsAfter: duration({ min: '60s' }).prefault('5m'),
    /** A page that shows the alerts, which Alertmanager links to. */
    generatorUrl: httpUrl('an http or https URL').optional(),
    /** Alertmanager is notified from this level on. INFO alerts are never resolved: they end by themselves. @default 'WARNING' */
    minLevel: level.prefault('WARNING'),
    /** A request that takes longer may have arrived, and is sent once more. @unit ms @default '30s' */
    timeout: requestTimeout,
  })
  .superRefine(neededWhileEnabled('alerts.alertmanager', ['urls']))
  .prefault({})
  .describe('Prometheus Alertmanager, through its API v2.');
