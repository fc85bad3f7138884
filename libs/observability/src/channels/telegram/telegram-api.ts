import { Logger } from '@nestjs/common';
import type { z } from 'zod';
import type { ChannelEnvironment } from '../channel-definition';
import { httpUrl } from '../http/attempt';
import { botUrl } from './bot-url';
import { ProviderClient } from '../http/provider-client';
import { secretsOf, secretsOfToken } from '../http/redact';
import { TELEGRAM_MESSAGE_LIMIT, type Span, toHtml, toPlainText } from './telegram-message';
import {
  type TelegramReply,
  type TelegramRepair,
  condemnsChat,
  isAlreadyShown,
  repairFor,
  telegramReply,
} from './telegram-reply';
import type { telegramOptions } from './telegram.options';

/** UTF-16 units of a message that is sent again because Telegram found it too long. */
const SHORTENED = 1_000;

/** The methods of the Bot API that send or edit. */
export type TelegramMethod = 'sendMessage' | 'editMessageText';

export interface TelegramCall {
  readonly method: TelegramMethod;
  /** Everything but the text, for as far as it has been mended. */
  readonly parameters: (repairs: ReadonlySet<TelegramRepair>) => object;
  readonly layout: (limit: number) => readonly Span[];
  readonly signal: AbortSignal;
  /** True for a refusal that the caller has an answer to: it is returned, not thrown. */
  readonly expected?: (reply: TelegramReply) => boolean;
}

/**
 * Telegram's Bot API, for as much as alerts need. A message that is refused for a reason that can be mended is mended and sent
 * again at once, each way at most once.
 */
export class TelegramApi {
  readonly #logger = new Logger('TelegramChannel');
  readonly #root: URL;
  readonly #token: string;
  readonly #client: ProviderClient;
  #chatId: string;

  /** @throws TypeError when the root is not a URL; the message does not repeat it */
  constructor(
    { apiRoot, botToken = '', chatId = '', timeout }: z.output<typeof telegramOptions>,
    environment: ChannelEnvironment,
  ) {
    this.#root = httpUrl(apiRoot, 'alerts.telegram.api_root');
    this.#token = botToken.trim();
    this.#chatId = chatId.trim();
    const terms = {
      name: 'Telegram',
      confirms: (body: string) => telegramReply(body).ok,
      condemns: (body: string) => condemnsChat(telegramReply(body)),
      complaint: (body: string) => telegramReply(body).description,
      remedy:
        'check alerts.telegram.bot_token and alerts.telegram.chat_id, and that the bot is still a member of the chat.',
      secrets: [...secretsOfToken(this.#token), ...secretsOf(this.#root)],
    };
    this.#client = new ProviderClient(terms, timeout, environment);
  }

  /** The chat that messages go to: another one than at first once a group has become a supergroup. */
  get chatId(): string {
    return this.#chatId;
  }

  /** @throws DeliveryError unless Telegram took it, or refused it as expected */
  async call({ method, parameters, layout, signal, expected }: TelegramCall): Promise<TelegramReply> {
    const repairs = new Set<TelegramRepair>();
    for (;;) {
      const spans = layout(repairs.has('shorter') ? SHORTENED : TELEGRAM_MESSAGE_LIMIT);
      const body = {
        chat_id: this.#chatId,
        ...parameters(repairs),
        ...(repairs.has('plain_text')
          ? { text: toPlainText(spans) }
          : { text: toHtml(spans), parse_mode: 'HTML' }),
        link_preview_options: { is_disabled: true },
      };
      const answer = await this.#client.post(
        botUrl(this.#root, this.#token, method),
        JSON.stringify(body),
        signal,
      );
      const reply = telegramReply(answer.body);
      if (isAlreadyShown(answer.status, reply)) return { ...reply, ok: true };
      if (answer.status === 400 && expected?.(reply)) return reply;
      const repair = repairFor(answer.status, reply);
      if (repair === undefined || repairs.has(repair)) {
        const failure = this.#client.failureOf(answer);
        if (failure !== undefined) throw failure;
        return reply;
      }
      repairs.add(repair);
      this.#report(repair, reply);
    }
  }

  #report(repair: TelegramRepair, reply: TelegramReply): void {
    if (repair === 'no_topic') {
      this.#logger.warn(
        'The topic of the Telegram group is closed or deleted; the alert goes to the group itself. Open it again, or correct alerts.telegram.message_thread_id.',
      );
    }
    if (reply.migrateToChatId === undefined) return;
    this.#chatId = reply.migrateToChatId;
    this.#logger.warn(
      `The Telegram group has become a supergroup; alerts go to ${this.#chatId} from now on. Set alerts.telegram.chat_id to it.`,
    );
  }
}
