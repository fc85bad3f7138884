import type { AlertLevel } from '@opensqt/trading-events';
import type { z } from 'zod';
import type { AlertChannel, AlertNotification, RateLimit } from '../channel';
import { type ChannelEnvironment, defineChannel } from '../channel-definition';
import { httpUrl } from '../http/attempt';
import { parsedObject } from '../http/parsed-object';
import { postMessage } from '../http/post-message';
import { MAX_REQUESTS, ProviderClient } from '../http/provider-client';
import { secretsOf } from '../http/redact';
import { ntfyMessage } from './ntfy-message';
import { ntfyOptions } from './ntfy.options';

/** Codes of a 400 about the topic itself. Source: https://github.com/binwiederhier/ntfy/blob/main/server/errors.go */
const BAD_TOPIC: ReadonlySet<unknown> = new Set([40_009, 40_010]);

/**
 * Sends alerts to a topic of ntfy, which pushes them to phones.
 *
 * @throws TypeError when the server's URL is not one; the message does not repeat it
 */
export class NtfyChannel implements AlertChannel {
  readonly name = 'ntfy';
  readonly minLevel: AlertLevel;
  readonly timeoutMs: number;
  /** Sixty at once, and one each 5 s. Source: https://docs.ntfy.sh/publish/#limitations */
  readonly rateLimit: RateLimit = { burst: 60, intervalMs: 5_000 };

  readonly #server: URL;
  readonly #topic: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #client: ProviderClient;

  constructor(
    { minLevel, timeout, topic = '', token, url }: z.output<typeof ntfyOptions>,
    environment: ChannelEnvironment = {},
  ) {
    this.minLevel = minLevel;
    this.timeoutMs = MAX_REQUESTS * timeout;
    this.#server = httpUrl(url, 'alerts.ntfy.url');
    this.#topic = topic;
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const terms = {
      name: 'ntfy',
      confirms: (body: string) => parsedObject(body)?.['event'] === 'message',
      complaint: (body: string) => {
        const error = parsedObject(body)?.['error'];
        return typeof error === 'string' ? error : body;
      },
      condemns: (body: string) => BAD_TOPIC.has(parsedObject(body)?.['code']),
      remedy: 'check alerts.ntfy.topic and alerts.ntfy.token, and who may write to the topic.',
      secrets: [...secretsOf(this.#server), topic, ...(token === undefined ? [] : [token])],
    };
    this.#client = new ProviderClient(terms, timeout, environment);
  }

  async send(notification: AlertNotification, signal: AbortSignal): Promise<void> {
    await postMessage(this.#client, {
      url: this.#server,
      body: (size) => ntfyMessage(notification, this.#topic, size),
      headers: () => this.#headers,
      signal,
    });
  }
}

export const ntfy = defineChannel({
  name: 'ntfy',
  options: ntfyOptions,
  channel: NtfyChannel,
  documentation: {
    needs: '`topic`; `token` where it is protected',
    sends: 'a push notification, by a topic',
    deduplicatedBy: '– (marked)',
  },
});
