import { type AlertLevel, type Clock, type DeliveryFailure, systemClock } from '@opensqt/trading-events';
import type { z } from 'zod';
import type { AlertChannel, AlertNotification, RateLimit } from '../channel';
import { type ChannelEnvironment, defineChannel } from '../channel-definition';
import { DeliveryError } from '../delivery-error';
import { alertmanagerOptions } from './alertmanager.options';
import { alertmanagerAlerts } from './alertmanager-alerts';
import { DEFAULT_ATTEMPT_TIMEOUT_MS, attemptSignal, httpUrl } from '../http/attempt';
import { alertKey } from '../message/notification-key';
import { type MessageSize, postMessage } from '../http/post-message';
import type { ProviderTerms } from '../http/provider-answer';
import { secretsOf } from '../http/redact';

/** More alerts than are open at any time; of older ones every level is ended. */
const REMEMBERED_ALERTS = 1_000;

/** One instance: where, and on which terms. */
interface Instance {
  readonly url: URL;
  readonly terms: ProviderTerms;
}

/**
 * Hands alerts to Prometheus Alertmanager, for its grouping, silences and receivers. Delivered once any instance took it:
 * each of them would notify, and the cluster sees to it that one does.
 *
 * The minimum level is WARNING unless given: an INFO alert is sent once and never resolved, so that it would stay active.
 *
 * @throws TypeError when a URL is not one; the message does not repeat it
 */
export class AlertmanagerChannel implements AlertChannel {
  readonly name = 'alertmanager';
  readonly opensIncidents = true;
  readonly minLevel: AlertLevel;
  /** Ours; Alertmanager has no limit. */
  readonly rateLimit: RateLimit = { burst: 50, intervalMs: 50 };

  readonly #instances: readonly Instance[];
  readonly #endsAfterMs: number;
  readonly #generatorUrl: string | undefined;
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  /** By the alert's key, oldest first; of alerts that were raised in this process. */
  readonly #sentLevels = new Map<string, ReadonlySet<AlertLevel>>();

  constructor(
    options: z.output<typeof alertmanagerOptions>,
    { clock = systemClock, timeoutMs = DEFAULT_ATTEMPT_TIMEOUT_MS }: ChannelEnvironment = {},
  ) {
    this.minLevel = options.minLevel;
    this.#instances = options.urls.map(instanceAt);
    this.#endsAfterMs = options.endsAfter;
    this.#generatorUrl = options.generatorUrl;
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  async send(notification: AlertNotification, signal: AbortSignal): Promise<void> {
    const attempt = attemptSignal(signal, this.#timeoutMs);
    const sentAt = this.#sentLevels.get(alertKey(notification));
    this.#remember(notification);
    const outcomes = await Promise.allSettled(
      this.#instances.map(({ url, terms }) =>
        postMessage({
          terms,
          url,
          body: (size) => this.#alerts(notification, sentAt, size),
          signal: attempt,
          clock: this.#clock,
        }),
      ),
    );
    if (outcomes.some(({ status }) => status === 'fulfilled')) return;
    throw mostHopeful(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])));
  }

  #alerts(notification: AlertNotification, sentAt: ReadonlySet<AlertLevel> | undefined, size: MessageSize) {
    const generator = this.#generatorUrl === undefined ? {} : { generatorUrl: this.#generatorUrl };
    const terms = { endsAfterMs: this.#endsAfterMs, now: this.#clock.now(), sentAt, ...generator };
    return alertmanagerAlerts(notification, terms, size);
  }

  /** Before it is sent, since what failed may have arrived; kept through a resolve, which may be tried again. */
  #remember(notification: AlertNotification): void {
    const key = alertKey(notification);
    const known = this.#sentLevels.get(key) ?? [];
    if (notification.kind !== 'raised' && !this.#sentLevels.has(key)) return;
    this.#sentLevels.set(key, new Set([...known, notification.level]));
    for (const oldest of this.#sentLevels.keys()) {
      if (this.#sentLevels.size <= REMEMBERED_ALERTS) break;
      this.#sentLevels.delete(oldest);
    }
  }
}

function instanceAt(address: string): Instance {
  const root = httpUrl(address, 'alerts.alertmanager.urls');
  const url = new URL(root);
  url.pathname = `${root.pathname.replace(/\/+$/, '')}/api/v2/alerts`;
  const terms: ProviderTerms = {
    name: 'Alertmanager',
    confirms: (body, status) => status === 200 && body.trim() === '',
    complaint: (body) => body,
    remedy: 'check alerts.alertmanager.urls, and that API version 2 is served there.',
    secrets: secretsOf(root),
  };
  return { url, terms };
}

/** To send it once more can do no harm, so what leads to that comes first. */
const BY_HOPE: readonly DeliveryFailure[] = [
  'transient',
  'rate_limited',
  'ambiguous',
  'too_large',
  'rejected',
  'broken',
];

function mostHopeful(reasons: readonly unknown[]): unknown {
  const rank = (reason: unknown): number =>
    reason instanceof DeliveryError ? BY_HOPE.indexOf(reason.outcome) : BY_HOPE.length;
  return [...reasons].sort((a, b) => rank(a) - rank(b))[0];
}

export const alertmanager = defineChannel({
  name: 'alertmanager',
  options: alertmanagerOptions,
  channel: AlertmanagerChannel,
  documentation: {
    needs: '`urls`',
    sends: '`/api/v2/alerts`',
    deduplicatedBy: 'labels',
  },
});
