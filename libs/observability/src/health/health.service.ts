import { Inject, Injectable } from '@nestjs/common';
import { type HealthIndicatorFunction, HealthIndicatorService } from '@nestjs/terminus';
import type { EventLog } from '@opensqt/event-log';
import type { Clock } from '@opensqt/trading-events';
import { EVENT_LOG } from '../ingest/event-log';
import { EventRecorder } from '../ingest/event-recorder';
import type { ProjectedState } from '../projections/projection';
import {
  type AlertsDuty,
  type ChannelsStatus,
  type ComponentHealth,
  type HeartbeatReport,
  alertsHealth,
  channelsHealth,
  eventLogHealth,
  exchangeHealth,
  heartbeatHealth,
  replayHealth,
  tradingHealth,
} from './component-health';
import type { HealthState } from './health.projection';

/** Injection token of the projected {@link HealthState}. */
export const HEALTH_STATE = Symbol('HEALTH_STATE');
/** Injection token of the {@link HealthSettings}. */
export const HEALTH_SETTINGS = Symbol('HEALTH_SETTINGS');

export interface HealthSettings {
  readonly clock: Clock;
  readonly staleAfter: number;
  /** The alert channels' state, from their sender, so that health need not know alerts. */
  readonly channels: () => ChannelsStatus;
  /** The process's part in the alerts, for the same reason. */
  readonly alerts: () => AlertsDuty;
  /** The heartbeats' state, from their sender; undefined without any. */
  readonly heartbeat: () => HeartbeatReport | undefined;
}

type Check = () => ComponentHealth;

/** A component that has not answered after so long counts as down. */
const CHECK_TIMEOUT_MS = 2_000;

/** The components as terminus indicators. All of them read memory only; none calls out. */
@Injectable()
export class HealthService {
  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly recorder: EventRecorder,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(HEALTH_STATE) private readonly health: ProjectedState<HealthState>,
    @Inject(HEALTH_SETTINGS) private readonly settings: HealthSettings,
  ) {}

  /** The process and its event loop work: whoever gets this answer knows. */
  live(): HealthIndicatorFunction[] {
    return [this.indicator('process', () => this.process())];
  }

  /** It can do its work: projections whole, log writable, streams connected and fresh. */
  ready(): HealthIndicatorFunction[] {
    return this.readyChecks().map(([name, check]) => this.indicator(name, check));
  }

  /** The components of {@link ready}, as they are now. */
  readiness(): ReadonlyMap<string, ComponentHealth> {
    return new Map(this.readyChecks().map(([name, check]) => [name, check()]));
  }

  /** Every component with its reason. */
  all(): HealthIndicatorFunction[] {
    return [
      ...this.live(),
      ...this.ready(),
      this.indicator('trading', () => tradingHealth(this.health.current)),
      this.indicator('alerts', () => alertsHealth(this.settings.alerts())),
      this.indicator('alert_channels', () => channelsHealth(this.settings.channels())),
      ...this.heartbeat(),
    ];
  }

  private readyChecks(): readonly (readonly [name: string, check: Check])[] {
    const exchanges = [...this.health.current.streams.keys()];
    return [
      ['replay', () => replayHealth(this.recorder.replay)],
      ['event_log', () => eventLogHealth(this.log.status())],
      ...(exchanges.length === 0
        ? [
            [
              'exchange',
              (): ComponentHealth => ({ status: 'up', reason: 'no exchange was used yet' }),
            ] as const,
          ]
        : exchanges.map((name) => [`exchange_${name}`, () => this.exchange(name)] as const)),
    ];
  }

  private heartbeat(): HealthIndicatorFunction[] {
    const report = this.settings.heartbeat();
    return report === undefined ? [] : [this.indicator('heartbeat', () => heartbeatHealth(report))];
  }

  private process(): ComponentHealth {
    return { status: 'up', reason: 'answering', uptimeSeconds: Math.round(process.uptime()) };
  }

  private exchange(name: string): ComponentHealth {
    return exchangeHealth(this.health.current, name, this.settings.clock.now(), this.settings.staleAfter);
  }

  private indicator(
    key: string,
    check: () => ComponentHealth | Promise<ComponentHealth>,
  ): HealthIndicatorFunction {
    return async () => {
      const session = this.indicators.check(key);
      const { status, ...details } = await within(CHECK_TIMEOUT_MS, check);
      switch (status) {
        case 'up':
          return session.up(details);
        case 'degraded':
          return session.degraded(details);
        case 'down':
          return session.down(details);
      }
    };
  }
}

async function within(
  ms: number,
  check: () => ComponentHealth | Promise<ComponentHealth>,
): Promise<ComponentHealth> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ComponentHealth>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'down', reason: `no answer within ${ms} ms` }), ms);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return {
      status: 'down',
      reason: `the check failed: ${error instanceof Error ? error.message : String(error)}`,
    };
  } finally {
    clearTimeout(timer);
  }
}
