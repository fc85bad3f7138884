import { Inject, Injectable } from '@nestjs/common';
import type { EventLog, LogRecord, Subscription } from '@opensqt/event-log';
import type { AlertEvent, Clock } from '@opensqt/trading-events';
import { EVENT_LOG } from '../../ingest/event-log';
import { AlertLedger } from '../store/alert-ledger';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { ALERT_POLICY, WALL_CLOCK } from '../model/alert-tokens';
import { ContainedLogger } from './contained-logger';
import type { AlertPolicy, DecisionContext } from '../policy/decision-context';
import { NextDue } from '../policy/next-due';
import { type Decidable, decideDueBy, decideRecord, decideWaiting } from '../policy/pipeline';
import { SummaryDecider } from './summary-decider';

const CONSUMER = 'alerts';
/** Interval of the look for due escalations and ends of silences; on a market's clock that runs 60 times as fast, every 6 s of it. */
const TICK_MS = 100;
/** So many events are decided on without letting others have the thread. */
const SLICE = 100;
/** A clock that goes back by more was set; by less, nothing waits for long. */
const SET_BACK_MS = 1_000;

/**
 * Decides alerts from committed events, in log order. The decisions on a batch and the position they follow from are written
 * together, so a crash neither loses nor repeats one.
 */
@Injectable()
export class AlertDecider {
  private readonly logger = new ContainedLogger('Alerts');
  private subscription: Subscription | undefined;
  private timer: NodeJS.Timeout | undefined;
  private ticking: Promise<void> | undefined;
  private readonly decidable: Decidable;
  private nextDue: NextDue;
  private latestTick = -Infinity;
  private decidedPosition: number | undefined;

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly ledger: AlertLedger,
    private readonly summary: SummaryDecider,
    @Inject(ALERT_POLICY) private readonly policy: AlertPolicy,
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(WALL_CLOCK) private readonly wallClock: Clock,
  ) {
    this.nextDue = new NextDue(policy.settings);
    ledger.onFold((event) => this.nextDue.fold(event));
    this.decidable = {
      alerts: {
        get state() {
          return ledger.state;
        },
        fold: (event) => ledger.fold(event),
        isDue: (now) => this.nextDue.isDue(ledger.state, now),
      },
      summary,
    };
  }

  /** The last position that was decided on; undefined while nothing is decided here. */
  get decided(): number | undefined {
    return this.decidedPosition;
  }

  /** The policy, at this moment. */
  context(): DecisionContext {
    return { ...this.policy, wallNow: this.wallClock.now() };
  }

  /** Starts to decide, from the first event that no decision has been made on. */
  async start(): Promise<void> {
    this.nextDue = new NextDue(this.policy.settings);
    const decided = await this.log.checkpoint(CONSUMER);
    await this.summary.restore();
    this.decidedPosition = decided;
    this.subscription = this.log.subscribe(decided + 1, (records) => this.decide(records));
    this.latestTick = this.options.clock.now();
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.timer.unref();
  }

  /** Decides on everything committed before the call, then stops. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.ticking;
    await this.subscription?.caughtUp();
    await this.subscription?.close();
    this.decidedPosition = undefined;
  }

  /** Stops at once: another process goes on from the last decision that was recorded. */
  async abandon(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([this.ticking, this.subscription?.close()]);
    this.decidedPosition = undefined;
  }

  /** In slices: ten thousand alerts at once must not keep the thread from trading while they are decided. */
  private async decide(records: readonly LogRecord[]): Promise<void> {
    for (let from = 0; from < records.length; from += SLICE) {
      await this.decideSlice(records.slice(from, from + SLICE));
    }
  }

  private async decideSlice(records: readonly LogRecord[]): Promise<void> {
    const decisions: AlertEvent[] = [];
    const context = this.context();
    for (const record of records) {
      this.ledger.follow(record);
      decisions.push(...decideRecord(this.decidable, record, context));
    }
    const position = records.at(-1)?.position;
    if (decisions.length > 0 && position !== undefined)
      await this.ledger.record(decisions, { consumer: CONSUMER, position }, true);
    this.decidedPosition = position ?? this.decidedPosition;
  }

  private tick(): void {
    this.ticking ??= this.decideByTime().finally(() => (this.ticking = undefined));
  }

  /** Decides what is due by now once everything that happened by now has been decided: the reconnect may be in the queue. */
  private async decideByTime(): Promise<void> {
    const now = this.options.clock.now();
    const wasSetBack = now < this.latestTick - SET_BACK_MS;
    if (!wasSetBack) this.latestTick = now;
    if ((!wasSetBack && !this.isDue(now)) || this.log.status().failure !== undefined) return;
    try {
      await this.log.flush();
      await this.subscription?.caughtUp();
      const context = this.context();
      const waiting = wasSetBack ? decideWaiting(this.decidable.alerts, now, context) : [];
      this.latestTick = now;
      const decisions = [...waiting, ...decideDueBy(this.decidable, now, context)];
      if (decisions.length > 0) await this.ledger.record(decisions, undefined, true);
    } catch (error) {
      this.logger.warn(`What fell due could not be recorded and is tried again: ${String(error)}`);
    }
  }

  private isDue(now: number): boolean {
    return this.nextDue.isDue(this.ledger.state, now) || this.summary.isDue(now);
  }
}
