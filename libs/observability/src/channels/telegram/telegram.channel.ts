import { Logger } from '@nestjs/common';
import { type AlertLevel, systemClock } from '@opensqt/trading-events';
import type { z } from 'zod';
import type { AlertChannel, AlertNotification, DeliveryReceipt, RateLimit } from '../channel';
import { type ChannelEnvironment, defineChannel } from '../channel-definition';
import { DEFAULT_ATTEMPT_TIMEOUT_MS, attemptSignal } from '../http/attempt';
import { type EditableChat, notifyInPlace } from '../message/follow-up';
import { TelegramApi } from './telegram-api';
import { telegramOptions } from './telegram.options';
import { telegramAnswer, telegramMessage } from './telegram-message';
import { isNotEditable, messageIdIn, telegramReference } from './telegram-reply';

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
  /**
   * One a second in a chat, 20 a minute in a group (whose ids are negative), short bursts allowed.
   * Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
   */
  readonly rateLimit: RateLimit;

  readonly #logger = new Logger('TelegramChannel');
  readonly #api: TelegramApi;
  readonly #topic: number | undefined;
  readonly #timeoutMs: number;

  constructor(
    { apiRoot, botToken = '', chatId = '', messageThreadId, minLevel }: z.output<typeof telegramOptions>,
    { clock = systemClock, timeoutMs = DEFAULT_ATTEMPT_TIMEOUT_MS }: ChannelEnvironment = {},
  ) {
    this.#api = new TelegramApi(apiRoot, botToken, chatId, clock);
    this.#topic = messageThreadId;
    this.minLevel = minLevel;
    this.rateLimit = { burst: 5, intervalMs: this.#api.chatId.startsWith('-') ? 3_000 : 1_000 };
    this.#timeoutMs = timeoutMs;
  }

  send(notification: AlertNotification, signal: AbortSignal): Promise<DeliveryReceipt | undefined> {
    const chat = this.#chat(attemptSignal(signal, this.#timeoutMs));
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
          parameters: () => ({ message_id: messageId }),
          layout: (limit) => telegramMessage(notification, limit),
          signal,
          // In the supergroup that the group became, the number is another message's.
          expected: (reply) => isNotEditable(reply) || reply.migrateToChatId !== undefined,
        });
        return ok;
      },
    };
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
