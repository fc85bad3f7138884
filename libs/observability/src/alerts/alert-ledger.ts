import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type Checkpoint, EventLogError, type Lease, type LogRecord } from '@opensqt/event-log';
import type { AlertEvent } from '@opensqt/trading-events';
import { EventRecorder } from '../intake/event-recorder';
import { alertsProjection, isAlertEvent } from './alerts.projection';
import type { AlertsState } from './alerts.state';

const FULL_LOG_PAUSE_MS = 100;

interface Entry {
  readonly events: readonly AlertEvent[];
  readonly checkpoint: Checkpoint | undefined;
  readonly written: () => void;
  readonly failed: (error: unknown) => void;
}

/** What a process knows that decides: its own events are in it before they are committed. */
interface Lead {
  readonly lease: Lease;
  state: AlertsState;
  /** The position that it began with. */
  readonly since: number;
  /** Ids of its own events that have not come back from the log yet. */
  readonly own: Set<string>;
}

/**
 * The alerts' state and the only way to change it. In the process that decides, an event is folded in at once and written to the
 * log, in order; whoever must not act before it is durable awaits {@link record}. Elsewhere the state is that of the log.
 */
@Injectable()
export class AlertLedger {
  private readonly outbox: Entry[] = [];
  private readonly listeners: (() => void)[] = [];
  private readonly followers: ((event: AlertEvent) => void)[] = [];
  private leading: Lead | undefined;
  private writing = false;

  constructor(private readonly recorder: EventRecorder) {}

  /** The state now. */
  get state(): Readonly<AlertsState> {
    return this.leading?.state ?? this.recorder.committedView(alertsProjection);
  }

  /** Whether this process decides. */
  get isLeading(): boolean {
    return this.leading !== undefined;
  }

  /** Begins to decide, with the state that everything committed so far led to. What is recorded from now on is fenced by the lease. */
  async lead(lease: Lease): Promise<void> {
    await this.recorder.caughtUp();
    const { state, position } = this.recorder.committedState(alertsProjection);
    this.leading = { lease, state, since: position, own: new Set() };
  }

  /** Leaves deciding to another process. What is not recorded yet will not be. */
  standBy(): void {
    this.leading = undefined;
  }

  /** Takes in what the log says, of which others may have recorded some: an acknowledgement, a silence, a message to send. */
  follow({ position, event }: LogRecord): void {
    const { leading } = this;
    if (leading === undefined || !isAlertEvent(event)) return;
    if (position <= leading.since || leading.own.delete(event.id)) return;
    this.evolve(leading, event);
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
    const { leading } = this;
    if (leading === undefined) return; // it is folded when it is committed
    leading.own.add(event.id);
    this.evolve(leading, event);
  }

  /**
   * Folds events in and writes them.
   *
   * @param checkpoint moves with them, in the same transaction
   * @param alreadyFolded true when each was given to {@link fold} before
   * @returns resolves when they are on disk
   * @throws EventLogError (rejects) `LOG_CLOSED` once the log is closed, `LOG_LEASE_LOST` when another process decides by now
   */
  async record(events: readonly AlertEvent[], checkpoint?: Checkpoint, alreadyFolded = false): Promise<void> {
    if (!alreadyFolded) for (const event of events) this.fold(event);
    const written = new Promise<void>((resolve, reject) => {
      this.outbox.push({ events, checkpoint, written: resolve, failed: reject });
    });
    void this.write();
    this.changed();
    return written;
  }

  private evolve(leading: Lead, event: AlertEvent): void {
    leading.state = alertsProjection.evolve(leading.state, event);
    for (const follow of this.followers) follow(event);
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }

  private async write(): Promise<void> {
    if (this.writing) return;
    this.writing = true;
    while (this.outbox.length > 0) {
      const entries = this.outbox.splice(0);
      const events = entries.flatMap((entry) => entry.events);
      const checkpoint = entries.findLast((entry) => entry.checkpoint !== undefined)?.checkpoint;
      try {
        await this.commit(events, checkpoint);
        for (const entry of entries) entry.written();
      } catch (error) {
        for (const entry of entries) entry.failed(error);
      }
    }
    this.writing = false;
  }

  /** A full log empties again: alerts wait for it rather than being lost. */
  private async commit(events: readonly AlertEvent[], checkpoint: Checkpoint | undefined): Promise<void> {
    for (;;) {
      try {
        const { leading } = this;
        await this.recorder.commit(events, checkpoint, leading?.lease);
        if (leading === undefined) await this.recorder.caughtUp();
        return;
      } catch (error) {
        if (!(error instanceof EventLogError) || error.code !== 'LOG_FULL') throw error;
        await delay(FULL_LOG_PAUSE_MS);
      }
    }
  }
}
