import type { AlertLevel } from '@opensqt/trading-events';
import type { z } from 'zod';
import type { AlertChannel, AlertNotification, RateLimit } from '../channel';
import { type ChannelEnvironment, defineChannel } from '../channel-definition';
import { httpUrl } from '../http/attempt';
import { parsedObject } from '../http/parsed-object';
import { pagerdutyOptions } from './pagerduty.options';
import { pagerDutyEvent } from './pagerduty-event';
import { postMessage } from '../http/post-message';
import type { ProviderTerms } from '../http/provider-answer';
import { MAX_REQUESTS, ProviderClient } from '../http/provider-client';
import { secretsOf, secretsOfToken } from '../http/redact';

/**
 * Opens and resolves PagerDuty incidents through the Events API v2. An alert is one incident: a message that arrives twice
 * has no further effect.
 *
 * The minimum level is ERROR unless given: an INFO alert is sent once and never resolved, so that its incident would stay
 * open.
 *
 * @throws TypeError when the API root is not a URL; the message does not repeat it
 */
export class PagerDutyChannel implements AlertChannel {
  readonly name = 'pagerduty';
  readonly acknowledgements = true;
  readonly opensIncidents = true;
  readonly minLevel: AlertLevel;
  readonly timeoutMs: number;
  /**
   * About 120 a minute for each routing key, short bursts allowed.
   * Source: https://developer.pagerduty.com/docs/events-api-v2/overview/
   */
  readonly rateLimit: RateLimit = { burst: 10, intervalMs: 500 };

  readonly #enqueue: URL;
  readonly #routingKey: string;
  readonly #client: ProviderClient;

  constructor(
    { apiRoot, minLevel, routingKey = '', timeout }: z.output<typeof pagerdutyOptions>,
    environment: ChannelEnvironment = {},
  ) {
    const root = httpUrl(apiRoot, 'alerts.pagerduty.api_root');
    this.minLevel = minLevel;
    this.timeoutMs = MAX_REQUESTS * timeout;
    this.#routingKey = routingKey.trim();
    this.#enqueue = new URL(root);
    this.#enqueue.pathname = `${root.pathname.replace(/\/+$/, '')}/v2/enqueue`;
    const terms: ProviderTerms = {
      name: 'PagerDuty',
      confirms: (body, status) => status === 202 && parsedObject(body)?.['status'] === 'success',
      complaint: complaintOf,
      condemns: (body) => complaintOf(body).includes('routing_key'),
      remedy: 'check alerts.pagerduty.routing_key and api_root, and that the integration still exists.',
      secrets: [...secretsOfToken(this.#routingKey), ...secretsOf(root)],
    };
    this.#client = new ProviderClient(terms, timeout, environment);
  }

  send(notification: AlertNotification, signal: AbortSignal): Promise<void> {
    return postMessage(this.#client, {
      url: this.#enqueue,
      body: (size) => pagerDutyEvent(notification, this.#routingKey, size),
      signal,
    });
  }
}

/** `Event object is invalid: Length of 'routing_key' is incorrect (should be 32 characters)` */
function complaintOf(body: string): string {
  const { message, errors } = parsedObject(body) ?? {};
  if (typeof message !== 'string') return body;
  return Array.isArray(errors) ? `${message}: ${errors.map(String).join(', ')}` : message;
}

export const pagerduty = defineChannel({
  name: 'pagerduty',
  options: pagerdutyOptions,
  channel: PagerDutyChannel,
  documentation: {
    needs: '`routing_key`',
    sends: 'Events API v2: trigger, acknowledge, resolve',
    deduplicatedBy: '`dedup_key`',
  },
});
