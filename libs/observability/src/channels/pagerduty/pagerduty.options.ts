import { flag, httpUrl, neededWhileEnabled, text } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { level, requestTimeout } from '../channel-keys';

/** PagerDuty. */
export const pagerdutyOptions = z
  .strictObject({
    /** Notifies PagerDuty. Needs `routingKey`. @default false */
    enabled: flag.prefault(false),
    /** Integration key of an Events API v2 integration. */
    routingKey: text({ allowed: 'a secret text', secret: true }).optional(),
    /** Alerts page somebody from this level on. INFO alerts are never resolved: their incidents stay open. @default 'ERROR' */
    minLevel: level.prefault('ERROR'),
    /** A request that takes longer may have arrived, and is sent once more. @unit ms @default '30s' */
    timeout: requestTimeout,
    /** The Events API: https://events.eu.pagerduty.com for accounts in the EU. @default 'https://events.pagerduty.com' */
    apiRoot: httpUrl('the http or https URL of the Events API').prefault('https://events.pagerduty.com'),
  })
  .superRefine(neededWhileEnabled('alerts.pagerduty', ['routingKey']))
  .prefault({})
  .describe('PagerDuty, through the Events API v2.');
