import { Logger } from '@nestjs/common';
import type { AlertNotification, DeliveryReceipt } from '../channel';
import type { ChannelEnvironment } from '../channel-definition';
import { type EditableChat, notifyInPlace } from '../message/follow-up';
import { isNotAnswerable, isNotEditable, slackPosition, slackReference } from './slack-answer';
import { SlackApi } from './slack-api';
import { AS_IT_IS, slackMessage, slackReply } from './slack-message';
import type { SlackSection } from './slack.options';

/**
 * A Slack bot. An alert is one message, which changes with it; what happened is answered in its thread, and shown in the channel too
 * where somebody has to act.
 */
export class SlackBot {
  readonly #logger = new Logger('SlackChannel');
  readonly #api: SlackApi;
  readonly #channel: string;

  /** @throws TypeError when the API's root is not a URL or the token can't be one; the message repeats neither */
  constructor(options: SlackSection, environment: ChannelEnvironment) {
    this.#api = new SlackApi(options, environment);
    this.#channel = options.channel?.trim() ?? '';
  }

  send(notification: AlertNotification, attempt: AbortSignal): Promise<DeliveryReceipt | undefined> {
    return notifyInPlace(this.#chat(attempt), notification, (problem) => this.#logger.warn(problem));
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
