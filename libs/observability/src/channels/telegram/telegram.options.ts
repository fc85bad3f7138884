import {
  choice,
  flag,
  httpUrl,
  list,
  neededWhileEnabled,
  text,
  textOrNumber,
  wholeNumber,
} from '@opensqt/trading-events/options';
import { z } from 'zod';
import { level, requestTimeout } from '../channel-keys';
import { CONTROL_COMMANDS } from './control/keyboard';

/** A Telegram bot. */
export const telegramOptions = z
  .strictObject({
    /** Notifies Telegram. Needs `botToken` and `chatId`. @default false */
    enabled: flag.prefault(false),
    /** Token from `@BotFather`. */
    botToken: text({ allowed: 'the token that @BotFather gave', pattern: /^\S+$/, secret: true }).optional(),
    /** Chat to write to: its number, which is negative for a group, or the `@name` of a public channel. */
    chatId: textOrNumber({
      allowed: 'the number of a chat, or the @name of a channel',
      pattern: /^(-?\d{1,20}|@\w{3,64})$/,
      hidden: true,
    }).optional(),
    /** Topic of the group to write to. Absent: none, or the general one. */
    messageThreadId: wholeNumber({ min: 1 }).optional(),
    /** Telegram is notified from this level on. @default 'INFO' */
    minLevel: level.prefault('INFO'),
    /** A request that takes longer may have arrived, and is sent once more. @unit ms @default '30s' */
    timeout: requestTimeout,
    /** The bot as a remote control, by long polling: no port is opened. Off while `users` is empty. */
    control: z
      .strictObject({
        /** The numbers of the Telegram users who may ask and act; anybody else gets no answer. @default [] */
        users: list(wholeNumber({ min: 1 })).prefault([]),
        /** The things that they may do: the first four are commands, the others buttons under an alert. @default all of them */
        commands: list(choice(CONTROL_COMMANDS)).prefault([...CONTROL_COMMANDS]),
      })
      .prefault({}),
    /** Bot API server, for a self-hosted one. @default 'https://api.telegram.org' */
    apiRoot: httpUrl('the http or https URL of a Bot API server').prefault('https://api.telegram.org'),
  })
  .superRefine(neededWhileEnabled('alerts.telegram', ['botToken', 'chatId']))
  .prefault({})
  .describe('A Telegram bot.');
