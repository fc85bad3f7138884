import type { AlertNotification } from '../channel';
import type { ChannelEnvironment } from '../channel-definition';
import { httpUrl } from '../http/attempt';
import { parsedObject } from '../http/parsed-object';
import { ProviderClient } from '../http/provider-client';
import { secretsOf } from '../http/redact';
import { AS_IT_IS, slackMessage } from './slack-message';
import { gatewayRefusal, isAcknowledged, webhookComplaint, webhookCondemns } from './slack-answer';
import type { SlackSection } from './slack.options';

/** Characters of a message that is sent again because Slack, or a proxy before it, found it too large. */
const SHORTENED = 3_000;

/** A Slack incoming webhook, or a gateway that takes the same requests. */
export class SlackWebhook {
  readonly #webhook: URL;
  readonly #channel: string | undefined;
  readonly #client: ProviderClient;

  /** @throws TypeError when the webhook's URL is not one; the message does not repeat it */
  constructor({ webhookUrl = '', channel, timeout }: SlackSection, environment: ChannelEnvironment) {
    this.#webhook = httpUrl(webhookUrl, 'alerts.slack.webhook_url');
    this.#channel = channel;
    const terms = {
      name: 'Slack',
      confirms: isAcknowledged,
      refusal: gatewayRefusal,
      condemns: webhookCondemns,
      complaint: webhookComplaint,
      remedy:
        'check alerts.slack.webhook_url, that the webhook was not revoked, and that the channel still exists.',
      secrets: secretsOf(this.#webhook),
    };
    this.#client = new ProviderClient(terms, timeout, environment);
  }

  /** A message that is refused for its blocks or its length is mended and sent again at once, each way at most once. */
  async send(notification: AlertNotification, signal: AbortSignal): Promise<undefined> {
    const repairs = new Set<'shorter' | 'plain_text'>();
    for (;;) {
      const { text, blocks } = slackMessage(notification, repairs.has('shorter') ? SHORTENED : undefined);
      const message = {
        ...AS_IT_IS,
        ...(this.#channel === undefined ? {} : { channel: this.#channel }),
        text,
        ...(repairs.has('plain_text') ? {} : { blocks }),
      };
      const answer = await this.#client.post(this.#webhook, JSON.stringify(message), signal);
      const failure = this.#client.failureOf(answer);
      if (failure === undefined) return undefined;
      const repair =
        failure.outcome === 'too_large'
          ? 'shorter'
          : failure.outcome === 'rejected' && isAboutBlocks(answer.body)
            ? 'plain_text'
            : undefined;
      if (repair === undefined || repairs.has(repair)) throw failure;
      repairs.add(repair);
    }
  }
}

/** `invalid_blocks`, `invalid_blocks_format`, and `invalid_payload`, which Slack and gateways answer to layouts that they don't know. */
function isAboutBlocks(body: string): boolean {
  return /^invalid_(blocks|payload|attachments)/.test(String(parsedObject(body)?.['error'] ?? body).trim());
}
