import type { OutgoingHttpHeaders } from 'node:http';
import { type AlertLevel, type Clock, systemClock } from '@opensqt/trading-events';
import type { z } from 'zod';
import type { AlertChannel, AlertNotification, RateLimit } from '../channel';
import { type ChannelEnvironment, defineChannel } from '../channel-definition';
import { DEFAULT_ATTEMPT_TIMEOUT_MS, attemptSignal, httpUrl } from '../http/attempt';
import { messageKey } from '../message/notification-key';
import { postMessage } from '../http/post-message';
import type { ProviderTerms } from '../http/provider-answer';
import { secretsOf, secretsOfToken } from '../http/redact';
import { webhookOptions } from './webhook.options';
import { webhookMessage } from './webhook-message';
import { SIGNATURE_HEADER, webhookSignature } from './webhook-signature';

/**
 * Posts alerts as JSON to a program of one's own. Any 2xx is success, whatever its body.
 *
 * @throws TypeError when the URL is not one; the message does not repeat it
 */
export class WebhookChannel implements AlertChannel {
  readonly name = 'webhook';
  readonly acknowledgements = true;
  readonly minLevel: AlertLevel;
  /** Ours: nobody's server should be flooded by our trouble. */
  readonly rateLimit: RateLimit = { burst: 20, intervalMs: 200 };

  readonly #url: URL;
  readonly #secret: string | undefined;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #terms: ProviderTerms;

  constructor(
    options: z.output<typeof webhookOptions>,
    { clock = systemClock, timeoutMs = DEFAULT_ATTEMPT_TIMEOUT_MS }: ChannelEnvironment = {},
  ) {
    this.minLevel = options.minLevel;
    this.#url = httpUrl(options.url ?? '', 'alerts.webhook.url');
    this.#secret = options.secret;
    // In lower case, so that each replaces ours of the same name.
    this.#headers = Object.fromEntries(
      Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    this.#terms = {
      name: 'The webhook',
      confirms: () => true,
      anyBodyConfirms: true,
      complaint: (body) => body,
      remedy: 'check alerts.webhook.url, secret and headers, and what the server behind it says.',
      secrets: [
        ...secretsOf(this.#url),
        ...secretsOfToken(options.secret ?? ''),
        ...Object.values(this.#headers).flatMap((value) => value.split(' ').flatMap(secretsOfToken)),
      ],
    };
  }

  send(notification: AlertNotification, signal: AbortSignal): Promise<void> {
    return postMessage({
      terms: this.#terms,
      url: this.#url,
      body: (size) => webhookMessage(notification, size),
      headers: (content) => this.#headersOf(notification, content),
      signal: attemptSignal(signal, this.#timeoutMs),
      clock: this.#clock,
    });
  }

  #headersOf(notification: AlertNotification, content: string): OutgoingHttpHeaders {
    return {
      ...this.#headers,
      'idempotency-key': messageKey(notification),
      ...(this.#secret === undefined
        ? {}
        : { [SIGNATURE_HEADER]: webhookSignature(this.#secret, content, this.#clock.now()) }),
    };
  }
}

export const webhook = defineChannel({
  name: 'webhook',
  options: webhookOptions,
  channel: WebhookChannel,
  documentation: {
    needs: '`url`',
    sends: 'JSON, see below',
    deduplicatedBy: '`Idempotency-Key`',
  },
});
