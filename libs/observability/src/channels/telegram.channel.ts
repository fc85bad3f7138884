import { Logger } from '@nestjs/common';
import { type AlertLevel, type Clock, systemClock } from '@opensqt/trading-events';
import type { AlertChannel, AlertNotification, RateLimit } from '../alerts/alert-channel';
import { DEFAULT_ATTEMPT_TIMEOUT_MS, attemptSignal, httpUrl } from './attempt';
import { postJson } from './post-json';
import { type ProviderTerms, failureOf } from './provider-answer';
import { secretsOf, secretsOfToken } from './redact';
import { TELEGRAM_MESSAGE_LIMIT, telegramMessage, toHtml, toPlainText } from './telegram-message';
import { type TelegramRepair, isAlreadyShown, repairFor, telegramReply } from './telegram-reply';

/** UTF-16 units of a message that is sent again because Telegram found it too long. */
const SHORTENED = 1_000;

export interface TelegramChannelOptions {
  /** From @BotFather; a secret. */
  readonly botToken: string;
  /** A user, group or channel: its number, or `@name` of a public channel. */
  readonly chatId: string;
  /** A Bot API server of one's own; may have a path. @default 'https://api.telegram.org' */
  readonly apiRoot?: string;
  /** Least level that is told here. @default 'INFO' */
  readonly minLevel?: AlertLevel;
  /** How long one attempt may take, repairs included, milliseconds. @default 10_000 */
  readonly timeoutMs?: number;
  /** For pauses that are stated as a date. @default the wall clock */
  readonly clock?: Clock;
}

/**
 * Tells alerts through a Telegram bot.
 *
 * A message that Telegram refuses for a reason that can be mended is mended and sent again at once, each way at most once: to
 * the supergroup that the group became, without markup, or shorter.
 *
 * @throws TypeError when the API root is not a URL; the message does not repeat it
 *
 * @example
 * const telegram = new TelegramChannel({ botToken: process.env.TELEGRAM_BOT_TOKEN ?? '', chatId: '-1001234567890' });
 * await telegram.send(notification, AbortSignal.timeout(10_000));
 */
export class TelegramChannel implements AlertChannel {
  readonly name = 'telegram';
  readonly minLevel: AlertLevel;
  /**
   * One a second in a chat, 20 a minute in a group (whose ids are negative), short bursts allowed.
   * Source: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
   */
  readonly rateLimit: RateLimit;

  readonly #logger = new Logger('TelegramChannel');
  readonly #sendMessage: URL;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #terms: ProviderTerms;
  #chatId: string;

  constructor(options: TelegramChannelOptions) {
    const root = httpUrl(options.apiRoot ?? 'https://api.telegram.org', 'alerts.telegram.api_root');
    const token = options.botToken.trim();
    this.#chatId = options.chatId.trim();
    this.minLevel = options.minLevel ?? 'INFO';
    this.rateLimit = { burst: 5, intervalMs: this.#chatId.startsWith('-') ? 3_000 : 1_000 };
    this.#sendMessage = methodUrl(root, token, 'sendMessage');
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_ATTEMPT_TIMEOUT_MS;
    this.#clock = options.clock ?? systemClock;
    this.#terms = {
      name: 'Telegram',
      confirms: (body) => telegramReply(body).ok,
      complaint: (body) => telegramReply(body).description,
      remedy:
        'check alerts.telegram.bot_token and alerts.telegram.chat_id, and that the bot is still a member of the chat.',
      secrets: [...secretsOfToken(token), ...secretsOf(root)],
    };
  }

  async send(notification: AlertNotification, signal: AbortSignal): Promise<void> {
    const attempt = attemptSignal(signal, this.#timeoutMs);
    const repairs = new Set<TelegramRepair>();
    for (;;) {
      const body = this.#request(notification, repairs);
      const answer = await postJson(this.#terms.name, this.#sendMessage, body, attempt);
      const reply = telegramReply(answer.body);
      if (isAlreadyShown(answer.status, reply)) return;
      const repair = repairFor(answer.status, reply);
      if (repair === undefined || repairs.has(repair)) {
        const failure = failureOf(answer, this.#terms, this.#clock.now());
        if (failure !== undefined) throw failure;
        return;
      }
      repairs.add(repair);
      if (reply.migrateToChatId !== undefined) this.#moveTo(reply.migrateToChatId);
    }
  }

  #request(notification: AlertNotification, repairs: ReadonlySet<TelegramRepair>): object {
    const limit = repairs.has('shorter') ? SHORTENED : TELEGRAM_MESSAGE_LIMIT;
    const spans = telegramMessage(notification, limit);
    return {
      chat_id: this.#chatId,
      ...(repairs.has('plain_text')
        ? { text: toPlainText(spans) }
        : { text: toHtml(spans), parse_mode: 'HTML' }),
      link_preview_options: { is_disabled: true },
      disable_notification: notification.level === 'INFO',
    };
  }

  #moveTo(chatId: string): void {
    this.#chatId = chatId;
    this.#logger.warn(
      `The Telegram group has become a supergroup; alerts go to ${chatId} from now on. Set alerts.telegram.chat_id to it.`,
    );
  }
}

function methodUrl(root: URL, token: string, method: string): URL {
  const url = new URL(root);
  // A colon is part of every token and needs no escape in a path.
  const segment = encodeURIComponent(token).replaceAll('%3A', ':');
  url.pathname = `${root.pathname.replace(/\/+$/, '')}/bot${segment}/${method}`;
  return url;
}
