import { type AlertLevel, type Clock, systemClock } from '@opensqt/trading-events';
import type { AlertChannel, AlertNotification, RateLimit } from '../channel';
import type { DeliveryError } from '../delivery-error';
import { DEFAULT_ATTEMPT_TIMEOUT_MS, attemptSignal, httpUrl } from '../http/attempt';
import { postJson } from '../http/post-json';
import { type ProviderTerms, failureOf } from '../http/provider-answer';
import { secretsOf } from '../http/redact';
import { AS_IT_IS, slackMessage } from './slack-message';

/** Characters of a message that is sent again because Slack, or a proxy before it, found it too large. */
const SHORTENED = 3_000;

export interface SlackChannelOptions {
  /** The incoming webhook, http or https; a secret. */
  readonly webhookUrl: string;
  /** Overrides the webhook's own channel, where the webhook allows it: `#trading-alerts`. */
  readonly channel?: string;
  /** Least level that is told here. @default 'INFO' */
  readonly minLevel?: AlertLevel;
  /** How long one attempt may take, milliseconds. @default 10_000 */
  readonly timeoutMs?: number;
  /** For pauses that Slack states as a date. @default the wall clock */
  readonly clock?: Clock;
}

/**
 * Tells alerts through a Slack incoming webhook, or a gateway that takes the same requests.
 *
 * @throws TypeError when the webhook's URL is not one; the message does not repeat it
 *
 * @example
 * const slack = new SlackChannel({ webhookUrl: process.env.SLACK_WEBHOOK_URL ?? '', channel: '#trading-alerts' });
 * await slack.send(notification, AbortSignal.timeout(10_000));
 */
export class SlackChannel implements AlertChannel {
  readonly name = 'slack';
  readonly minLevel: AlertLevel;
  /** One a second, short bursts allowed. Source: https://docs.slack.dev/apis/web-api/rate-limits/ */
  readonly rateLimit: RateLimit = { burst: 5, intervalMs: 1_000 };

  readonly #webhook: URL;
  readonly #channel: string | undefined;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #terms: ProviderTerms;

  constructor(options: SlackChannelOptions) {
    this.minLevel = options.minLevel ?? 'INFO';
    this.#webhook = httpUrl(options.webhookUrl, 'alerts.slack.webhook_url');
    this.#channel = options.channel;
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_ATTEMPT_TIMEOUT_MS;
    this.#clock = options.clock ?? systemClock;
    this.#terms = {
      name: 'Slack',
      confirms: (body) => body === 'ok',
      complaint: (body) => body,
      remedy:
        'check alerts.slack.webhook_url, that the webhook was not revoked, and that the channel still exists.',
      secrets: secretsOf(this.#webhook),
    };
  }

  async send(notification: AlertNotification, signal: AbortSignal): Promise<void> {
    const attempt = attemptSignal(signal, this.#timeoutMs);
    let failure = await this.#post(notification, attempt);
    if (failure?.outcome === 'too_large') failure = await this.#post(notification, attempt, SHORTENED);
    if (failure !== undefined) throw failure;
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
