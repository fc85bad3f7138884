import type { OutgoingHttpHeaders } from 'node:http';
import { type AlertLevel, type Clock, systemClock } from '@opensqt/trading-events';
import type { z } from 'zod';
import type { AlertChannel, AlertNotification, RateLimit } from '../channel';
import { type ChannelEnvironment, defineChannel } from '../channel-definition';
import { httpUrl } from '../http/attempt';
import { messageKey } from '../message/notification-key';
import { postMessage } from '../http/post-message';
import type { ProviderTerms } from '../http/provider-answer';
import { MAX_REQUESTS, ProviderClient } from '../http/provider-client';
import { secretsOf, secretsOfHeader, secretsOfToken } from '../http/redact';
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
  readonly timeoutMs: number;
  /** Ours: nobody's server should be flooded by our trouble. */
  readonly rateLimit: RateLimit = { burst: 20, intervalMs: 200 };

  readonly #url: URL;
  readonly #secret: string | undefined;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #clock: Clock;
  readonly #client: ProviderClient;

  constructor(options: z.output<typeof webhookOptions>, environment: ChannelEnvironment = {}) {
    this.minLevel = options.minLevel;
    this.timeoutMs = MAX_REQUESTS * options.timeout;
    this.#url = httpUrl(options.url ?? '', 'alerts.webhook.url');
    this.#secret = options.secret;
    // In lower case, so that each replaces ours of the same name.
    this.#headers = Object.fromEntries(
      Object.entries(options.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    this.#clock = environment.clock ?? systemClock;
    const terms: ProviderTerms = {
      name: 'The webhook',
      confirms: () => true,
      anyBodyConfirms: true,
      complaint: (body) => body,
      remedy: 'check alerts.webhook.url, secret and headers, and what the server behind it says.',
      secrets: [
        ...secretsOf(this.#url),
        ...secretsOfToken(options.secret ?? ''),
        ...Object.values(this.#headers).flatMap(secretsOfHeader),
      ],
    };
    this.#client = new ProviderClient(terms, options.timeout, environment);
  }

  send(notification: AlertNotification, signal: AbortSignal): Promise<void> {
    return postMessage(this.#client, {
      url: this.#url,
      body: (size) => webhookMessage(notification, size),
      headers: (content) => this.#headersOf(notification, content),
      signal,
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
