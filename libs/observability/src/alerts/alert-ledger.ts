import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { type Checkpoint, EventLogError } from '@opensqt/event-log';
import type { AlertEvent } from '@opensqt/trading-events';
import { EventRecorder } from '../intake/event-recorder';
import { alertsProjection } from './alerts.projection';
import type { AlertsState } from './alerts.state';

const FULL_LOG_PAUSE_MS = 100;

interface Entry {
  readonly events: readonly AlertEvent[];
  readonly checkpoint: Checkpoint | undefined;
  readonly written: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * The alerts' state and the only way to change it: an event is folded in at once and written to the log, in order. Whoever
 * must not act before it is durable awaits {@link record}.
 */
@Injectable()
export class AlertLedger {
  private readonly outbox: Entry[] = [];
  private readonly listeners: (() => void)[] = [];
  private readonly followers: ((event: AlertEvent) => void)[] = [];
  private folded: AlertsState = alertsProjection.initial();
  private writing = false;

  constructor(private readonly recorder: EventRecorder) {}

  /** The state now. */
  get state(): AlertsState {
    return this.folded;
  }

  /** Begins with the state that the log's alert events led to. */
  restore(): void {
    this.folded = this.recorder.committedState(alertsProjection);
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
    this.folded = alertsProjection.evolve(this.folded, event);
    for (const follow of this.followers) follow(event);
  }

  /**
   * Folds events in and writes them.
   *
   * @param checkpoint moves with them, in the same transaction
   * @param alreadyFolded true when each was given to {@link fold} before
   * @returns resolves when they are on disk
   * @throws EventLogError (rejects) `LOG_CLOSED` once the log is closed
   */
  async record(events: readonly AlertEvent[], checkpoint?: Checkpoint, alreadyFolded = false): Promise<void> {
    if (!alreadyFolded) for (const event of events) this.fold(event);
    const written = new Promise<void>((resolve, reject) => {
      this.outbox.push({ events, checkpoint, written: resolve, failed: reject });
    });
    void this.write();
    for (const listener of this.listeners) listener();
    return written;
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
        return await this.recorder.commit(events, checkpoint);
      } catch (error) {
        if (!(error instanceof EventLogError) || error.code !== 'LOG_FULL') throw error;
        await delay(FULL_LOG_PAUSE_MS);
      }
    }
  }
}
