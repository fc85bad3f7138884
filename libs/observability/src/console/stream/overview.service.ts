import { Inject, Injectable } from '@nestjs/common';
import type { EventLog } from '@opensqt/event-log';
import type { Clock } from '@opensqt/trading-events';
import { WALL_CLOCK } from '../../alerts/model/alert-tokens';
import { alertsProjection } from '../../alerts/model/alerts.projection';
import type { AlertsState } from '../../alerts/model/alerts.state';
import { HealthService } from '../../health/health.service';
import { EVENT_LOG } from '../../ingest/event-log';
import { EventRecorder } from '../../ingest/event-recorder';
import type { MetricsSource } from '../../metrics/catalogue/metrics-source';
import { METRICS_SOURCE } from '../../metrics/registry/metric-providers';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import type { Overview } from '../api/overview';
import { consoleProjection } from '../state/console.projection';
import type { ConsoleState } from '../state/console.state';
import { overviewOf } from '../view/overview-view';
import { LivePrices } from './live-prices';
import { LogTail } from './log-tail';

/** The longest (ms) before a change that time alone makes is sent. */
const TIME_ALONE_MS = 2_000;

/** The overview of now. It folds nothing of its own: its parts are states that are there anyway. */
@Injectable()
export class OverviewService {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly recorder: EventRecorder,
    private readonly health: HealthService,
    private readonly prices: LivePrices,
    private readonly tail: LogTail,
    @Inject(METRICS_SOURCE) private readonly metrics: () => MetricsSource,
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(WALL_CLOCK) private readonly wallClock: Clock,
  ) {}

  /** Changes whenever the overview may have. */
  get version(): string {
    const clock = Math.floor(performance.now() / TIME_ALONE_MS); // a price that grows old, a log that is not written
    return `${this.recorder.position} ${this.prices.version} ${this.recorder.replay.state} ${clock}`;
  }

  /** Everything as it is now. */
  now(): Overview {
    const { replay } = this.recorder;
    const { position: head, queueDepth, failure } = this.log.status();
    const console = this.recorder.committedView<ConsoleState>(consoleProjection);
    const wallTime = this.wallClock.now();
    const times = [this.tail.time, console.marks.newest?.at].filter((time) => time !== undefined);
    return overviewOf({
      bot: this.log.bot,
      position: this.recorder.position,
      head,
      time: times.length === 0 ? undefined : Math.max(...times),
      wallTime,
      console,
      metrics: this.metrics().state,
      alerts: this.recorder.committedView<AlertsState>(alertsProjection),
      verdict: this.health.verdict(),
      live: {
        priceOf: (symbol) => this.prices.of(symbol),
        staleAfter: this.options.telemetry.staleAfter,
        rate: this.tail.rate(wallTime),
        waiting: queueDepth,
        failure: failure?.message,
        replaying: replay.state === 'running' ? replay.position : undefined,
        writers: this.tail.writersSeen(),
      },
    });
  }
}
