import { performance } from 'node:perf_hooks';
import { type AlertLevel, formatDuration } from '@opensqt/trading-events';
import type { z } from 'zod';
import type { AlertChannel, AlertNotification, RateLimit } from '../channel';
import { type ChannelEnvironment, defineChannel } from '../channel-definition';
import type { HttpAnswer } from '../../network/http-exchange';
import { DeliveryError } from '../delivery-error';
import { httpUrl } from '../http/attempt';
import { discordOptions } from './discord.options';
import { discordMessage } from './discord-message';
import { parsedObject } from '../http/parsed-object';
import { postMessage } from '../http/post-message';
import type { ProviderTerms } from '../http/provider-answer';
import { MAX_REQUESTS, ProviderClient } from '../http/provider-client';
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
  readonly timeoutMs: number;
  /** Thirty a minute in a channel, five at once. Source: https://discord.com/developers/docs/topics/rate-limits */
  readonly rateLimit: RateLimit = { burst: 5, intervalMs: 2_000 };

  readonly #webhook: URL;
  readonly #client: ProviderClient;
  /** On the monotonic clock: nobody can set it. */
  #limitedUntil = 0;

  constructor(
    { minLevel, timeout, webhookUrl = '' }: z.output<typeof discordOptions>,
    environment: ChannelEnvironment = {},
  ) {
    const written = httpUrl(webhookUrl, 'alerts.discord.webhook_url');
    this.minLevel = minLevel;
    this.timeoutMs = MAX_REQUESTS * timeout;
    this.#webhook = executeUrl(written);
    const terms: ProviderTerms = {
      name: 'Discord',
      confirms: (body) => typeof parsedObject(body)?.['id'] === 'string',
      complaint: (body) => {
        const message = parsedObject(body)?.['message'];
        return typeof message === 'string' ? message : body;
      },
      condemns: condemnsWebhook,
      remedy: 'check alerts.discord.webhook_url, and that the webhook and its channel still exist.',
      secrets: [...secretsOf(written), ...secretsOf(this.#webhook)],
    };
    this.#client = new ProviderClient(terms, timeout, environment);
  }

  async send(notification: AlertNotification, signal: AbortSignal): Promise<void> {
    const retryAfterMs = Math.ceil(this.#limitedUntil - performance.now());
    if (retryAfterMs > 0) {
      const message = `Discord takes no further request for ${formatDuration(retryAfterMs)}: its limit is used up.`;
      throw new DeliveryError('rate_limited', message, { retryAfterMs });
    }
    await postMessage(this.#client, {
      url: this.#webhook,
      body: (size) => discordMessage(notification, size),
      signal,
      onAnswer: (answer) => this.#rememberLimit(answer),
    });
  }

  #rememberLimit({ status, headers }: HttpAnswer): void {
    const pause = resetAfter(headers);
    if (status === 429 || pause === undefined || headers['x-ratelimit-remaining'] !== '0') return;
    this.#limitedUntil = performance.now() + Math.min(pause, MAX_PAUSE_MS);
  }
}

const CONDEMNING: ReadonlySet<unknown> = new Set([
  ...[10_003, 10_015, 40_067, 50_008, 50_024, 50_027, 50_083, 160_005],
  ...[220_001, 220_002, 220_003, 220_004],
]);

/**
 * True of a 400 that every further message would meet: the channel is a forum, which takes threads only (220001) and may want a tag
 * (40067), it takes no messages at all (50008, 50024), the thread is none of its (10003, 220003), or is archived or locked (50083, 160005),
 * or the token is wrong (50027); or Discord says that of `thread_id`.
 *
 * Source: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
 */
function condemnsWebhook(body: string): boolean {
  const { code, message, errors, ...others } = parsedObject(body) ?? {};
  const named = { ...others, ...(typeof errors === 'object' ? errors : {}) };
  return (
    CONDEMNING.has(code) ||
    'thread_id' in named ||
    'thread_name' in named ||
    /forum channel|thread_(id|name)|archived|unknown (channel|webhook)/i.test(String(message))
  );
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
