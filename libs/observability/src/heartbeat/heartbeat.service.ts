import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { EventLog } from '@opensqt/event-log';
import { AlertLevel, type Clock } from '@opensqt/trading-events';
import { messageOf } from '../format/format';
import { heartbeatFailing } from '../alerts/rules/other-conditions';
import { WALL_CLOCK } from '../alerts/model/alert-tokens';
import { AlertService } from '../alerts/runtime/alert.service';
import { HealthService } from '../health/health.service';
import { EVENT_LOG } from '../ingest/event-log';
import { EventRecorder } from '../ingest/event-recorder';
import { OBSERVABILITY_OPTIONS } from '../options/options.module';
import type { ResolvedOptions } from '../options/observability-options';
import { type Network, networkOf } from '../network/network';
import { type Beat, HeartbeatStatus } from './heartbeat-status';
import { ping } from './ping';
import type { Proof } from './proof';
import { type Vitals, type Wellness, wellnessOf } from './wellness';

/** Failures in a row that are notified of: one lost packet is not. */
const FAILURES_BEFORE_ALERT = 3;
/** While the process starts it is looked again this soon (ms): the first heartbeat should not wait for an interval. */
const STARTING_INTERVAL_MS = 1_000;

/**
 * Sends heartbeats to a dead-man's switch for as long as all is well. When they end, the switch alarms people: it is the one alarm
 * that does not need this process.
 */
@Injectable()
export class HeartbeatService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Heartbeat');
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private committedBefore = 0;
  private failures = 0;
  private failSent = false;
  private readonly network: Network;

  constructor(
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
    private readonly status: HeartbeatStatus,
    private readonly health: HealthService,
    private readonly recorder: EventRecorder,
    private readonly alerts: AlertService,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(WALL_CLOCK) private readonly clock: Clock,
  ) {
    // Proxies that nothing uses may be written wrong.
    this.network = networkOf(this.heartbeat.url === undefined ? { proxy: '' } : options.alerts);
  }

  onApplicationBootstrap(): void {
    if (this.heartbeat.url !== undefined) this.next(0);
  }

  /** A process that is stopping is not well any more: its last heartbeat has been sent. */
  onModuleDestroy(): void {
    clearTimeout(this.timer);
    this.stopping.abort();
  }

  private get heartbeat(): ResolvedOptions['alerts']['heartbeat'] {
    return this.options.alerts.heartbeat;
  }

  private next(inMs: number): void {
    this.timer = setTimeout(() => void this.beat(), inMs);
    this.timer.unref();
  }

  /** Never throws: whatever goes wrong with heartbeats is contained here. */
  private async beat(): Promise<void> {
    const dueAt = this.clock.now();
    let intervalMs = this.heartbeat.interval;
    try {
      const wellness = wellnessOf(this.vitals());
      if (wellness.verdict === 'starting') intervalMs = Math.min(intervalMs, STARTING_INTERVAL_MS);
      const beat = await this.actOn(wellness);
      if (this.stopping.signal.aborted) return;
      if (this.status.add(beat, this.clock.now())) this.report(beat);
      await this.raiseOrResolve(beat);
    } catch (error) {
      this.logger.warn(`A heartbeat went wrong: ${messageOf(error)}`);
    }
    if (!this.stopping.signal.aborted) this.next(Math.max(0, dueAt + intervalMs - this.clock.now()));
  }

  private async actOn(wellness: Wellness): Promise<Beat> {
    switch (wellness.verdict) {
      case 'starting':
        return { outcome: 'starting', reason: wellness.reasons.join('; ') };
      case 'unwell':
        await this.requestFailUrlOnce();
        return { outcome: 'withheld', reason: wellness.reasons.join('; ') };
      case 'well': {
        this.failSent = false;
        const proof = await this.ping(this.heartbeat.url ?? '');
        if (proof.proof === 'proved') return { outcome: 'sent' };
        return { outcome: proof.proof === 'refused' ? 'failed' : 'unproved', reason: proof.reason };
      }
    }
  }

  private async requestFailUrlOnce(): Promise<void> {
    const { failUrl } = this.heartbeat;
    if (failUrl === undefined || this.failSent) return;
    this.failSent = true;
    const proof = await this.ping(failUrl);
    if (proof.proof === 'refused')
      this.logger.warn(`The fail URL of the heartbeat could not be requested: ${proof.reason}.`);
  }

  private ping(url: string): Promise<Proof> {
    const { method, timeout: timeoutMs } = this.heartbeat;
    const { network, stopping } = this;
    return ping({ url: new URL(url), method, timeoutMs, signal: stopping.signal, network });
  }

  private vitals(): Vitals {
    const committedBefore = this.committedBefore;
    this.committedBefore = this.log.status().position;
    return {
      components: this.health.foundations(),
      replaying: this.recorder.replay.state === 'running',
      alerts: this.alerts.vitals(),
      committedBefore,
    };
  }

  private report(beat: Beat): void {
    switch (beat.outcome) {
      case 'sent':
        return this.logger.log('Heartbeats are sent.');
      case 'failed':
        return this.logger.warn(`The heartbeat did not arrive: ${beat.reason}. It is tried each interval.`);
      case 'unproved':
        return this.logger.warn(`Nothing proves that heartbeats count: ${beat.reason}.`);
      case 'withheld':
        return this.logger.warn(`Heartbeats are withheld: ${beat.reason}`);
      case 'starting':
        return this.logger.log(`Heartbeats begin once the process has started: ${beat.reason}.`);
    }
  }

  /** One alert from the third failure in a row on, until one arrives. */
  private async raiseOrResolve(beat: Beat): Promise<void> {
    const { writer } = this.log;
    const labels = { writer };
    const open = this.alerts
      .active()
      .find((alert) => alert.condition === heartbeatFailing.condition && alert.labels['writer'] === writer);
    if (beat.outcome === 'sent') {
      this.failures = 0;
      if (open !== undefined) await this.alerts.resolve(open.id, 'a heartbeat arrived');
    } else if (beat.outcome === 'failed') {
      this.failures += 1;
      if (open !== undefined || this.failures < FAILURES_BEFORE_ALERT) return;
      await this.alerts.raise({
        condition: heartbeatFailing.condition,
        labels,
        level: AlertLevel.Warning,
        title: "The dead-man's switch cannot be reached",
        message: `${this.failures} heartbeats in a row did not arrive: ${beat.reason}. The bot is well, yet the switch will raise its alarm. Check alerts.heartbeat.url and the network.`,
        fields: { Reason: beat.reason, Writer: writer },
      });
    }
  }
}
