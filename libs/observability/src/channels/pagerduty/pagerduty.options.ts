import { flag, httpUrl, neededWhileEnabled, text } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { level } from '../channel-level';

/** PagerDuty. */
export const pagerdutyOptions = z
  .strictObject({
    /** @default false */
    enabled: flag.prefault(false).describe('Whether PagerDuty is notified. Needs `routingKey`.'),
    /** Integration key of an Events API v2 integration. A secret. */
    routingKey: text({ allowed: 'a secret text', secret: true })
      .optional()
      .describe('Integration key of an Events API v2 integration.'),
    /** Alerts below this level page nobody. @default 'ERROR' */
    minLevel: level
      .prefault('ERROR')
      .describe(
        'Alerts page somebody from this level on. INFO alerts are never resolved: their incidents stay open.',
      ),
    /** `https://events.eu.pagerduty.com` for accounts in the EU, or a gateway. @default 'https://events.pagerduty.com' */
    apiRoot: httpUrl('the http or https URL of the Events API')
      .prefault('https://events.pagerduty.com')
      .describe('The Events API: https://events.eu.pagerduty.com for accounts in the EU.'),
  })
  .superRefine(neededWhileEnabled('alerts.pagerduty', ['routingKey']))
  .prefault({})
  .describe('PagerDuty, through the Events API v2.');
