import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { EventEmitter2 } from '@nestjs/event-emitter';
import {
  type Checkpoint,
  type EventLog,
  EventLogError,
  type Lease,
  type LogRecord,
} from '@opensqt/event-log';
import {
  type AlertEvent,
  EVENT_CATALOGUE,
  EVENT_TYPES,
  type TradingEvent,
  type Rejection,
  rejectionOf,
} from '@opensqt/trading-events';
import {
  CommittedProjections,
  type Restored,
  type SnapshotSchedule,
} from '../projections/committed-projections';
import { LabelBounds } from './label-bounds';
import { LIVE_PROJECTIONS, type ProjectedState, type Projection } from '../projections/projection';
import { RecentIds } from './recent-ids';
import { Rejections } from './rejections';

/** Injection token of the {@link EventLog} in use. */
export const EVENT_LOG = Symbol('EVENT_LOG');
/** Injection token of the symbols that may be labels: `readonly string[] | undefined`. */
export const KNOWN_SYMBOLS = Symbol('KNOWN_SYMBOLS');
/** Injection token of the {@link SnapshotSchedule}; undefined where the log does not outlive the process. */
export const SNAPSHOT_SCHEDULE = Symbol('SNAPSHOT_SCHEDULE');

/** A start waits for its replay at most so long; then the server answers, and says 503 until the replay is done. */
const REPLAY_PATIENCE_MS = 500;
/** A log on a server that is away is asked again after so long. */
const RETRY_PAUSE_MS = 1_000;
const MAX_BUFFERED = 100_000;
const KNOWN_TYPES: ReadonlySet<string> = new Set(EVENT_TYPES);

/** Where the replay of the log into the live projections stands. */
export type ReplayStatus =
  | {
      readonly state: 'running';
      readonly position: number;
      /** Why it does not get on at the moment; it is tried again. */
      readonly problem?: string;
    }
  | { readonly state: 'done'; readonly events: number; readonly from: number }
  | { readonly state: 'failed'; readonly error: Error };

/**
 * The boundary. Everything emitted is judged here; what is well formed is folded into the live projections at once and,
 * when it is to be kept, handed to the log. Nothing that happens here reaches the one who emitted.
 */
@Injectable()
export class EventRecorder implements OnModuleInit, OnApplicationShutdown {
  /** What was refused at the boundary. */
  readonly rejections = new Rejections();
  private readonly logger = new Logger('Events');
  private readonly bounds: LabelBounds;
  private readonly recent = new RecentIds();
  private readonly stops: (() => void)[] = [];
  private readonly reported = new Set<string>();
  /** Ids of own events that have not come back from a log that others write to as well. */
  private readonly own = new Set<string>();
  private buffered: TradingEvent[] = [];
  private replayStatus: ReplayStatus = { state: 'running', position: 0 };
  private replaying: Promise<void> | undefined;
  private readonly closing = new AbortController();

  constructor(
    private readonly modules: ModuleRef,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(LIVE_PROJECTIONS) private readonly projections: readonly ProjectedState<unknown>[],
    @Inject(KNOWN_SYMBOLS) symbols: readonly string[] | undefined,
    private readonly committed: CommittedProjections,
    @Inject(SNAPSHOT_SCHEDULE) private readonly schedule: SnapshotSchedule | undefined,
  ) {
    this.bounds = new LabelBounds(symbols);
  }

  /** Where the replay stands. */
  get replay(): ReplayStatus {
    return this.replayStatus;
  }

  async onModuleInit(): Promise<void> {
    this.listen();
    this.replaying = this.restore();
    let patience: NodeJS.Timeout | undefined;
    await Promise.race([
      this.replaying,
      new Promise((resolve) => (patience = setTimeout(resolve, REPLAY_PATIENCE_MS))),
    ]);
    clearTimeout(patience);
  }

  /** Resolves when the projections hold all that the log held at the start. Emit nothing that matters before. */
  async ready(): Promise<void> {
    await this.replaying;
    if (this.replayStatus.state === 'failed') throw this.replayStatus.error;
  }

  /**
   * A copy of a projection's state, and the committed position that it belongs to: what a part that keeps a state of its own
   * begins with.
   *
   * @throws ReplayError `UNKNOWN_PROJECTION` when it is not among those that are kept
   * @example
   * await recorder.ready();
   * const { state, position } = recorder.committedState(alertsProjection);
   */
  committedState<State>(projection: Pick<Projection<State, never>, 'name' | 'encode' | 'decode'>): {
    readonly state: State;
    readonly position: number;
  } {
    return { state: this.committed.stateOf(projection), position: this.committed.position };
  }

  /**
   * The same to look at only, and at once: it changes with the next commit.
   *
   * @throws ReplayError `UNKNOWN_PROJECTION`
   */
  committedView<State>(projection: Pick<Projection<State, never>, 'name'>): Readonly<State> {
    return this.committed.viewOf(projection);
  }

  /** Resolves when what {@link committedState} gives holds everything that was committed before the call. */
  caughtUp(): Promise<void> {
    return this.committed.caughtUp();
  }

  /** Takes in one emitted event. Never throws. */
  record(candidate: unknown): void {
    const rejection = rejectionOf(candidate);
    if (rejection !== undefined) return this.rejections.add(rejection);
    const event = candidate as TradingEvent;
    const refusal = event.source === 'alerts' ? notFromTheEmitter(event) : this.bounds.check(event);
    if (refusal !== undefined) return this.rejections.add(refusal);
    if (this.replayStatus.state !== 'running') return this.take(event);
    if (this.buffered.length >= MAX_BUFFERED) return this.rejections.add(tooEarly(event));
    this.buffered.push(event);
  }

  /**
   * Makes the alerts' own events durable, with the checkpoint that they follow from, then shows them in the projections.
   *
   * @param lease that fences them, where whoever states them holds one
   */
  async commit(events: readonly AlertEvent[], checkpoint?: Checkpoint, lease?: Lease): Promise<void> {
    this.expect(events);
    try {
      await (lease ?? this.log).append(events, checkpoint);
    } catch (error) {
      // One that came meanwhile was recorded by another process, under the same id.
      for (const event of events) if (this.log.shared && !this.own.delete(event.id)) this.fold(event);
      throw error;
    }
    for (const event of events) this.fold(event);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    for (const stop of this.stops) stop();
    await this.replaying;
    await this.log.flush().catch(() => undefined); // closing it says what is lost
    await this.committed.close();
    await this.log.close();
  }

  /**
   * Listens on every emitter of the application: importing two EventEmitterModules must not lose half of the events. To any
   * event, because one in our envelope whose type nobody knows must be counted; that costs a copied array per emit, and
   * listening to the known types besides would cost more.
   */
  private listen(): void {
    const found = this.modules.get<EventEmitter2>(EventEmitter2, { strict: false, each: true });
    for (const emitter of new Set(found)) {
      const listener = (name: string | string[], value: unknown): void => {
        if (this.concerns(name, value)) this.record(value);
      };
      emitter.onAny(listener);
      this.stops.push(() => emitter.offAny(listener));
    }
  }

  /** An emitter carries other applications' events too: ours are those of a known name, or in our envelope. */
  private concerns(name: string | string[], value: unknown): boolean {
    if (typeof name === 'string' && KNOWN_TYPES.has(name)) return true;
    if (typeof value !== 'object' || value === null) return false;
    return 'type' in value && 'source' in value && 'occurredAt' in value && 'data' in value;
  }

  private async restore(): Promise<void> {
    try {
      const restored = await this.untilRestored();
      for (const live of this.projections) {
        live.resume(this.committed.stateOf(live.projection), this.log.status().position);
      }
      if (this.schedule !== undefined)
        this.committed.follow(
          this.schedule,
          this.log.shared ? (record) => this.foldOthers(record) : undefined,
        );
      this.replayStatus = { state: 'done', events: restored.events, from: restored.from };
      this.tell(restored);
    } catch (error) {
      this.replayStatus = {
        state: 'failed',
        error: error instanceof Error ? error : new Error(String(error)),
      };
      this.logger.error(
        `The event log could not be replayed, so /metrics stays at 503: ${this.replayStatus.error.message}`,
      );
    }
    const waiting = this.buffered;
    this.buffered = [];
    for (const event of waiting) this.take(event);
  }

  /** A server that is away comes back; a file that can't be read does not become readable. */
  private async untilRestored(): Promise<Restored> {
    for (let told = false; ; told = true) {
      try {
        return await this.committed.restore({
          onProgress: (position) => (this.replayStatus = { state: 'running', position }),
          onRecord: ({ event }) => this.recent.add(event.id),
        });
      } catch (error) {
        const isAway = error instanceof EventLogError && error.code === 'LOG_UNREADABLE' && this.log.shared;
        if (!isAway || this.closing.signal.aborted) throw error;
        this.replayStatus = { state: 'running', position: 0, problem: error.message };
        if (!told) this.logger.warn(`The event log cannot be replayed and is tried again: ${error.message}`);
        await delay(RETRY_PAUSE_MS, undefined, { signal: this.closing.signal }).catch(() => undefined);
      }
    }
  }

  private tell({ from, events, refusals }: Restored): void {
    for (const refusal of refusals) this.logger.warn(refusal);
    if (from > 0)
      this.logger.log(`Restored from the snapshot at position ${from} and ${events} events after it.`);
    else if (events > 0) this.logger.log(`Restored from all ${events} events of the log.`);
  }

  private take(event: TradingEvent): void {
    if (!this.recent.add(event.id)) {
      const message = `Event ${event.type}: id ${event.id} was told before.`;
      return this.rejections.add({ type: event.type, reason: 'duplicate', message });
    }
    this.fold(event);
    this.committed.emitted(event);
    if (EVENT_CATALOGUE[event.type].kept === 'live') return;
    this.expect([event]);
    this.log.append([event]).catch((error: unknown) => {
      this.own.delete(event.id);
      const message = `Event ${event.type} could not be stored: ${error instanceof Error ? error.message : String(error)}`;
      this.rejections.add({ type: event.type, reason: 'log_full', message });
    });
  }

  private expect(events: readonly TradingEvent[]): void {
    if (this.log.shared) for (const { id } of events) this.own.add(id);
  }

  /** What other processes record belongs on this one's pages too: a restart would show it. */
  private foldOthers({ event }: LogRecord): void {
    if (!this.own.delete(event.id)) this.fold(event);
  }

  private fold(event: TradingEvent): void {
    for (const projected of this.projections) {
      try {
        projected.apply(event);
      } catch (error) {
        const kind = `${projected.projection.name}:${event.type}`;
        if (this.reported.has(kind)) continue;
        this.reported.add(kind);
        this.logger.error(
          `The ${projected.projection.name} projection failed on ${event.type}; said once: ${String(error)}`,
        );
      }
    }
  }
}

function notFromTheEmitter(event: TradingEvent): Rejection {
  const message = `Event ${event.type}: only the AlertService states it. Call AlertService instead of emitting.`;
  return { type: event.type, reason: 'not_allowed', message };
}

function tooEarly(event: TradingEvent): Rejection {
  const message = `Event ${event.type} came while the log is replayed, with ${MAX_BUFFERED} waiting already.`;
  return { type: event.type, reason: 'log_full', message };
}
