import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { EventLog } from '@opensqt/event-log';
import {
  AlertLevel,
  type AlertNotice,
  type Clock,
  type NoticeKind,
  randomIds,
} from '@opensqt/trading-events';
import { EVENT_LOG } from '../intake/event-recorder';
import { ALERT_CHANNELS, type AlertChannel } from './alert-channel';
import { WALL_CLOCK } from './alert-tokens';
import { attemptDelivery } from './delivery/attempt';
import { fingerprintOf } from './fingerprint';

const LOOK_EVERY_MS = 500;

/**
 * Tells that the log cannot be written. Alerts are decided from the log, so this one alone goes straight to the channels,
 * unrecorded: a full disk must not be what keeps people asleep.
 */
@Injectable()
export class EventLogWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Alerts');
  private readonly nextId = randomIds();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private failingSince: number | undefined;

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(ALERT_CHANNELS) private readonly channels: readonly AlertChannel[],
    @Inject(WALL_CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.stopping.abort();
  }

  private look(): void {
    const { failure, queueDepth } = this.log.status();
    const now = this.clock.now();
    if (failure !== undefined && this.failingSince === undefined) {
      this.failingSince = now;
      this.tell('raised', {
        level: AlertLevel.Critical,
        title: 'The event log cannot be written',
        message: `${failure.message} ${queueDepth} events wait in memory and are lost if the process ends. Other alerts are held back until it can be written again; trading goes on.`,
        timestamp: now,
        fields: { Code: failure.code, Waiting: String(queueDepth) },
      });
    } else if (failure === undefined && this.failingSince !== undefined) {
      this.failingSince = undefined;
      this.tell('resolved', {
        level: AlertLevel.Critical,
        title: 'The event log can be written again',
        message: 'What waited was written; nothing was lost.',
        timestamp: now,
        fields: {},
      });
    }
  }

  private tell(kind: NoticeKind, notice: AlertNotice): void {
    const now = this.clock.now();
    const id = this.nextId(now);
    for (const channel of this.channels) {
      const delivery = {
        deliveryId: id,
        alertId: id,
        fingerprint: fingerprintOf('event_log_unwritable', {}),
        channel: channel.name,
        kind,
        notice,
        requestedAt: now,
        attempt: 1,
        nextAttemptAt: now,
        inFlight: true,
        ambiguous: false,
      };
      void attemptDelivery(channel, delivery, this.clock, this.stopping.signal).then((failure) => {
        if (failure !== undefined)
          this.logger.warn(`${channel.name} could not be told of the event log: ${failure.detail}`);
      });
    }
  }
}
