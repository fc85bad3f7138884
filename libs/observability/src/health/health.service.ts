import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { EventLog } from '@opensqt/event-log';
import { messageOf } from '../format/format';
import { EVENT_LOG } from '../ingest/event-log';
import { EventRecorder } from '../ingest/event-recorder';
import type { ProjectedState } from '../projections/projection';
import {
  type AlertsDuty,
  type ChannelsStatus,
  type ComponentHealth,
  type ExportReport,
  type HeartbeatReport,
  alertsHealth,
  channelsHealth,
  eventLogHealth,
  exportHealth,
  heartbeatHealth,
  replayHealth,
} from './component-health';
import { blindnessOf } from './blindness';
import { Evidence } from './evidence';
import { type HealthReport, healthReport } from './health-report';
import type { HealthState } from './health-state';
import { healthProjection } from './health.projection';
import { exchangeHealth, tradingHealth } from './trading-health';
import { type StillSymbol, type Verdict, verdictOf } from './verdict';

/** Injection token of the projected {@link HealthState}. */
export const HEALTH_STATE = Symbol('HEALTH_STATE');
/** Injection token of the {@link HealthSettings}. */
export const HEALTH_SETTINGS = Symbol('HEALTH_SETTINGS');

export interface HealthSettings {
  /** The configured symbols; undefined where the application names none. */
  readonly symbols: readonly string[] | undefined;
  /** The alert channels' state, from their sender, so that health need not know alerts. */
  readonly channels: () => ChannelsStatus;
  /** The process's part in the alerts, for the same reason. */
  readonly alerts: () => AlertsDuty;
  /** The heartbeats' state, from their sender; undefined without any. */
  readonly heartbeat: () => HeartbeatReport | undefined;
  /** The exports' state, from their sender; undefined where the metrics are not exported. */
  readonly otlp: () => ExportReport | undefined;
}

type Check = () => ComponentHealth;
type NamedCheck = readonly [name: string, check: Check];

/** The state of the components. All of them read memory only; none calls out. */
@Injectable()
export class HealthService implements BeforeApplicationShutdown {
  private isShuttingDown = false;

  constructor(
    private readonly recorder: EventRecorder,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(HEALTH_STATE) private readonly health: ProjectedState<HealthState>,
    private readonly evidence: Evidence,
    @Inject(HEALTH_SETTINGS) private readonly settings: HealthSettings,
  ) {}

  beforeApplicationShutdown(): void {
    this.isShuttingDown = true;
  }

  /** The process and its event loop work: whoever gets this answer knows. */
  live(): HealthReport {
    return this.report(this.liveChecks());
  }

  /** It really trades: projections whole, log writable, streams connected, prices fresh, every symbol able to trade, alerts sent. */
  ready(): HealthReport {
    return this.report(this.readyChecks());
  }

  /** The answer to "does it trade?", with its reason, the symbols concerned and the record since which it is so. */
  verdict(): Verdict {
    const { symbols } = this.settings;
    return verdictOf(this.health.current, {
      symbols,
      evidence: this.evidence.now(),
      blind: blindnessOf(this.recorder.replay, this.log.status()),
      committed: this.recorder.committedView(healthProjection),
    });
  }

  /** The components of {@link ready}, as they are now. */
  readiness(): ReadonlyMap<string, ComponentHealth> {
    return new Map(this.readyChecks().map(([name, check]) => [name, checked(check)]));
  }

  /** Those of them that trading stands on: without one of them nobody knows whether it goes well. */
  foundations(): ReadonlyMap<string, ComponentHealth> {
    const { symbols, reason } = this.verdict();
    const hasEnded = symbols.total > 0 && symbols.still.filter(isEnded).length === symbols.total;
    const ended: NamedCheck = ['trading', () => ({ status: 'down', reason })];
    const checks = [...this.foundationChecks(), ...(hasEnded ? [ended] : [])];
    return new Map(checks.map(([name, check]) => [name, checked(check)]));
  }

  /** Every component with its reason, and the verdict. */
  all(): HealthReport & { readonly verdict: Verdict } {
    const heartbeat = this.settings.heartbeat();
    const otlp = this.settings.otlp();
    const report = this.report([
      ...this.liveChecks(),
      ...this.readyChecks(),
      ...(heartbeat === undefined ? [] : [['heartbeat', () => heartbeatHealth(heartbeat)] as const]),
      ...(otlp === undefined ? [] : [['otlp', () => exportHealth(otlp)] as const]),
    ]);
    return { ...report, verdict: this.verdict() };
  }

  /**
   * An indicator for the application's own check with @nestjs/terminus: up while {@link ready} is.
   *
   * @example
   * terminus.check([health.indicator()]);
   */
  indicator(name = 'observability'): () => Promise<Record<string, { status: 'up' | 'down' }>> {
    return async () => {
      const { status, error } = this.ready();
      const down = Object.entries(error).map(([component, { reason }]) => `${component}: ${reason}`);
      const isUp = status === 'ok' || status === 'degraded';
      return { [name]: isUp ? { status: 'up' } : { status: 'down', reason: down.join('; ') || status } };
    };
  }

  private report(checks: readonly NamedCheck[]): HealthReport {
    return healthReport(
      checks.map(([name, check]) => [name, checked(check)]),
      this.isShuttingDown,
    );
  }

  private liveChecks(): readonly NamedCheck[] {
    return [['process', () => this.process()]];
  }

  private readyChecks(): readonly NamedCheck[] {
    return [
      ...this.foundationChecks(),
      [
        'trading',
        () => tradingHealth(this.health.current, this.verdict(), this.settings.symbols !== undefined),
      ],
      ['alerts', () => alertsHealth(this.settings.alerts())],
      ['alert_channels', () => channelsHealth(this.settings.channels())],
    ];
  }

  private foundationChecks(): readonly NamedCheck[] {
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

  private process(): ComponentHealth {
    return { status: 'up', reason: 'answering', uptimeSeconds: Math.round(process.uptime()) };
  }

  private exchange(name: string): ComponentHealth {
    return exchangeHealth(this.health.current, name, this.evidence.now(), this.settings.symbols);
  }
}

function isEnded({ code }: StillSymbol): boolean {
  return code === 'ended';
}

function checked(check: Check): ComponentHealth {
  try {
    return check();
  } catch (error) {
    const reason = `the check failed: ${messageOf(error)}`;
    return { status: 'down', reason };
  }
}
