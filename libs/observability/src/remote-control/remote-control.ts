import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { EventLog } from '@opensqt/event-log';
import type { Clock } from '@opensqt/trading-events';
import { ALERT_POLICY, WALL_CLOCK } from '../alerts/model/alert-tokens';
import type { AlertPolicy } from '../alerts/policy/settings';
import { AlertService } from '../alerts/runtime/alert.service';
import { LeaderElection } from '../alerts/runtime/leader-election';
import { BotClient } from '../channels/telegram/control/bot-client';
import { TelegramControl } from '../channels/telegram/control/telegram-control';
import { HealthService } from '../health/health.service';
import { EVENT_LOG } from '../ingest/event-log';
import type { MetricsSource } from '../metrics/catalogue/metrics-source';
import { METRICS_SOURCE } from '../metrics/registry/metric-providers';
import { networkOf } from '../network/network';
import type { ResolvedOptions } from '../options/observability-options';
import { OBSERVABILITY_OPTIONS } from '../options/options.module';
import { alertControlPort } from './alert-control-port';

/** Connects the remote controls that are configured with what they control. Without configured users there is none, and nothing is polled. */
@Injectable()
export class RemoteControl implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly telegram: TelegramControl | undefined;

  constructor(
    alerts: AlertService,
    election: LeaderElection,
    health: HealthService,
    @Inject(METRICS_SOURCE) metrics: () => MetricsSource,
    @Inject(EVENT_LOG) log: EventLog,
    @Inject(ALERT_POLICY) { rules }: AlertPolicy,
    @Inject(OBSERVABILITY_OPTIONS) options: ResolvedOptions,
    @Inject(WALL_CLOCK) clock: Clock,
  ) {
    const { enabled, telegram } = options.alerts;
    const { users, commands } = telegram.control;
    if (!enabled || !telegram.enabled || users.length === 0) return;
    const client = new BotClient(telegram, networkOf(options.alerts));
    const port = alertControlPort({ alerts, election, health, metrics, log, rules, options });
    this.telegram = new TelegramControl({ client, port, users, commands, clock });
  }

  onApplicationBootstrap(): void {
    this.telegram?.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.telegram?.stop();
  }
}
