import { Logger } from '@nestjs/common';
import type { AlertLevel } from '@opensqt/trading-events';
import type { z } from 'zod';
import type { AlertChannel, AlertNotification, DeliveryReceipt, RateLimit } from '../channel';
import { type ChannelEnvironment, defineChannel } from '../channel-definition';
import { MAX_REQUESTS } from '../http/provider-client';
import { type EditableChat, notifyInPlace } from '../message/follow-up';
import { type ControlCommand, type InlineKeyboard, alertKeyboard } from './control/keyboard';
import { TelegramApi } from './telegram-api';
import { telegramOptions } from './telegram.options';
import { telegramAnswer, telegramMessage } from './telegram-message';
import { isAboutTopic, isNotEditable, messageIdIn, telegramReference } from './telegram-reply';

/**
 * Sends alerts through a Telegram bot. An alert is one message, which changes with it; what happened is answered to it.
 *
 * A message that Telegram refuses for a reason that can be mended is mended and sent again at once, each way at most once: to
 * the supergroup that the group became, outside a topic that is closed, without markup, or shorter.
 *
 * @throws TypeError when the API root is not a URL; the message does not repeat it
 */
export class TelegramChannel implements AlertChannel {
  readonly name = 'telegram';
  readonly acknowledgements = true;
  readonly minLevel: AlertLevel;
  readonly timeoutMs: number;
  /**
   * One a second in a chat, 20 a minute in a group (whose ids are negative), short bursts allowed.
   * Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
   */
  readonly rateLimit: RateLimit;

  readonly #logger = new Logger('TelegramChannel');
  readonly #api: TelegramApi;
  readonly #topic: number | undefined;
  /** Empty: no buttons. */
  readonly #commands: readonly ControlCommand[];

  constructor(options: z.output<typeof telegramOptions>, environment: ChannelEnvironment = {}) {
    this.#api = new TelegramApi(options, environment);
    this.#topic = options.messageThreadId;
    this.#commands = options.control.users.length === 0 ? [] : options.control.commands;
    this.minLevel = options.minLevel;
    this.timeoutMs = MAX_REQUESTS * options.timeout;
    this.rateLimit = { burst: 5, intervalMs: this.#api.chatId.startsWith('-') ? 3_000 : 1_000 };
  }

  send(notification: AlertNotification, signal: AbortSignal): Promise<DeliveryReceipt | undefined> {
    const chat = this.#chat(signal);
    return notifyInPlace(chat, notification, (problem) => this.#logger.warn(problem));
  }

  #chat(signal: AbortSignal): EditableChat {
    return {
      post: (notification) => this.#send(notification, undefined, signal),
      reply: async (notification, to) => {
        const messageId = messageIdIn(this.#api.chatId, to);
        if (messageId === undefined) return undefined;
        return { reference: (await this.#send(notification, messageId, signal)) ?? to };
      },
      edit: async (notification, earlier) => {
        const messageId = messageIdIn(this.#api.chatId, earlier);
        if (messageId === undefined) return false;
        const { ok } = await this.#api.call({
          method: 'editMessageText',
          parameters: () => ({ message_id: messageId, ...this.#buttons(notification) }),
          layout: (limit) => telegramMessage(notification, limit),
          signal,
          // In the supergroup that the group became, the number is another message's.
          expected: (reply) =>
            isNotEditable(reply) || isAboutTopic(reply) || reply.migrateToChatId !== undefined,
        });
        return ok;
      },
    };
  }

  #buttons(notification: AlertNotification): { readonly reply_markup?: InlineKeyboard } {
    const keyboard = alertKeyboard(notification, this.#commands);
    return keyboard === undefined ? {} : { reply_markup: keyboard };
  }

  async #send(
    notification: AlertNotification,
    answered: number | undefined,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const isShort = answered !== undefined && notification.kind !== 'raised';
    const { messageId } = await this.#api.call({
      method: 'sendMessage',
      parameters: (repairs) => ({
        ...(this.#topic === undefined || repairs.has('no_topic') ? {} : { message_thread_id: this.#topic }),
        ...(answered === undefined || repairs.has('new_chat')
          ? {}
          : { reply_parameters: { message_id: answered, allow_sending_without_reply: true } }),
        ...this.#buttons(notification),
        disable_notification: notification.level === 'INFO',
      }),
      layout: (limit) => (isShort ? telegramAnswer(notification) : telegramMessage(notification, limit)),
      signal,
    });
    return messageId === undefined ? undefined : telegramReference(this.#api.chatId, messageId);
  }
}

export const telegram = defineChannel({
  name: 'telegram',
  options: telegramOptions,
  channel: TelegramChannel,
  documentation: {
    needs: '`bot_token`, `chat_id`',
    sends: 'HTML, to a bot',
    deduplicatedBy: "– (marked; edits can't duplicate)",
  },
});
