import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { EventLog } from '@opensqt/event-log';
import { type AlertEvent, type Clock, type Random, createEvent, randomIds } from '@opensqt/trading-events';
import { ALERT_CHANNELS, type AlertChannel } from '../../channels/channel';
import { EVENT_LOG } from '../../ingest/event-log';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { ChannelBreakage } from '../delivery/channel-breakage';
import { Dispatcher } from '../delivery/dispatcher';
import { ALERT_POLICY, JITTER, WALL_CLOCK } from '../model/alert-tokens';
import type { Alert } from '../model/alerts.state';
import { fingerprintOf } from '../model/fingerprint';
import { raiseFacts, resolveFacts } from '../policy/facts';
import type { AlertPolicy } from '../policy/settings';
import type { AlertText } from '../rules/alert-rule';
import { EVENT_LOG_CONDITIONS, type EventLogCondition } from '../rules/event-log-conditions';
import { AlertLedger } from '../store/alert-ledger';
import { MemoryLedger } from '../store/memory-ledger';
import { AlertingFailures } from './alerting-failures';

const LOOK_EVERY_MS = 500;
/** A fault of the log that was not seen for so long (ms) is over: one that comes and goes is one alert. */
const CALM_MS = 30_000;

/**
 * Notifies when something is wrong with the log itself. Alerts are decided from the log, so these alone are decided and sent from
 * memory, by the same stages and with the same retries: a full disk must not be what keeps people asleep.
 */
@Injectable()
export class EventLogWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly nextId = randomIds();
  private readonly memory: MemoryLedger;
  private readonly dispatcher: Dispatcher;
  private timer: NodeJS.Timeout | undefined;
  /** The last time that each fault was seen, wall clock. */
  private readonly seen = new Map<EventLogCondition, number>();
  private readonly silences = new Set<string>();
  private refused = 0;
  private refusedAt: number | undefined;
  private readonly minFreeBytes: number | undefined;

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly ledger: AlertLedger,
    private readonly failures: AlertingFailures,
    @Inject(ALERT_CHANNELS) channels: readonly AlertChannel[],
    @Inject(ALERT_POLICY) private readonly policy: AlertPolicy,
    @Inject(WALL_CLOCK) private readonly clock: Clock,
    @Inject(JITTER) random: Random,
    @Inject(OBSERVABILITY_OPTIONS) options: ResolvedOptions,
  ) {
    this.minFreeBytes = options.eventLog.minFreeSpace;
    const now = (): number => options.clock.now() || clock.now(); // a market's clock stands at zero at first
    this.memory = new MemoryLedger(policy, now, clock, (list) => failures.add(list));
    this.dispatcher = new Dispatcher({
      ...{ channels, ledger: this.memory, clock, random, settings: options.alerts },
      decisionClock: { now },
      breakage: new ChannelBreakage(policy, { now }, clock, options.alerts.command),
      onFailure: (failure) => failures.add([failure]),
    });
  }

  /** The open alerts about the log. */
  get open(): Iterable<Alert> {
    return this.memory.state.open.values();
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.dispatcher.start(new AbortController().signal);
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.dispatcher.stop(0);
  }

  /** Looks at the log, and decides. */
  look(): void {
    const status = this.log.status();
    const now = this.clock.now();
    if (status.refused > this.refused) this.refusedAt = now;
    this.refused = status.refused;
    const { refusedAt, minFreeBytes } = this;
    const context = { now, refusedAt, minFreeBytes };
    this.takeOverSilences();
    for (const condition of EVENT_LOG_CONDITIONS) {
      if (condition.holds(status, context)) {
        const isNew = !this.seen.has(condition);
        this.seen.set(condition, now);
        if (isNew) this.raise(condition, condition.raised(status, context));
      } else if (now - (this.seen.get(condition) ?? now) >= CALM_MS) {
        this.seen.delete(condition);
        this.resolve(condition);
      }
    }
    this.memory.decideDue();
  }

  private raise({ condition, level }: EventLogCondition, text: AlertText): void {
    const verdict = { verdict: 'raise', labels: {}, level, ...text } as const;
    this.record(raiseFacts(this.memory.state, condition, verdict, this.cause(), this.memory.context()));
  }

  private resolve({ condition, resolved }: EventLogCondition): void {
    const fingerprint = fingerprintOf(condition, { bot: this.policy.bot });
    const end = { words: resolved, reason: 'cleared' } as const;
    const context = this.memory.context();
    this.record(resolveFacts(this.memory.state, fingerprint, end, this.cause(), context, []));
  }

  /** Silences here, too, what operators silenced. */
  private takeOverSilences(): void {
    const { silences } = this.ledger.state;
    for (const [silenceId, { atOnce, startsAt, ...silence }] of silences) {
      if (this.silences.has(silenceId)) continue;
      this.silences.add(silenceId);
      const start = atOnce === true || startsAt === undefined ? {} : { startsAt };
      this.record([createEvent('silence.created', { ...silence, ...start }, this.cause())]);
    }
    for (const silenceId of this.silences) {
      if (silences.has(silenceId)) continue;
      this.silences.delete(silenceId);
      this.record([createEvent('silence.expired', { silenceId }, this.cause())]);
    }
  }

  private record(events: readonly AlertEvent[]): void {
    this.memory.record(events).catch((error: unknown) => {
      this.failures.add([{ part: 'alerts about the event log', error }]);
    });
  }

  private cause(): { readonly id: string; readonly occurredAt: number } {
    const occurredAt = this.memory.context().now;
    return { id: this.nextId(occurredAt), occurredAt };
  }
}
