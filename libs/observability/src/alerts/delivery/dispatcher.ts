import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import {
  type Clock,
  type DeliveryAbandoned,
  type EnvelopeOptions,
  type Random,
  TokenBucket,
  createEvent,
} from '@opensqt/trading-events';
import type { AlertChannel } from '../../channels/channel';
import { oneLine } from '../../format/plain-text';
import { sentence } from '../../format/format';
import type { ResolvedAlerts } from '../../options/alerts.options';
import type { Failure } from '../policy/settings';
import type { DeliveryLedger } from '../store/delivery-ledger';
import type { ChannelBreakage } from './channel-breakage';
import { ContainedLogger } from '../runtime/contained-logger';
import { StateDroppedError } from '../store/state-dropped-error';
import { type PendingDelivery, awaitsAcknowledgement, earlierMessage, isOpen } from '../model/alerts.state';
import { factTime } from '../model/fact-time';
import { type RunbookLinks, runbookLinks } from '../model/runbook';
import { attemptDelivery } from './attempt';
import { DeliveryQueues } from './delivery-queues';
import { type NextStep, nextStep } from './next-step';
import { keepRefreshed } from './refresh';
import { type FailedAttempt, afterFailure } from './retry-policy';
import { Wakeable } from './wakeable';

/** Everything that a dispatcher needs. */
export interface DispatcherParts {
  readonly channels: readonly AlertChannel[];
  readonly ledger: DeliveryLedger;
  readonly breakage: ChannelBreakage;
  /** Wall clock. */
  readonly clock: Clock;
  /** The clock that decisions run on. */
  readonly decisionClock: Clock;
  readonly random: Random;
  readonly settings: Pick<ResolvedAlerts, 'command' | 'retry' | 'runbookBaseUrl' | 'timeZone'>;
  /** True where operators can acknowledge the alerts. @default false */
  readonly acknowledgeable?: boolean;
  /** Called with what a channel threw that is no failed delivery. */
  readonly onFailure: (failure: Failure) => void;
}

/** After something unforeseen, a lane goes on after so long. */
const UNFORESEEN_PAUSE_MS = 1_000;

/**
 * Carries messages to the channels, one at a time each, independently of one another. What is to be sent, when, and what
 * became of it stands in the ledger; nothing here is lost with the process where that is the log.
 */
export class Dispatcher {
  /** The channels that a message was delivered through since this process started. */
  readonly proven = new Set<string>();
  private readonly logger = new ContainedLogger('Alerts');
  private readonly lanes: Lane[];
  private stopping = new AbortController();
  private lost: AbortSignal | undefined;
  private queues = new DeliveryQueues();
  private readonly runbooks: RunbookLinks;
  private readonly ledger: DeliveryLedger;
  private readonly clock: Clock;
  private standing: (() => string | undefined) | undefined;

  constructor(private readonly parts: DispatcherParts) {
    const { channels, ledger, clock, settings } = parts;
    this.ledger = ledger;
    this.clock = clock;
    this.runbooks = runbookLinks(settings.runbookBaseUrl);
    this.lanes = channels.flatMap((channel) => lanesOf(channel, clock));
    ledger.onFold((event) => this.queues.follow(event));
    ledger.onReset(() => this.rebuild());
    ledger.onChange(() => this.wake());
  }

  /** Lets reminders say how things stand when they are sent. */
  tellStanding(standing: () => string | undefined): void {
    this.standing = standing;
  }

  /** The channels whose delivery has failed unforeseen and has not worked since. */
  failingChannels(): readonly string[] {
    return [...new Set(this.lanes.filter(({ failing }) => failing).map(({ channel }) => channel.name))];
  }

  /**
   * Records the outcome of what whoever sent before left in flight, then begins to send.
   *
   * @param lost without which nothing is sent; {@link stop} when it aborts breaks off what is in flight
   */
  async start(lost: AbortSignal): Promise<void> {
    this.stopping = new AbortController();
    this.lost = lost;
    this.rebuild();
    await this.settleLeftovers();
    for (const lane of this.lanes) {
      lane.failing = false;
      lane.running = this.serve(lane, lost);
    }
    for (const channel of this.parts.channels) this.keepRefreshed(channel, lost);
  }

  private keepRefreshed(channel: AlertChannel, lost: AbortSignal): void {
    keepRefreshed(channel, {
      state: () => this.ledger.state,
      runbooks: this.runbooks,
      timeZone: this.parts.settings.timeZone,
      stopping: AbortSignal.any([this.stopping.signal, lost]),
      onFailure: (error) => this.parts.onFailure({ part: `channel ${channel.name}`, error }),
    });
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

  private rebuild(): void {
    const { longestBackoff } = this.parts.settings.retry;
    this.queues = DeliveryQueues.of(this.ledger.state, this.clock.now(), longestBackoff);
    this.wake();
  }

  private wake(): void {
    for (const lane of this.lanes) lane.sleep.wake();
  }

  private isBusy(lane: Lane): boolean {
    if (lane.isSending) return true;
    const { step } = this.next(lane, this.clock.now());
    return step !== 'wait' && (lane.shared.bucket?.waitMs() ?? 0) === 0;
  }

  private next({ channel: { name }, shared: { lastTried, heldUntil } }: Lane, now: number): NextStep {
    return nextStep(this.ledger.state, name, this.queues.for(name), now, lastTried, heldUntil);
  }

  /** Runs a lane until it is stopped, whatever goes wrong on it. */
  private async serve(lane: Lane, lost: AbortSignal): Promise<void> {
    const isOver = (): boolean => this.stopping.signal.aborted || lost.aborted;
    while (!isOver()) {
      try {
        await this.run(lane);
      } catch (error) {
        if (isOver()) return;
        lane.failing = true;
        this.logger.error(
          `Delivery through ${lane.channel.name} failed unforeseen and goes on: ${String(error)}`,
        );
        await this.settleUnforeseen(lane);
        await delay(UNFORESEEN_PAUSE_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }

  /** An attempt whose outcome could not be recorded may have arrived or not. */
  private async settleUnforeseen(lane: Lane): Promise<void> {
    const { sending } = lane;
    lane.sending = undefined;
    if (sending === undefined) return;
    const detail = 'the outcome of the attempt could not be recorded';
    const failure = { outcome: 'ambiguous', detail, interrupted: true } as const;
    await this.settle(sending, failure).catch(() => undefined); // it is settled when the next leader begins
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
            lane.sending = undefined;
            lane.failing = false;
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
    try {
      await this.ledger.record([createEvent('delivery.started', started, this.envelope(delivery))]);
    } catch (error) {
      if (!(error instanceof StateDroppedError)) throw error;
      lane.shared.bucket?.giveBack();
      await this.ledger.whole(); // nothing was sent: its turn comes again
      await setImmediate(); // however soon that is, others have the thread in between
      return;
    }
    lane.sending = { ...delivery, attempt };
    this.lost?.throwIfAborted(); // another process may have taken over while this one stood still
    lane.shared.lastTried = this.clock.now();
    const result = await attemptDelivery(lane.channel, delivery, {
      clock: this.clock,
      stopping: this.stopping.signal,
      runbooks: this.runbooks,
      timeZone: this.parts.settings.timeZone,
      command: this.parts.settings.command,
      awaitsAcknowledgement:
        this.parts.acknowledgeable === true && awaitsAcknowledgement(this.ledger.state, delivery),
      isOpen: isOpen(this.ledger.state, delivery),
      earlier: earlierMessage(this.ledger.state, delivery),
      standing: this.standing,
      onFailure: this.parts.onFailure,
    });
    if (result.outcome === 'delivered') {
      this.proven.add(channel);
      if (result.pauseMs !== undefined) this.hold(lane, result.pauseMs);
      const latencyMs = Math.max(0, this.clock.now() - delivery.requestedAt);
      const recovery = this.parts.breakage.repaired(this.ledger.state, channel);
      const succeeded = createEvent(
        'delivery.succeeded',
        {
          ...reference,
          latencyMs,
          ...(result.reference === undefined ? {} : { reference: result.reference }),
        },
        this.envelope(delivery),
      );
      await this.ledger.recordFact([succeeded, ...recovery]);
    } else {
      const interrupted = this.stopping.signal.aborted;
      await this.settle({ ...delivery, attempt }, { ...result, interrupted });
    }
  }

  private hold({ shared }: Lane, pauseMs: number): void {
    shared.heldUntil = this.clock.now() + Math.min(pauseMs, this.parts.settings.retry.longestPause);
  }

  private async settle(delivery: PendingDelivery, failure: FailedAttempt): Promise<void> {
    const consequence = afterFailure(
      delivery,
      failure,
      this.clock.now(),
      this.parts.random,
      this.parts.settings.retry,
    );
    if (consequence.next === 'abandon') return this.abandon(consequence.data);
    await this.ledger.recordFact([createEvent('delivery.failed', consequence.data, this.envelope(delivery))]);
  }

  private async abandon(data: DeliveryAbandoned): Promise<void> {
    const title = oneLine(this.ledger.state.pending.get(data.deliveryId)?.notice.title ?? '');
    if (data.reason !== 'superseded')
      this.logger.warn(
        `An alert could not be delivered through ${data.channel} (${data.reason}): ${sentence(data.detail)} It stands in the log as a dead letter: ${title}, alert ${data.alertId}`,
      );
    const said = this.parts.breakage.abandoned(this.ledger.state, data);
    await this.ledger.recordFact([createEvent('delivery.abandoned', data, this.envelope(data)), ...said]);
  }

  private envelope({ deliveryId }: { readonly deliveryId: string }): EnvelopeOptions {
    const now = this.parts.decisionClock.now();
    return {
      occurredAt: factTime(this.ledger.state, now, this.clock.now()),
      causationId: deliveryId,
    };
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
  readonly shared: {
    readonly bucket: TokenBucket | undefined;
    lastTried: number | undefined;
    /** Wall clock; the end of a pause that came with a delivered message. */
    heldUntil: number;
  };
  readonly sleep: Wakeable;
  isSending: boolean;
  /** The message whose attempt has begun and whose outcome is not recorded. */
  sending: PendingDelivery | undefined;
  running: Promise<void>;
  /** True from an unforeseen failure until a delivery works again. */
  failing: boolean;
}

/** As many as the channel may have messages under way at once; each carries one. */
function lanesOf(channel: AlertChannel, clock: Clock): Lane[] {
  const { concurrency = 1, rateLimit } = channel;
  const shared = {
    bucket: rateLimit && new TokenBucket(clock, rateLimit),
    lastTried: undefined,
    heldUntil: 0,
  };
  return Array.from({ length: concurrency }, () => ({
    channel,
    shared,
    sleep: new Wakeable(),
    isSending: false,
    sending: undefined,
    running: Promise.resolve(),
    failing: false,
  }));
}
