import { flag, httpUrl, neededWhileEnabled, text } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { httpHeaders } from '../../options/http-headers.option';
import { level, requestTimeout } from '../channel-keys';

/** A program of the operator's own. */
export const webhookOptions = z
  .strictObject({
    /** Notifies the webhook. Needs `url`. @default false */
    enabled: flag.prefault(false),
    /** The address that alerts are posted to. */
    url: httpUrl('the http or https URL that alerts are posted to', { secret: true }).optional(),
    /** Key of the signature in `X-OpenSQT-Signature`; without one there is none. */
    secret: text({ allowed: 'a secret text', secret: true }).optional(),
    /** Headers of each request, such as `Authorization`. */
    headers: httpHeaders.optional(),
    /** The webhook is notified from this level on. @default 'INFO' */
    minLevel: level.prefault('INFO'),
    /** A request that takes longer may have arrived, and is sent once more. @unit ms @default '30s' */
    timeout: requestTimeout,
  })
  .superRefine(neededWhileEnabled('alerts.webhook', ['url']))
  .prefault({})
  .describe('A program of your own that takes alerts as JSON: see docs/channels.md.');
