import { flag, httpUrl, neededWhileEnabled } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { level, requestTimeout } from '../channel-keys';

/** Discord. */
export const discordOptions = z
  .strictObject({
    /** Notifies Discord. Needs `webhookUrl`. @default false */
    enabled: flag.prefault(false),
    /** The webhook's URL; with `?thread_id=` for a thread. */
    webhookUrl: httpUrl("the http or https URL of a channel's webhook", { secret: true }).optional(),
    /** Discord is notified from this level on. @default 'INFO' */
    minLevel: level.prefault('INFO'),
    /** A request that takes longer may have arrived, and is sent once more. @unit ms @default '30s' */
    timeout: requestTimeout,
  })
  .superRefine(neededWhileEnabled('alerts.discord', ['webhookUrl']))
  .prefault({})
  .describe('A Discord webhook.');
