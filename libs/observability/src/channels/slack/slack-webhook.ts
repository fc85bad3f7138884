import type { Clock } from '@opensqt/trading-events';
import type { AlertNotification } from '../channel';
import type { DeliveryError } from '../delivery-error';
import { httpUrl } from '../http/attempt';
import { postJson } from '../http/post-json';
import { type ProviderTerms, failureOf } from '../http/provider-answer';
import { secretsOf } from '../http/redact';
import { AS_IT_IS, slackMessage } from './slack-message';

/** Characters of a message that is sent again because Slack, or a proxy before it, found it too large. */
const SHORTENED = 3_000;

/** A Slack incoming webhook, or a gateway that takes the same requests. */
export class SlackWebhook {
  readonly #webhook: URL;
  readonly #channel: string | undefined;
  readonly #clock: Clock;
  readonly #terms: ProviderTerms;

  /** @throws TypeError when the webhook's URL is not one; the message does not repeat it */
  constructor(webhookUrl: string, channel: string | undefined, clock: Clock) {
    this.#webhook = httpUrl(webhookUrl, 'alerts.slack.webhook_url');
    this.#channel = channel;
    this.#clock = clock;
    this.#terms = {
      name: 'Slack',
      confirms: (body) => body === 'ok',
      complaint: (body) => body,
      remedy:
        'check alerts.slack.webhook_url, that the webhook was not revoked, and that the channel still exists.',
      secrets: secretsOf(this.#webhook),
    };
  }

  async send(notification: AlertNotification, attempt: AbortSignal): Promise<undefined> {
    let failure = await this.#post(notification, attempt);
    if (failure?.outcome === 'too_large') failure = await this.#post(notification, attempt, SHORTENED);
    if (failure !== undefined) throw failure;
    return undefined;
  }

  async #post(
    notification: AlertNotification,
    attempt: AbortSignal,
    limit?: number,
  ): Promise<DeliveryError | undefined> {
    const message = {
      ...AS_IT_IS,
      ...(this.#channel === undefined ? {} : { channel: this.#channel }),
      ...slackMessage(notification, limit),
    };
    const answer = await postJson(this.#terms.name, this.#webhook, message, attempt);
    return failureOf(answer, this.#terms, this.#clock.now());
  }
}
