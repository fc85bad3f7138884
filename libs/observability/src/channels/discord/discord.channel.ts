import { performance } from 'node:perf_hooks';
import { type AlertLevel, type Clock, systemClock } from '@opensqt/trading-events';
import type { z } from 'zod';
import type { AlertChannel, AlertNotification, RateLimit } from '../channel';
import { type ChannelEnvironment, defineChannel } from '../channel-definition';
import { DeliveryError } from '../delivery-error';
import { DEFAULT_ATTEMPT_TIMEOUT_MS, attemptSignal, httpUrl } from '../http/attempt';
import { discordOptions } from './discord.options';
import { discordMessage } from './discord-message';
import { parsedObject } from '../http/parsed-object';
import type { ProviderAnswer } from '../http/post-json';
import { postMessage } from '../http/post-message';
import type { ProviderTerms } from '../http/provider-answer';
import { secretsOf } from '../http/redact';
import { MAX_PAUSE_MS, resetAfter } from '../http/retry-after';

/**
 * Sends alerts through a Discord webhook. When Discord says that the next request would be one too many, the channel asks for
 * the pause itself instead of running into it.
 *
 * @throws TypeError when the webhook's URL is not one; the message does not repeat it
 */
export class DiscordChannel implements AlertChannel {
  readonly name = 'discord';
  readonly minLevel: AlertLevel;
  /** Thirty a minute in a channel, five at once. Source: https://discord.com/developers/docs/topics/rate-limits */
  readonly rateLimit: RateLimit = { burst: 5, intervalMs: 2_000 };

  readonly #webhook: URL;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #terms: ProviderTerms;
  /** On the monotonic clock: nobody can set it. */
  #limitedUntil = 0;

  constructor(
    { minLevel, webhookUrl = '' }: z.output<typeof discordOptions>,
    { clock = systemClock, timeoutMs = DEFAULT_ATTEMPT_TIMEOUT_MS }: ChannelEnvironment = {},
  ) {
    const written = httpUrl(webhookUrl, 'alerts.discord.webhook_url');
    this.minLevel = minLevel;
    this.#webhook = executeUrl(written);
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
    this.#terms = {
      name: 'Discord',
      confirms: (body) => typeof parsedObject(body)?.['id'] === 'string',
      complaint: (body) => {
        const message = parsedObject(body)?.['message'];
        return typeof message === 'string' ? message : body;
      },
      remedy: 'check alerts.discord.webhook_url, and that the webhook and its channel still exist.',
      secrets: [...secretsOf(written), ...secretsOf(this.#webhook)],
    };
  }

  async send(notification: AlertNotification, signal: AbortSignal): Promise<void> {
    const retryAfterMs = Math.ceil(this.#limitedUntil - performance.now());
    if (retryAfterMs > 0) {
      const message = `Discord takes no further request for ${retryAfterMs} ms: its limit is used up.`;
      throw new DeliveryError('rate_limited', message, { retryAfterMs });
    }
    await postMessage({
      terms: this.#terms,
      url: this.#webhook,
      body: (size) => discordMessage(notification, size),
      signal: attemptSignal(signal, this.#timeoutMs),
      clock: this.#clock,
      onAnswer: (answer) => this.#rememberLimit(answer),
    });
  }

  #rememberLimit({ status, headers }: ProviderAnswer): void {
    const pause = resetAfter(headers);
    if (status === 429 || pause === undefined || headers['x-ratelimit-remaining'] !== '0') return;
    this.#limitedUntil = performance.now() + Math.min(pause, MAX_PAUSE_MS);
  }
}

/**
 * With `wait`, the answer is the message and not an empty 204 that says nothing; with a version, pauses are in seconds: in the
 * unversioned API they are milliseconds (https://github.com/discord/discord-api-docs/issues/4722).
 */
function executeUrl(written: URL): URL {
  const url = new URL(written);
  url.pathname = url.pathname.replace(/^\/api\/webhooks\//, '/api/v10/webhooks/');
  url.searchParams.set('wait', 'true');
  return url;
}

export const discord = defineChannel({
  name: 'discord',
  options: discordOptions,
  channel: DiscordChannel,
  documentation: {
    needs: '`webhook_url`',
    sends: 'an embed, to a webhook',
    deduplicatedBy: '– (marked)',
  },
});
