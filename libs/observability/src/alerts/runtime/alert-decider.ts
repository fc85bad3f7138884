import { Inject, Injectable } from '@nestjs/common';
import { type EventLog, EventLogError, type LogRecord, type Subscription } from '@opensqt/event-log';
import type { AlertEvent, Clock, EpochMs } from '@opensqt/trading-events';
import { EVENT_LOG } from '../../ingest/event-log';
import { OBSERVABILITY_OPTIONS } from '../../options/options.module';
import type { ResolvedOptions } from '../../options/observability-options';
import { factTime } from '../model/fact-time';
import { ALERT_POLICY, WALL_CLOCK } from '../model/alert-tokens';
import { type Decidable, decideDue, decideRecord } from '../policy/decide-record';
import { decide } from '../policy/decision';
import { DecisionTime, believedTimes } from '../policy/decision-time';
import type { AlertPolicy, Decision, PolicyContext } from '../policy/settings';
import { AlertLedger } from '../store/alert-ledger';
import { StateDroppedError } from '../store/state-dropped-error';
import { AlertingFailures } from './alerting-failures';
import { ContainedLogger } from './contained-logger';
import { RuleMemoryStore } from './rule-memory-store';
import { SummaryDecider } from './summary-decider';

const CONSUMER = 'alerts';
/** Interval of the look for what is due; on a market's clock that runs 60 times as fast, every 6 s of it. */
const TICK_MS = 100;
/** So many events are decided on without letting others have the thread. */
const SLICE = 100;
/** The checkpoint moves at least so often (ms) while positions are decided on, and at least every so many of them. */
const CHECKPOINT_MS = 1_000;
const CHECKPOINT_POSITIONS = 4_000;
/** A decision about what is due that failed is not tried again for so long (ms). */
const RETRY_MS = 2_000;

/** The position that decisions have reached, and how far that is behind the log. */
export interface DecidedPosition {
  readonly position: number;
  /** Committed events that are not decided on yet. */
  readonly behind: number;
  /** The time (ms) for which there have been such events. */
  readonly behindMs: number;
}

/**
 * Decides alerts from this bot's committed events, in log order. The decisions on a batch and the position they follow from are written
 * together, so a crash neither loses nor repeats one. Nothing that throws here ends it: it is logged, counted, alerted and passed over.
 */
@Injectable()
export class AlertDecider {
  private readonly logger = new ContainedLogger('Alerts');
  private subscription: Subscription | undefined;
  private timer: NodeJS.Timeout | undefined;
  private ticking: Promise<void> | undefined;
  private time = new DecisionTime();
  private decided: number | undefined;
  /** Decided on and kept as the checkpoint. */
  private kept = 0;
  private keptAt = 0;
  private caughtUpAt = 0;
  /** The log's end when it was last looked at, and when that was. */
  private seen = { end: 0, at: 0 };
  private retryAt = 0;
  /** True once everything was looked at that may have changed while nobody decided. */
  private hasLooked = false;
  /** Positions that could not be decided on. */
  private passedOver = new Set<number>();

  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly ledger: AlertLedger,
    private readonly summary: SummaryDecider,
    private readonly rules: RuleMemoryStore,
    private readonly failures: AlertingFailures,
    @Inject(ALERT_POLICY) private readonly policy: AlertPolicy,
    @Inject(OBSERVABILITY_OPTIONS) private readonly options: ResolvedOptions,
    @Inject(WALL_CLOCK) private readonly wallClock: Clock,
  ) {
    ledger.onReset(() => {
      this.summary.reset();
      this.rules.reset();
    });
  }

  /** Undefined while nothing is decided here. */
  get position(): DecidedPosition | undefined {
    if (this.decided === undefined) return undefined;
    const behind = Math.max(0, this.log.status().position - this.decided);
    const behindMs = behind === 0 ? 0 : Math.max(0, performance.now() - this.caughtUpAt);
    return { position: this.decided, behind, behindMs: Math.round(behindMs) };
  }

  /** The policy, at that time. @default the time of what is asked for now */
  context(now?: EpochMs): PolicyContext {
    const wallNow = this.wallClock.now();
    return {
      ...this.policy,
      now: now ?? factTime(this.ledger.state, this.options.clock.now(), wallNow),
      wallNow,
    };
  }

  /** Starts to decide, from the first event that no decision has been made on. */
  async start(): Promise<void> {
    const decided = await this.log.checkpoint(CONSUMER);
    await this.summary.restore();
    await this.rules.restore(decided, this.clockTime());
    this.time = new DecisionTime();
    this.passedOver = new Set();
    const { open, ended, digests } = this.ledger.state;
    this.hasLooked = open.size + ended.size + digests.size === 0;
    this.decided = this.kept = decided;
    this.keptAt = this.caughtUpAt = performance.now();
    this.seen = { end: this.log.status().position, at: this.caughtUpAt };
    this.subscription = this.log.subscribe(decided + 1, (records) => this.decideAll(records), {
      onError: (error) => this.undecided(error),
    });
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.timer.unref();
  }

  /** Decides on everything committed before the call, then stops. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.ticking;
    await this.subscription?.caughtUp();
    await this.subscription?.close();
    await this.keep(0).catch(() => undefined); // it is decided again, with the same outcome
    await this.rules.save();
    this.decided = undefined;
  }

  /** Stops at once: another process goes on from the last decision that was recorded. */
  async abandon(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([this.ticking, this.subscription?.close()]);
    this.decided = undefined;
  }

  /** In slices: ten thousand alerts at once must not keep the thread from trading while they are decided. */
  private async decideAll(records: readonly LogRecord[]): Promise<void> {
    const times = believedTimes(records.map(({ event }) => event.occurredAt));
    for (let from = 0; from < records.length; from += SLICE) {
      const slice = records.slice(from, from + SLICE);
      await this.decideSlice(slice.map((record, index) => ({ record, time: times[from + index] ?? 0 })));
    }
  }

  private async decideSlice(slice: readonly Timed[]): Promise<void> {
    const position = slice.at(-1)?.record.position ?? 0;
    let decisions: readonly AlertEvent[] | undefined;
    while (decisions === undefined) {
      await this.ledger.whole();
      decisions = this.decisionsOn(slice);
    }
    const memories = this.rules.memories.state;
    if (decisions.length > 0 && !(await this.isRecorded(decisions, position, slice))) return;
    this.decided = position;
    await this.rules.reached(memories);
    this.noteProgress(position, this.log.status().position);
    await this.keep(CHECKPOINT_POSITIONS);
  }

  /** Decisions add to the log: its end is reached as of the time at which it was seen, however long it has grown since. */
  private noteProgress(position: number, end: number): void {
    const now = performance.now();
    if (position >= end) this.caughtUpAt = now;
    else if (position >= this.seen.end) this.caughtUpAt = this.seen.at;
    else return;
    this.seen = { end, at: now };
  }

  /** Decides one by one where the log refuses the decisions on several, to pass over the one that it is about. */
  private async isRecorded(
    decisions: readonly AlertEvent[],
    position: number,
    slice: readonly Timed[],
  ): Promise<boolean> {
    try {
      await this.record(decisions, position);
      return true;
    } catch (error) {
      if (!(error instanceof EventLogError) || error.code !== 'LOG_REFUSED') throw error;
      const [first] = slice;
      if (slice.length === 1 && first !== undefined) this.passOver(first.record, error);
      for (const one of slice) await this.decideSlice([one]);
      return false;
    }
  }

  /** The decisions on those records that none was made on; undefined when the state was dropped meanwhile. */
  private decisionsOn(slice: readonly Timed[]): readonly AlertEvent[] | undefined {
    const decisions: AlertEvent[] = [];
    const { decided = 0 } = this;
    for (const { record, time } of slice) {
      if (record.position <= decided) continue;
      if (record.bot !== this.log.bot) {
        this.summary.skip(record.position);
        continue;
      }
      const isDecision = this.ledger.follow(record);
      const { book, isStale } = this.ledger;
      if (book === undefined) throw new Error('another process decides');
      if (isStale) return undefined;
      if (this.passedOver.has(record.position)) {
        this.summary.skip(record.position);
        continue;
      }
      const now = this.time.at(time, this.clockTime());
      const decidable = { book, summary: this.summary, memories: this.rules.memories };
      try {
        decisions.push(...this.taken(decideRecord(decidable, record, this.context(now), isDecision)));
      } catch (error) {
        this.passOver(record, error);
        return undefined;
      }
    }
    return decisions;
  }

  private async record(decisions: readonly AlertEvent[], position: number): Promise<void> {
    await this.ledger.recordDecisions(decisions, { consumer: CONSUMER, position });
    this.kept = position;
    this.keptAt = performance.now();
  }

  /** A record that can't be decided on is alerted, and the next ones are decided. */
  private passOver({ position, event }: LogRecord, error: unknown): void {
    this.passedOver.add(position);
    this.failures.report({ part: `decisions on ${event.type}`, error });
    this.ledger.drop();
  }

  private taken({ events, failures }: Decision): readonly AlertEvent[] {
    this.failures.add(failures);
    this.ledger.decided(events);
    return events;
  }

  private undecided(error: unknown): void {
    const isOvertaken = error instanceof EventLogError && error.code === 'LOG_LEASE_LOST';
    if (isOvertaken || error instanceof StateDroppedError || this.ledger.book === undefined) return;
    this.logger.warn(`Alerts could not be decided and are tried again: ${String(error)}`);
  }

  /** Moves the checkpoint without a decision, once it is that many positions old. */
  private async keep(positions: number): Promise<void> {
    const { decided: position } = this;
    if (position === undefined || position <= this.kept || position - this.kept < positions) return;
    await this.record([], position);
  }

  private tick(): void {
    if (this.decided !== undefined) this.noteProgress(this.decided, this.log.status().position);
    this.ticking ??= this.decideByTime().finally(() => (this.ticking = undefined));
  }

  /** Decides what is due by now once everything that happened by now has been decided: the reconnect may be in the queue. */
  private async decideByTime(): Promise<void> {
    const clock = this.clockTime();
    if (performance.now() < this.retryAt || this.log.status().failure !== undefined) return;
    try {
      const isOld = performance.now() - this.keptAt >= CHECKPOINT_MS;
      if (isOld) await this.keep(1);
      if (clock === undefined || !this.isDue(clock)) return;
      await this.log.flush();
      await this.subscription?.caughtUp();
      const wasSetBack = this.time.follow(clock);
      const context = this.context(this.time.at(clock, clock));
      await this.decideFailures(context);
      await this.ledger.whole();
      const { book } = this.ledger;
      if (book === undefined) return;
      if (wasSetBack || !this.hasLooked) book.due.rebuild(book.state, clock);
      if (wasSetBack) this.rules.memories.rebuild(clock);
      const decidable = { book, summary: this.summary, memories: this.rules.memories };
      const decisions = this.taken(this.decisionsByTime(decidable, context));
      if (decisions.length > 0) await this.ledger.recordDecisions(decisions);
      this.hasLooked = true;
    } catch (error) {
      if (error instanceof StateDroppedError) return;
      this.retryAt = performance.now() + RETRY_MS;
      this.ledger.drop();
      if (error instanceof EventLogError && error.code !== 'LOG_REFUSED') this.undecided(error);
      else this.failures.report({ part: 'decisions by time', error });
    }
  }

  /** Alerts on what threw, before anything else and by itself: what is due may be what throws or is refused. */
  private async decideFailures(context: PolicyContext): Promise<void> {
    await this.ledger.whole();
    const { book } = this.ledger;
    if (book === undefined) return;
    const failures = this.failures.take();
    if (failures.length === 0) return;
    try {
      const { events } = decide(book, { what: 'failed', failures }, context);
      this.ledger.decided(events);
      if (events.length > 0) await this.ledger.recordDecisions(events);
    } catch (error) {
      this.failures.putBack(failures);
      throw error;
    }
  }

  private decisionsByTime(decidable: Decidable, context: PolicyContext): Decision {
    const due = decideDue(decidable, context);
    if (this.hasLooked) return due;
    const looked = decide(decidable.book, { what: 'restart' }, context);
    return {
      events: [...due.events, ...looked.events],
      failures: [...due.failures, ...looked.failures],
    };
  }

  private isDue(clock: EpochMs): boolean {
    const { book } = this.ledger;
    return (
      !this.hasLooked ||
      (book !== undefined && book.due.next() <= clock) ||
      this.summary.isDue(clock) ||
      this.rules.memories.next() <= clock ||
      this.failures.areWaiting ||
      this.time.isAheadOf(clock)
    );
  }

  /** Undefined while the clock stands at zero: a market's time that has not begun. */
  private clockTime(): EpochMs | undefined {
    const now = this.options.clock.now();
    return now > 0 ? now : undefined;
  }
}

/** A record, and the time that it is believed to be of. */
interface Timed {
  readonly record: LogRecord;
  readonly time: EpochMs;
}
