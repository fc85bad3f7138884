import {
  flag,
  httpUrl,
  neededWhileEnabled,
  text,
  textOrNumber,
  wholeNumber,
} from '@opensqt/trading-events/options';
import { z } from 'zod';
import { level } from '../channel-level';

/** A Telegram bot. */
export const telegramOptions = z
  .strictObject({
    /** @default false */
    enabled: flag.prefault(false).describe('Whether Telegram is notified. Needs `botToken` and `chatId`.'),
    /** From @BotFather. A secret. */
    botToken: text({ allowed: 'the token that @BotFather gave', pattern: /^\S+$/, secret: true })
      .optional()
      .describe('Token from @BotFather.'),
    /** A user, group or channel: its number, which is negative for a group, or the `@name` of a public channel. */
    chatId: textOrNumber({
      allowed: 'the number of a chat, or the @name of a channel',
      pattern: /^(-?\d{1,20}|@\w{3,64})$/,
      hidden: true,
    })
      .optional()
      .describe('Chat to write to; the number of a group is negative.'),
    /** The topic of a forum that is written to. Absent: none, or the general one. */
    messageThreadId: wholeNumber({ min: 1 })
      .optional()
      .describe('Topic of the group to write to. Absent: none, or the general one.'),
    /** Notifications below this level are not sent here. @default 'INFO' */
    minLevel: level.prefault('INFO').describe('Telegram is notified from this level on.'),
    /** A Bot API server, for a self-hosted one; may have a path. @default 'https://api.telegram.org' */
    apiRoot: httpUrl('the http or https URL of a Bot API server')
      .prefault('https://api.telegram.org')
      .describe('Bot API server, for a self-hosted one.'),
  })
  .superRefine(neededWhileEnabled('alerts.telegram', ['botToken', 'chatId']))
  .prefault({})
  .describe('A Telegram bot.');
