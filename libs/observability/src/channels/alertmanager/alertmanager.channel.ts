import type { OnApplicationShutdown } from '@nestjs/common';
import { type AlertLevel, type Clock, type DeliveryFailure, systemClock } from '@opensqt/trading-events';
import type { z } from 'zod';
import type { AlertChannel, AlertNotification, RateLimit } from '../channel';
import { type ChannelEnvironment, defineChannel } from '../channel-definition';
import { DeliveryError } from '../delivery-error';
import type { MessageSize } from '../http/post-message';
import { MAX_REQUESTS } from '../http/provider-client';
import { alertKey } from '../message/notification-key';
import { alertmanagerAlerts } from './alertmanager-alerts';
import { AlertmanagerInstance } from './alertmanager-instance';
import { alertmanagerOptions } from './alertmanager.options';

/** More alerts than are open at any time; of older ones every level is ended. */
const REMEMBERED_ALERTS = 1_000;
/** An open alert is sent again so often (ms), as Prometheus does. */
const REFRESH_MS = 60_000;
/** Four missed refreshes end an alert (ms), and `ends_after` does where it is shorter. */
const OPEN_FOR_MS = 300_000;
/** Alerts in one request. */
const BATCH = 100;

/**
 * Hands alerts to Prometheus Alertmanager, for its grouping, silences and receivers. Delivered once any instance took it:
 * each of them would notify, and the cluster sees to it that one does. Open alerts are sent again every minute, so that an instance
 * that has lost them learns of them again, and those of a bot that is gone end by themselves.
 *
 * The minimum level is WARNING unless given: an INFO alert is sent once and never resolved.
 *
 * @throws TypeError when a URL is not one; the message does not repeat it
 */
export class AlertmanagerChannel implements AlertChannel, OnApplicationShutdown {
  readonly name = 'alertmanager';
  readonly opensIncidents = true;
  readonly minLevel: AlertLevel;
  readonly timeoutMs: number;
  readonly refreshEveryMs: number;
  /** Ours; Alertmanager has no limit. */
  readonly rateLimit: RateLimit = { burst: 50, intervalMs: 50 };

  readonly #instances: readonly AlertmanagerInstance[];
  readonly #endsAfterMs: number;
  readonly #generatorUrl: string | undefined;
  readonly #clock: Clock;
  readonly #ended = new AbortController();
  /** By the alert's key, oldest first; of alerts that were raised in this process. */
  readonly #sentLevels = new Map<string, ReadonlySet<AlertLevel>>();
  /** The requests of a refresh that are under way. */
  readonly #refreshing = new Map<AlertmanagerInstance, Promise<void>>();
  /** Alerts that ended, at a level at least, since the last refresh began: the rest of it would raise them again. */
  readonly #endedSince = new Set<string>();

  constructor(options: z.output<typeof alertmanagerOptions>, environment: ChannelEnvironment = {}) {
    this.minLevel = options.minLevel;
    this.timeoutMs = MAX_REQUESTS * options.timeout;
    this.#endsAfterMs = Math.min(options.endsAfter, OPEN_FOR_MS);
    this.refreshEveryMs = Math.min(REFRESH_MS, Math.floor(this.#endsAfterMs / 3));
    this.#instances = options.urls.map((url) => new AlertmanagerInstance(url, options.timeout, environment));
    this.#generatorUrl = options.generatorUrl;
    this.#clock = environment.clock ?? systemClock;
  }

  /** Requests to an instance that hangs end with the process. */
  onApplicationShutdown(): void {
    this.#ended.abort();
  }

  /** An instance that has not answered the request before this one is left out where others are idle: the next refresh mends it. */
  async send(notification: AlertNotification, signal: AbortSignal): Promise<void> {
    const sentAt = this.#sentLevels.get(alertKey(notification));
    this.#remember(notification);
    const isEnd = notification.kind === 'resolved' || notification.kind === 'escalated';
    if (isEnd) this.#endedSince.add(alertKey(notification));
    const idle = this.#instances.filter(({ isBusy }) => !isBusy);
    const asked = idle.length > 0 ? idle : this.#instances;
    // No refresh would mend that: it is of open alerts.
    const told = isEnd ? this.#instances : asked;
    const body = (size: MessageSize) => this.#alerts(notification, sentAt, size);
    try {
      await Promise.any(
        told.map(async (instance) => {
          if (isEnd) await this.#refreshing.get(instance);
          await instance.post(body, this.#until(signal));
        }),
      );
    } catch (error) {
      throw error instanceof AggregateError ? mostHopeful(error.errors) : error;
    }
  }

  async refresh(open: readonly AlertNotification[], signal: AbortSignal): Promise<void> {
    this.#endedSince.clear();
    const refreshed = this.#instances
      .filter(({ isBusy }) => !isBusy)
      .map(async (instance) => {
        for (let from = 0; from < open.length; from += BATCH) {
          const batch = open
            .slice(from, from + BATCH)
            .filter((alert) => !this.#endedSince.has(alertKey(alert)));
          const body = (size: MessageSize) => batch.flatMap((alert) => this.#alerts(alert, undefined, size));
          const posted = instance.post(body, this.#until(signal));
          this.#refreshing.set(
            instance,
            posted.catch(() => undefined),
          );
          await posted;
        }
      });
    await Promise.allSettled(refreshed);
  }

  #until(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#ended.signal]);
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
