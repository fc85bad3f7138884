import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import {
  type Checkpoint,
  type EventLog,
  EventLogError,
  type Lease,
  type LogRecord,
} from '@opensqt/event-log';
import type { AlertEvent } from '@opensqt/trading-events';
import { EVENT_LOG } from '../../ingest/event-log';
import { EventRecorder } from '../../ingest/event-recorder';
import { alertsProjection } from '../model/alerts.projection';
import type { AlertsState } from '../model/alerts.state';
import { SpeculativeState } from '../runtime/speculative-state';

const FULL_LOG_PAUSE_MS = 100;

interface Entry {
  readonly events: readonly AlertEvent[];
  readonly checkpoint: Checkpoint | undefined;
  /** The lease that a decision was made under; undefined for what was asked for, which holds whoever decides. */
  readonly decidedUnder: Lease | undefined;
  readonly written: () => void;
  readonly failed: (error: unknown) => void;
}

/** The state of a process that decides. */
interface Lead {
  readonly lease: Lease;
  readonly speculative: SpeculativeState;
}

/**
 * The alerts' state and the only way to change it. In the process that decides, an event is folded in at once and written to the
 * log, in order; whoever must not act before it is durable awaits {@link record}. Elsewhere the state is that of the log.
 */
@Injectable()
export class AlertLedger {
  private outbox: Entry[] = [];
  private readonly listeners: (() => void)[] = [];
  private readonly followers: ((event: AlertEvent) => void)[] = [];
  private leading: Lead | undefined;
  private writing = false;

  constructor(
    private readonly recorder: EventRecorder,
    @Inject(EVENT_LOG) private readonly log: EventLog,
  ) {}

  /** The state now. */
  get state(): Readonly<AlertsState> {
    return this.leading?.speculative.state ?? this.recorder.committedView(alertsProjection);
  }

  /** Begins to decide, with the state that everything committed so far led to. What is decided from now on is fenced by the lease. */
  async lead(lease: Lease): Promise<void> {
    await this.recorder.caughtUp();
    const { state, position } = this.recorder.committedState(alertsProjection);
    this.leading = { lease, speculative: new SpeculativeState(state, position, this.log.shared) };
  }

  /** Leaves deciding to another process. What is not recorded yet will not be. */
  standBy(): void {
    this.leading = undefined;
  }

  /** Takes in what the log says, of which others may have recorded some: an acknowledgement, a silence, a message to send. */
  follow(record: LogRecord): void {
    const news = this.leading?.speculative.follow(record);
    if (news === undefined) return;
    this.folded(news);
    this.changed();
  }

  /** Calls back after each change. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Calls back with each event, right after the state has taken it on: for what is kept in step with the state. */
  onFold(follower: (event: AlertEvent) => void): void {
    this.followers.push(follower);
  }

  /** Folds one event in without writing it yet: what is decided next already sees it. Hand it to {@link record} after. */
  fold(event: AlertEvent): void {
    if (this.leading === undefined) return; // it is folded when it is committed
    this.leading.speculative.speculate(event);
    this.folded(event);
  }

  /**
   * Folds in what was decided and writes it, under the lease.
   *
   * @param checkpoint moves with it, in the same transaction
   * @param alreadyFolded true when each was given to {@link fold} before
   * @returns resolves when it is on disk
   * @throws EventLogError (rejects) `LOG_CLOSED` once the log is closed, `LOG_LEASE_LOST` when another process decides by now
   */
  async record(events: readonly AlertEvent[], checkpoint?: Checkpoint, alreadyFolded = false): Promise<void> {
    if (this.leading === undefined) throw notLeading();
    if (!alreadyFolded) for (const event of events) this.fold(event);
    await this.enqueue(events, checkpoint, this.leading.lease);
  }

  /**
   * Writes what an operator or the application asks for, whichever process decides: a process that loses the lease meanwhile
   * still records it, and the next holder takes it in.
   *
   * @throws EventLogError (rejects) `LOG_CLOSED` once the log is closed
   */
  async recordRequest(events: readonly AlertEvent[]): Promise<void> {
    for (const event of events) this.fold(event);
    await this.enqueue(events, undefined, undefined);
  }

  private enqueue(
    events: readonly AlertEvent[],
    checkpoint: Checkpoint | undefined,
    decidedUnder: Lease | undefined,
  ): Promise<void> {
    const written = new Promise<void>((resolve, reject) => {
      this.outbox.push({ events, checkpoint, decidedUnder, written: resolve, failed: reject });
    });
    void this.write();
    this.changed();
    return written;
  }

  private folded(event: AlertEvent): void {
    for (const follow of this.followers) follow(event);
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }

  private async write(): Promise<void> {
    if (this.writing) return;
    this.writing = true;
    while (this.outbox.length > 0) await this.writeAll(this.outbox.splice(0));
    this.writing = false;
  }

  private async writeAll(entries: readonly Entry[]): Promise<void> {
    const lease = this.leading?.lease.lost.aborted === false ? this.leading.lease : undefined;
    const [valid, overtaken] = partition(
      entries,
      ({ decidedUnder }) => decidedUnder === undefined || decidedUnder === lease,
    );
    this.giveUp(overtaken, notLeading());
    if (valid.length === 0) return;
    const checkpoint = valid.findLast((entry) => entry.checkpoint !== undefined)?.checkpoint;
    const events = valid.flatMap((entry) => entry.events);
    try {
      await this.commit(events, checkpoint, lease);
      this.leading?.speculative.written(events, this.log.status().position);
      for (const entry of valid) entry.written();
    } catch (error) {
      const lost = lease?.lost.aborted === true;
      const [asked, decided] = partition(valid, (entry) => lost && entry.decidedUnder === undefined);
      this.outbox.unshift(...asked);
      this.giveUp(decided, error);
    }
  }

  private giveUp(entries: readonly Entry[], error: unknown): void {
    for (const { events, failed } of entries) {
      this.leading?.speculative.withdraw(events);
      failed(error);
    }
  }

  /** A full log empties again: alerts wait for it rather than being lost. */
  private async commit(
    events: readonly AlertEvent[],
    checkpoint: Checkpoint | undefined,
    lease: Lease | undefined,
  ): Promise<void> {
    for (;;) {
      try {
        await this.recorder.commit(events, checkpoint, lease);
        if (lease === undefined) await this.recorder.caughtUp();
        return;
      } catch (error) {
        if (!(error instanceof EventLogError) || error.code !== 'LOG_FULL') throw error;
        await delay(FULL_LOG_PAUSE_MS);
      }
    }
  }
}

function partition<Item>(
  items: readonly Item[],
  belongs: (item: Item) => boolean,
): readonly [readonly Item[], readonly Item[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}

/** The code is that of the log, because what to do is the same: nothing, somebody else decides again. */
function notLeading(): EventLogError {
  const message =
    'Another process on the log decides about alerts by now. What this one was about to record is left to it.';
  return new EventLogError('LOG_LEASE_LOST', message);
}
