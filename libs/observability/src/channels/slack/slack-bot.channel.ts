import { Logger } from '@nestjs/common';
import { type AlertLevel, type Clock, systemClock } from '@opensqt/trading-events';
import type { AlertChannel, AlertNotification, DeliveryReceipt, RateLimit } from '../channel';
import { DEFAULT_ATTEMPT_TIMEOUT_MS, attemptSignal } from '../http/attempt';
import { type EditableChat, tellInPlace } from '../message/follow-up';
import { isNotAnswerable, isNotEditable, slackPosition, slackReference } from './slack-answer';
import { SlackApi } from './slack-api';
import { AS_IT_IS, slackMessage, slackReply } from './slack-message';

export interface SlackBotChannelOptions {
  /** Of the app's bot user, with the scope `chat:write`; a secret. */
  readonly botToken: string;
  /** `#trading-alerts`, or a channel's id, of which the bot is a member. */
  readonly channel: string;
  /** Slack's Web API, or a gateway's; may have a path. @default 'https://slack.com/api' */
  readonly apiRoot?: string;
  /** Least level that is told here. @default 'INFO' */
  readonly minLevel?: AlertLevel;
  /** How long one attempt may take, repairs and edits included, milliseconds. @default 10_000 */
  readonly timeoutMs?: number;
  /** For pauses that Slack states as a date. @default the wall clock */
  readonly clock?: Clock;
}

/**
 * Tells alerts through a Slack bot. An alert is one message, which changes with it; what happened is told in its thread, and in the
 * channel too where somebody has to act.
 *
 * @throws TypeError when the API's root is not a URL or the token can't be one; the message repeats neither
 *
 * @example
 * const slack = new SlackBotChannel({ botToken: process.env.SLACK_BOT_TOKEN ?? '', channel: '#trading-alerts' });
 * const receipt = await slack.send(notification, AbortSignal.timeout(10_000));
 */
export class SlackBotChannel implements AlertChannel {
  readonly name = 'slack';
  readonly acknowledgements = true;
  readonly minLevel: AlertLevel;
  /** One a second in a channel, short bursts allowed. Source: https://docs.slack.dev/apis/web-api/rate-limits/ */
  readonly rateLimit: RateLimit = { burst: 5, intervalMs: 1_000 };

  readonly #logger = new Logger('SlackBotChannel');
  readonly #api: SlackApi;
  readonly #channel: string;
  readonly #timeoutMs: number;

  constructor(options: SlackBotChannelOptions) {
    this.minLevel = options.minLevel ?? 'INFO';
    this.#channel = options.channel.trim();
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_ATTEMPT_TIMEOUT_MS;
    this.#api = new SlackApi(
      options.apiRoot ?? 'https://slack.com/api',
      options.botToken,
      options.clock ?? systemClock,
    );
  }

  async send(notification: AlertNotification, signal: AbortSignal): Promise<DeliveryReceipt | undefined> {
    const chat = this.#chat(attemptSignal(signal, this.#timeoutMs));
    return tellInPlace(chat, notification, (problem) => this.#logger.warn(problem));
  }

  #chat(signal: AbortSignal): EditableChat {
    return {
      post: async (notification) => {
        const { posted } = await this.#api.call({
          method: 'chat.postMessage',
          parameters: { ...AS_IT_IS, channel: this.#channel },
          layout: (limit) => slackMessage(notification, limit),
          signal,
        });
        return posted && slackReference(posted);
      },
      reply: async (notification, to) => {
        const root = slackPosition(to);
        if (root === undefined) return undefined;
        const isNew = notification.kind === 'raised';
        const { ok, posted } = await this.#api.call({
          method: 'chat.postMessage',
          parameters: {
            ...AS_IT_IS,
            channel: root.channel,
            thread_ts: root.threadTs,
            reply_broadcast: isNew || notification.kind === 'escalated',
          },
          layout: (limit) => (isNew ? slackMessage(notification, limit) : slackReply(notification)),
          signal,
          expected: isNotAnswerable,
        });
        if (!ok) return undefined;
        return {
          reference: posted === undefined ? to : slackReference({ ...posted, threadTs: root.threadTs }),
        };
      },
      edit: async (notification, earlier) => {
        const position = slackPosition(earlier);
        if (position === undefined) return false;
        const { ok } = await this.#api.call({
          method: 'chat.update',
          parameters: { channel: position.channel, ts: position.ts, parse: 'none', link_names: false },
          layout: (limit) => slackMessage(notification, limit),
          signal,
          expected: isNotEditable,
        });
        return ok;
      },
    };
  }
}
