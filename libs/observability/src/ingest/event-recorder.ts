import { Inject, Injectable } from '@nestjs/common';
import type { Checkpoint, EventLog, Lease, LogRecord } from '@opensqt/event-log';
import {
  type AlertEvent,
  type AnyEvent,
  EVENT_CATALOGUE,
  type EventOf,
  Rejection,
} from '@opensqt/trading-events';
import { messageOf } from '../format/format';
import { CommittedProjections } from '../projections/committed-projections';
import { LiveProjections } from '../projections/live-projections';
import type { Projection } from '../projections/projection';
import { InjectEventLog } from './event-log';
import { EventParser } from './event-parser';
import { LogRestore, type ReplayStatus } from './log-restore';
import { type RecentFills, recentFillsProjection, rememberFill } from './recent/recent-fills.projection';
import { RecentIds } from './recent/recent-ids';
import { Rejections } from './rejections';

/** Injection token of the symbols that may be labels: `readonly string[] | undefined`. */
export const KNOWN_SYMBOLS = Symbol('KNOWN_SYMBOLS');

const MAX_BUFFERED = 100_000;

/**
 * Records events: each is folded into the live projections at once and, when it is to be kept, appended to the log. Nothing
 * that happens here reaches whoever emitted it.
 */
@Injectable()
export class EventRecorder {
  /** Everything that was refused at the boundary, counted. */
  readonly rejections = new Rejections();
  private readonly parser: EventParser;
  private readonly recent = new RecentIds();
  private fills: RecentFills = recentFillsProjection.initial();
  /** Ids of own events that have not come back from a log that others write to as well. */
  private readonly own = new Set<string>();
  /** The events that were appended last, as far as they are stored together. */
  private appended: { readonly outcome?: Promise<void>; readonly events: AnyEvent[] } = { events: [] };
  /** Events that came while the log was replayed; undefined after it. */
  private buffered: AnyEvent[] | undefined = [];
  private starting: Promise<void> | undefined;
  private readonly listeners: ((record: LogRecord) => void)[] = [];

  constructor(
    @InjectEventLog() private readonly log: EventLog,
    private readonly live: LiveProjections,
    private readonly committed: CommittedProjections,
    private readonly restore: LogRestore,
    @Inject(KNOWN_SYMBOLS) symbols: readonly string[] | undefined,
  ) {
    this.parser = new EventParser(symbols, this.rejections);
  }

  /** The bot that it records for. */
  get bot(): string {
    return this.log.bot;
  }

  /** The last committed position that is folded. */
  get position(): number {
    return this.committed.position;
  }

  /** The progress of the replay. */
  get replay(): ReplayStatus {
    return this.restore.status;
  }

  /** Begins with what the log holds. Resolves as {@link ready} does, and never rejects. */
  start(): Promise<void> {
    this.starting = this.restore
      .start({
        onRestored: ({ event }) => this.recent.add(event.id),
        onCommitted: (record) => {
          this.foldOthers(record);
          if (record.bot === this.log.bot) for (const listener of this.listeners) listener(record);
        },
      })
      .then(() => {
        this.fills = this.committed.stateOf(recentFillsProjection);
        const waiting = this.buffered ?? [];
        this.buffered = undefined;
        for (const event of waiting) this.accept(event);
      });
    return this.starting;
  }

  /** Resolves when the projections hold all that the log held at the start. Emit nothing that matters before. */
  async ready(): Promise<void> {
    await this.starting;
    if (this.replay.state === 'failed') throw this.replay.error;
  }

  /** Writes what is still to be written. Resolves when the log may be closed. */
  async stop(): Promise<void> {
    this.restore.abandon();
    await this.starting;
    await this.log.flush().catch(() => undefined); // closing it says what is lost
    await this.restore.keep();
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

  /** Calls back with each record of this bot that is committed from the start on. */
  onCommitted(listener: (record: LogRecord) => void): void {
    this.listeners.push(listener);
  }

  /**
   * Resolves when everything that was recorded before the call is in the log.
   *
   * @throws EventLogError (rejects) when it can't be written
   */
  flush(): Promise<void> {
    return this.log.flush();
  }

  /** Records whatever was emitted, if it is an event. Never throws. */
  record(candidate: unknown): void {
    const event = this.parser.parse(candidate);
    if (event === undefined) return;
    if (this.buffered === undefined) this.accept(event);
    else if (this.buffered.length < MAX_BUFFERED) this.buffered.push(event);
    else this.rejections.add(tooEarly(event));
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
      for (const event of events) if (this.log.shared && !this.own.delete(event.id)) this.live.fold(event);
      throw error;
    }
    for (const event of events) this.live.fold(event);
  }

  private accept(event: AnyEvent): void {
    const isLogged = EVENT_CATALOGUE[event.type].kept === 'log';
    const events = [event];
    // First of all: an event that there is no room for was not seen, so that its source can state it again.
    const refusal = isLogged ? this.log.admit(events) : undefined;
    if (refusal !== undefined) return this.rejections.add(notStored(event, refusal));
    if (!this.recent.add(event.id)) return this.rejections.add(duplicate(event));
    if (event.type === 'order.filled' && !rememberFill(this.fills, event.data)) {
      return this.rejections.add(sameFill(event));
    }
    this.live.fold(event);
    if (!isLogged) return;
    this.expect(events);
    this.watch(event, this.log.append(events));
  }

  /** Counts an event that could not be stored. Those of one batch share its outcome, and one look at it. */
  private watch(event: AnyEvent, outcome: Promise<void>): void {
    if (this.appended.outcome !== outcome) {
      const events: AnyEvent[] = [];
      this.appended = { outcome, events };
      outcome.catch((error: unknown) => {
        for (const lost of events) {
          this.own.delete(lost.id);
          this.rejections.add(notStored(lost, error));
        }
      });
    }
    this.appended.events.push(event);
  }

  private expect(events: readonly AnyEvent[]): void {
    if (this.log.shared) for (const { id } of events) this.own.add(id);
  }

  /** Events of this bot's other processes belong on this one's pages too: a restart would show them. */
  private foldOthers({ bot, event }: LogRecord): void {
    if (!this.log.shared || this.own.delete(event.id) || bot !== this.log.bot) return;
    if (event.type === 'order.filled') rememberFill(this.fills, event.data);
    this.live.fold(event);
  }
}

function duplicate(event: AnyEvent): Rejection {
  const message = `Event ${event.type}: id ${event.id} came before.`;
  return new Rejection(event.type, 'duplicate', message);
}

function sameFill({ type, id, data: { symbol, orderId, fillId } }: EventOf<'order.filled'>): Rejection {
  const message = `Event ${type}: id ${id} states fill ${fillId} of order ${orderId} on ${symbol}, which came before under another id.`;
  return new Rejection(type, 'duplicate', message);
}

function notStored(event: AnyEvent, error: unknown): Rejection {
  const message = `Event ${event.type} could not be stored: ${messageOf(error)}`;
  return new Rejection(event.type, 'log_full', message);
}

function tooEarly(event: AnyEvent): Rejection {
  const message = `Event ${event.type} came while the log is replayed, with ${MAX_BUFFERED} waiting already.`;
  return new Rejection(event.type, 'log_full', message);
}
