import { flag } from '@opensqt/trading-events/options';
import { z } from 'zod';

/** The page. */
export const consoleOptions = z
  .strictObject({
    /** False: the page is not served. @default true */
    enabled: flag.prefault(true),
  })
  .prefault({})
  .describe('The page that shows the bot, live and as it was.');
