import { Inject, Injectable, Logger } from '@nestjs/common';
import { type Clock, createEvent, randomIds } from '@opensqt/trading-events';
import { ALERT_CHANNELS, type AlertChannel } from '../../channels/channel';
import type { ResolvedOptions } from '../../options/observability-options';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import { attemptDelivery } from '../delivery/attempt';
import { WALL_CLOCK } from '../model/alert-tokens';
import type { PendingDelivery } from '../model/alerts.state';
import { fingerprintOf } from '../model/fingerprint';
import { AlertError, type TestResult } from '../runtime/alert-requests';
import { AlertDecider } from '../runtime/alert-decider';
import { AlertLedger } from '../store/alert-ledger';

/** Sends test messages past queues and routes. Each is in the log as `channel.tested`, which no metric and no summary counts. */
@Injectable()
export class ChannelTests {
  private readonly logger = new Logger('Alerts');
  private readonly nextId = randomIds();

  constructor(
    private readonly ledger: AlertLedger,
    private readonly decider: AlertDecider,
    @Inject(ALERT_CHANNELS) private readonly channels: readonly AlertChannel[],
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(WALL_CLOCK) private readonly wallClock: Clock,
  ) {}

  /**
   * Tests every channel at once.
   *
   * @returns the outcomes in the order of the channels, once the slowest has answered or run out of time
   */
  all(by: string): Promise<readonly TestResult[]> {
    return Promise.all(this.channels.map((channel) => this.send(channel, by)));
  }

  /** @throws AlertError (rejects) `UNKNOWN_CHANNEL` when no such channel is in use */
  async one(name: string, by: string): Promise<TestResult> {
    return this.send(this.named(name), by);
  }

  /** @throws AlertError `UNKNOWN_CHANNEL` when no such channel is in use */
  named(name: string): AlertChannel {
    const found = this.channels.find((channel) => channel.name === name);
    if (found !== undefined) return found;
    const names = this.channels.map((channel) => channel.name).join(', ');
    throw new AlertError('UNKNOWN_CHANNEL', `There is no channel '${name}'. In use: ${names}.`);
  }

  private async send(channel: AlertChannel, by: string): Promise<TestResult> {
    const { name } = channel;
    const result = await attemptDelivery(channel, this.message(name, by), {
      clock: this.wallClock,
      stopping: new AbortController().signal,
      runbooks: () => undefined,
      timeZone: this.options.alerts.timeZone,
      command: this.options.alerts.command,
    });
    const delivered = result.outcome === 'delivered';
    const detail = delivered ? 'the provider accepted the message' : `${result.outcome}: ${result.detail}`;
    const tested = { channel: name, delivered, detail };
    const event = createEvent(
      'channel.tested',
      { ...tested, by },
      { occurredAt: this.decider.context().now },
    );
    // A log that can't be written has no part in whether a message arrives.
    this.ledger
      .recordRequest([event])
      .catch((error: unknown) => this.logger.warn(`A test of ${name} is not in the log: ${String(error)}`));
    return tested;
  }

  private message(channel: string, by: string): PendingDelivery {
    const occurredAt = this.decider.context().now;
    const id = this.nextId(occurredAt);
    return {
      deliveryId: id,
      alertId: id,
      fingerprint: fingerprintOf('test', { bot: this.options.name, channel }),
      channel,
      kind: 'test',
      notice: {
        level: 'INFO',
        title: 'Test message',
        message: 'Somebody asked whether alerts arrive here. They do.',
        timestamp: occurredAt,
        fields: { Channel: channel, 'Sent by': by },
      },
      requestedAt: this.wallClock.now(),
      attempt: 0,
      nextAttemptAt: 0,
      inFlight: false,
      ambiguous: false,
      leftOpen: false,
    };
  }
}
