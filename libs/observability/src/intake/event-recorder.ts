import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { EventEmitter2 } from '@nestjs/event-emitter';
import type { Checkpoint, EventLog } from '@opensqt/event-log';
import {
  type AlertEvent,
  EVENT_CATALOGUE,
  type Fact,
  type TradingEvent,
  type Rejection,
  validateEvent,
} from '@opensqt/trading-events';
import { LabelBounds } from './label-bounds';
import { LIVE_PROJECTIONS, type ProjectedState } from './projection';
import { REMEMBERED_IDS, RecentIds } from './recent-ids';
import { Rejections } from './rejections';

/** Injection token of the {@link EventLog} in use. */
export const EVENT_LOG = Symbol('EVENT_LOG');
/** Injection token of the symbols that may be labels: `readonly string[] | undefined`. */
export const KNOWN_SYMBOLS = Symbol('KNOWN_SYMBOLS');

/** A start waits for its replay at most so long; then the server answers, and says 503 until the replay is done. */
const REPLAY_PATIENCE_MS = 500;
const MAX_BUFFERED = 100_000;

/** Where the replay of the log into the live projections stands. */
export type ReplayStatus =
  | { readonly state: 'running'; readonly position: number }
  | { readonly state: 'done'; readonly events: number }
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
  private buffered: TradingEvent[] = [];
  private replayStatus: ReplayStatus = { state: 'running', position: 0 };
  private replaying: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly modules: ModuleRef,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(LIVE_PROJECTIONS) private readonly projections: readonly ProjectedState<unknown>[],
    @Inject(KNOWN_SYMBOLS) symbols: readonly string[] | undefined,
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

  /** Takes in one emitted event. Never throws. */
  record(candidate: unknown): void {
    const verdict = validateEvent(candidate);
    if (!verdict.ok) return this.rejections.add(verdict.rejection);
    const { event } = verdict;
    const refusal = event.source === 'alerts' ? notFromTheEmitter(event) : this.bounds.check(event);
    if (refusal !== undefined) return this.rejections.add(refusal);
    if (this.replayStatus.state !== 'running') return this.take(event);
    if (this.buffered.length >= MAX_BUFFERED) return this.rejections.add(tooEarly(event));
    this.buffered.push(event);
  }

  /** Makes the alerts' own events durable, with the checkpoint that they follow from, then shows them in the projections. */
  async commit(events: readonly AlertEvent[], checkpoint?: Checkpoint): Promise<void> {
    await this.log.append(events, checkpoint);
    for (const event of events) this.fold(event);
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    for (const stop of this.stops) stop();
    await this.replaying;
    await this.log.close();
  }

  /** Listens on every emitter of the application: importing two EventEmitterModules must not lose half of the events. */
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
    if (typeof name === 'string' && Object.hasOwn(EVENT_CATALOGUE, name)) return true;
    if (typeof value !== 'object' || value === null) return false;
    return 'type' in value && 'source' in value && 'occurredAt' in value && 'data' in value;
  }

  private async restore(): Promise<void> {
    let events = 0;
    try {
      const lastIds = Math.max(1, this.log.status().position - REMEMBERED_IDS + 1);
      for await (const { from, facts } of this.log.readFacts({ to: lastIds - 1 })) {
        for (const fact of facts) this.fold(fact);
        this.replayStatus = { state: 'running', position: from + facts.length - 1 };
        events += facts.length;
      }
      for await (const records of this.log.read({ from: lastIds })) {
        for (const { event, position } of records) {
          this.recent.add(event.id);
          this.fold(event);
          this.replayStatus = { state: 'running', position };
        }
        events += records.length;
      }
      this.replayStatus = { state: 'done', events };
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

  private take(event: TradingEvent): void {
    if (!this.recent.add(event.id)) {
      const message = `Event ${event.type}: id ${event.id} was told before.`;
      return this.rejections.add({ type: event.type, reason: 'duplicate', message });
    }
    this.fold(event);
    if (EVENT_CATALOGUE[event.type].kept === 'live') return;
    this.log.append([event]).catch((error: unknown) => {
      const message = `Event ${event.type} could not be stored: ${error instanceof Error ? error.message : String(error)}`;
      this.rejections.add({ type: event.type, reason: 'log_full', message });
    });
  }

  private fold(event: Fact): void {
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
