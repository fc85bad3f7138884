import { Inject, Injectable } from '@nestjs/common';
import {
  type Clock,
  type DeliveryAbandoned,
  type EnvelopeOptions,
  type Random,
  TokenBucket,
  createEvent,
} from '@opensqt/trading-events';
import type { Lease } from '@opensqt/event-log';
import { ALERT_CHANNELS, type AlertChannel } from '../../channels/channel';
import { AlertLedger } from '../store/alert-ledger';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { JITTER, WALL_CLOCK } from '../model/alert-tokens';
import { ChannelBreakage } from './channel-breakage';
import { ContainedLogger } from '../runtime/contained-logger';
import { type PendingDelivery, earlierMessage } from '../model/alerts.state';
import { type RunbookLinks, runbookLinks } from '../model/runbook';
import { attemptDelivery } from './attempt';
import { DeliveryQueues } from './delivery-queues';
import { type NextStep, nextStep } from './next-step';
import { type FailedAttempt, afterFailure } from './retry-policy';
import { Wakeable } from './wakeable';

/**
 * Carries messages to the channels, one at a time each, independently of one another. What is to be sent, when, and what
 * became of it stands in the log; nothing here is lost with the process.
 */
@Injectable()
export class Dispatcher {
  private readonly logger = new ContainedLogger('Alerts');
  private readonly lanes: Lane[];
  private stopping = new AbortController();
  private lease: Lease | undefined;
  private queues = new DeliveryQueues();
  private readonly runbooks: RunbookLinks;

  constructor(
    @Inject(ALERT_CHANNELS) channels: readonly AlertChannel[],
    private readonly ledger: AlertLedger,
    private readonly breakage: ChannelBreakage,
    @Inject(WALL_CLOCK) private readonly clock: Clock,
    @Inject(JITTER) private readonly random: Random,
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
  ) {
    this.runbooks = runbookLinks(options.alerts.runbookBaseUrl);
    this.lanes = channels.flatMap((channel) => lanesOf(channel, clock));
    ledger.onFold((event) => this.queues.follow(event));
    ledger.onChange(() => this.wake());
  }

  /** The channels through which nothing is sent any more although it should be. */
  endedChannels(): readonly string[] {
    return [...new Set(this.lanes.filter(({ ended }) => ended).map(({ channel }) => channel.name))];
  }

  /**
   * Settles what whoever sent before left in flight, then begins to send.
   *
   * @param lease without which nothing is sent; {@link stop} when it is lost breaks off what is in flight
   */
  async start(lease: Lease): Promise<void> {
    this.stopping = new AbortController();
    this.lease = lease;
    this.queues = DeliveryQueues.of(
      this.ledger.state,
      this.clock.now(),
      this.options.alerts.retry.longestBackoff,
    );
    await this.settleLeftovers();
    for (const lane of this.lanes) {
      lane.ended = false;
      lane.running = this.run(lane).catch((error: unknown) => {
        if (this.stopping.signal.aborted || lease.lost.aborted) return;
        lane.ended = true;
        this.logger.error(
          `Delivery through ${lane.channel.name} has stopped: ${String(error)}. Restart the process.`,
        );
      });
    }
  }

  /**
   * Stops. What can be sent at once still is, for at most `patienceMs`; the rest stands in the log, and the next start goes
   * on with it.
   */
  async stop(patienceMs: number): Promise<void> {
    const deadline = this.clock.now() + patienceMs;
    while (this.clock.now() < deadline && this.lanes.some((lane) => this.isBusy(lane))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    this.stopping.abort();
    this.wake();
    await Promise.all(this.lanes.map((lane) => lane.running));
  }

  private wake(): void {
    for (const lane of this.lanes) lane.sleep.wake();
  }

  private isBusy(lane: Lane): boolean {
    if (lane.isSending) return true;
    const { step } = this.next(lane, this.clock.now());
    return step !== 'wait' && (lane.shared.bucket?.waitMs() ?? 0) === 0;
  }

  private next({ channel: { name }, shared: { lastTried } }: Lane, now: number): NextStep {
    return nextStep(this.ledger.state, name, this.queues.for(name), now, lastTried);
  }

  private async run(lane: Lane): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const now = this.clock.now();
      const next = this.next(lane, now);
      switch (next.step) {
        case 'abandon':
          await this.abandon(next.data);
          break;
        case 'wait':
          await lane.sleep.sleep(next.until === undefined ? undefined : next.until - now);
          break;
        case 'send': {
          const waitMs = lane.shared.bucket?.waitMs() ?? 0;
          if (waitMs > 0) await lane.sleep.sleep(waitMs);
          else {
            lane.isSending = true;
            await this.send(lane, next.delivery).finally(() => (lane.isSending = false));
          }
        }
      }
    }
  }

  private async send(lane: Lane, delivery: PendingDelivery): Promise<void> {
    const { deliveryId, alertId, channel } = delivery;
    const attempt = delivery.attempt + 1;
    const reference = { deliveryId, alertId, channel, attempt };
    const started = { ...reference, startedAt: this.clock.now() };
    lane.shared.bucket?.consume();
    await this.ledger.record([createEvent('delivery.started', started, this.envelope(delivery))]);
    this.lease?.lost.throwIfAborted(); // another process may have taken over while this one stood still
    lane.shared.lastTried = this.clock.now();
    const result = await attemptDelivery(lane.channel, delivery, {
      clock: this.clock,
      stopping: this.stopping.signal,
      runbooks: this.runbooks,
      earlier: earlierMessage(this.ledger.state, delivery),
    });
    if (result.outcome === 'delivered') {
      const latencyMs = Math.max(0, this.clock.now() - delivery.requestedAt);
      const recovery = this.breakage.repaired(channel);
      const succeeded = createEvent(
        'delivery.succeeded',
        {
          ...reference,
          latencyMs,
          ...(result.reference === undefined ? {} : { reference: result.reference }),
        },
        this.envelope(delivery),
      );
      await this.ledger.record([succeeded, ...recovery]);
    } else {
      const interrupted = this.stopping.signal.aborted;
      await this.settle({ ...delivery, attempt }, { ...result, interrupted });
    }
  }

  private async settle(delivery: PendingDelivery, failure: FailedAttempt): Promise<void> {
    const consequence = afterFailure(
      delivery,
      failure,
      this.clock.now(),
      this.random,
      this.options.alerts.retry,
    );
    if (consequence.next === 'abandon') return this.abandon(consequence.data);
    await this.ledger.record([createEvent('delivery.failed', consequence.data, this.envelope(delivery))]);
  }

  private async abandon(data: DeliveryAbandoned): Promise<void> {
    this.logger.warn(
      `An alert could not be delivered through ${data.channel} (${data.reason}): ${data.detail}. It stands in the log as a dead letter.`,
    );
    const meta = data.reason === 'broken' ? this.breakage.broke(data.channel, data.detail) : [];
    await this.ledger.record([createEvent('delivery.abandoned', data, this.envelope(data)), ...meta]);
  }

  private envelope({ deliveryId }: { readonly deliveryId: string }): EnvelopeOptions {
    return { occurredAt: this.options.clock.now(), causationId: deliveryId };
  }

  /** An attempt that was in flight when the last process ended may have arrived or not. */
  private async settleLeftovers(): Promise<void> {
    const names = new Set(this.lanes.map(({ channel }) => channel.name));
    for (const delivery of [...this.ledger.state.pending.values()]) {
      const { deliveryId, alertId, channel, attempt } = delivery;
      if (!names.has(channel)) {
        const detail = 'the channel is not configured any more';
        await this.abandon({ deliveryId, alertId, channel, attempt, reason: 'channel_removed', detail });
      } else if (delivery.inFlight) {
        const detail = 'the process ended during the attempt';
        await this.settle(delivery, { outcome: 'ambiguous', detail, interrupted: true });
      }
    }
  }
}

interface Lane {
  readonly channel: AlertChannel;
  /** With the channel's other lanes. */
  readonly shared: { readonly bucket: TokenBucket | undefined; lastTried: number | undefined };
  readonly sleep: Wakeable;
  isSending: boolean;
  running: Promise<void>;
  /** True when something unforeseen ended it while it should run. */
  ended: boolean;
}

/** As many as the channel may have messages under way at once; each carries one. */
function lanesOf(channel: AlertChannel, clock: Clock): Lane[] {
  const { concurrency = 1, rateLimit } = channel;
  const shared = { bucket: rateLimit && new TokenBucket(clock, rateLimit), lastTried: undefined };
  return Array.from({ length: concurrency }, () => ({
    channel,
    shared,
    sleep: new Wakeable(),
    isSending: false,
    running: Promise.resolve(),
    ended: false,
  }));
}
