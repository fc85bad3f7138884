import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { EventLog } from '@opensqt/event-log';
import { type AlertNotice, type Clock, type NoticeKind, randomIds } from '@opensqt/trading-events';
import { EVENT_LOG } from '../../ingest/event-log';
import { ALERT_CHANNELS, type AlertChannel } from '../../channels/channel';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { WALL_CLOCK } from '../model/alert-tokens';
import { attemptDelivery } from '../delivery/attempt';
import { EVENT_LOG_CONDITIONS, type EventLogCondition } from '../rules/event-log-conditions';
import { pendingDelivery } from '../model/alerts.state';
import { fingerprintOf } from '../model/fingerprint';
import { type RunbookLinks, runbookLinks } from '../model/runbook';

const LOOK_EVERY_MS = 500;

/**
 * Notifies when something is wrong with the log itself. Alerts are decided from the log, so these alone go straight to the
 * channels, unrecorded: a full disk must not be what keeps people asleep.
 */
@Injectable()
export class EventLogWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Alerts');
  private readonly nextId = randomIds();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private readonly open = new Set<EventLogCondition>();
  private readonly runbooks: RunbookLinks;
  private refused = 0;
  private refusedAt: number | undefined;

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(ALERT_CHANNELS) private readonly channels: readonly AlertChannel[],
    @Inject(WALL_CLOCK) private readonly clock: Clock,
    @Inject(OBSERVABILITY_OPTIONS) { alerts: { runbookBaseUrl } }: ResolvedOptions,
  ) {
    this.runbooks = runbookLinks(runbookBaseUrl);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.stopping.abort();
  }

  private look(): void {
    const status = this.log.status();
    const now = this.clock.now();
    if (status.refused > this.refused) this.refusedAt = now;
    this.refused = status.refused;
    for (const condition of EVENT_LOG_CONDITIONS) {
      const holds = condition.holds(status, now, this.refusedAt);
      if (holds === this.open.has(condition)) continue;
      if (holds) this.open.add(condition);
      else this.open.delete(condition);
      const words = holds ? condition.raised(status) : condition.resolved;
      this.notify(condition, holds ? 'raised' : 'resolved', {
        ...words,
        level: condition.level,
        timestamp: now,
      });
    }
  }

  private notify({ condition }: EventLogCondition, kind: NoticeKind, notice: AlertNotice): void {
    const now = this.clock.now();
    const id = this.nextId(now);
    for (const channel of this.channels) {
      const delivery = pendingDelivery({
        deliveryId: id,
        alertId: id,
        fingerprint: fingerprintOf(condition, {}),
        channel: channel.name,
        kind,
        notice,
        requestedAt: now,
      });
      const { clock, runbooks } = this;
      const context = { clock, runbooks, stopping: this.stopping.signal };
      void attemptDelivery(channel, delivery, context).then((result) => {
        if (result.outcome !== 'delivered')
          this.logger.warn(`${channel.name} could not be notified of the event log: ${result.detail}`);
      });
    }
  }
}
