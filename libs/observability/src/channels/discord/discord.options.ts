import { flag, httpUrl, neededWhileEnabled } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { level } from '../channel-level';

/** Discord. */
export const discordOptions = z
  .strictObject({
    /** @default false */
    enabled: flag.prefault(false).describe('Whether Discord is notified. Needs `webhookUrl`.'),
    /** The webhook's URL; with `?thread_id=` for a thread. A secret. */
    webhookUrl: httpUrl("the http or https URL of a channel's webhook", { secret: true })
      .optional()
      .describe("The webhook's URL; with `?thread_id=` for a thread."),
    /** Notifications below this level are not sent here. @default 'INFO' */
    minLevel: level.prefault('INFO').describe('Discord is notified from this level on.'),
  })
  .superRefine(neededWhileEnabled('alerts.discord', ['webhookUrl']))
  .prefault({})
  .describe('A Discord webhook.');
