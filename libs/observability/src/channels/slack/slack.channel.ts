import type { AlertLevel } from '@opensqt/trading-events';
import type { z } from 'zod';
import type { AlertChannel, AlertNotification, DeliveryReceipt, RateLimit } from '../channel';
import { type ChannelEnvironment, defineChannel } from '../channel-definition';
import { MAX_REQUESTS } from '../http/provider-client';
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
  readonly timeoutMs: number;
  /** One a second in a channel, short bursts allowed. Source: https://docs.slack.dev/apis/web-api/rate-limits/ */
  readonly rateLimit: RateLimit = { burst: 5, intervalMs: 1_000 };

  readonly #transport: SlackBot | SlackWebhook;

  constructor(options: z.output<typeof slackOptions>, environment: ChannelEnvironment = {}) {
    this.minLevel = options.minLevel;
    this.timeoutMs = MAX_REQUESTS * options.timeout;
    this.acknowledgements = options.botToken !== undefined;
    this.#transport =
      options.botToken === undefined
        ? new SlackWebhook(options, environment)
        : new SlackBot(options, environment);
  }

  send(notification: AlertNotification, signal: AbortSignal): Promise<DeliveryReceipt | undefined> {
    return this.#transport.send(notification, signal);
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
