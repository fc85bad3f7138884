import { type AlertLevel, systemClock } from '@opensqt/trading-events';
import type { z } from 'zod';
import type { AlertChannel, AlertNotification, DeliveryReceipt, RateLimit } from '../channel';
import { type ChannelEnvironment, defineChannel } from '../channel-definition';
import { DEFAULT_ATTEMPT_TIMEOUT_MS, attemptSignal } from '../http/attempt';
import { SlackBot } from './slack-bot';
import { SlackWebhook } from './slack-webhook';
import { slackOptions } from './slack.options';

/**
 * Sends alerts to Slack, through a bot where there is a token, otherwise through an incoming webhook.
 *
 * @throws TypeError when a URL is not one or the token can't be one; the message repeats neither
 */
export class SlackChannel implements AlertChannel {
  readonly name = 'slack';
  readonly acknowledgements: boolean;
  readonly minLevel: AlertLevel;
  /** One a second in a channel, short bursts allowed. Source: https://docs.slack.dev/apis/web-api/rate-limits/ */
  readonly rateLimit: RateLimit = { burst: 5, intervalMs: 1_000 };

  readonly #transport: SlackBot | SlackWebhook;
  readonly #timeoutMs: number;

  constructor(
    { apiRoot, botToken, channel, minLevel, webhookUrl = '' }: z.output<typeof slackOptions>,
    { clock = systemClock, timeoutMs = DEFAULT_ATTEMPT_TIMEOUT_MS }: ChannelEnvironment = {},
  ) {
    this.minLevel = minLevel;
    this.acknowledgements = botToken !== undefined;
    this.#timeoutMs = timeoutMs;
    this.#transport =
      botToken === undefined
        ? new SlackWebhook(webhookUrl, channel, clock)
        : new SlackBot(apiRoot, botToken, channel ?? '', clock);
  }

  send(notification: AlertNotification, signal: AbortSignal): Promise<DeliveryReceipt | undefined> {
    return this.#transport.send(notification, attemptSignal(signal, this.#timeoutMs));
  }
}

export const slack = defineChannel({
  name: 'slack',
  options: slackOptions,
  channel: SlackChannel,
  documentation: {
    needs: '`webhook_url`, or `bot_token` and `channel`',
    sends: 'blocks, to a webhook or a bot',
    deduplicatedBy: "– (marked; edits can't duplicate)",
  },
});
