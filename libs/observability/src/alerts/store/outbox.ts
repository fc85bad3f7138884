import type { Checkpoint } from '@opensqt/event-log';
import type { AlertEvent } from '@opensqt/trading-events';

/**
 * The origin of something that is to be recorded. A decision follows from the state, and is dropped with it. A fact happened
 * (an attempt ended), and is recorded by the leader whatever became of decisions. A request was made by an operator or the
 * application, and is recorded whoever leads.
 */
export type EntryKind = 'decision' | 'fact' | 'request';

/** Events that are to be recorded together. */
export interface OutboxEntry {
  readonly kind: EntryKind;
  readonly events: readonly AlertEvent[];
  readonly checkpoint: Checkpoint | undefined;
  readonly written: () => void;
  readonly failed: (error: unknown) => void;
}

/** Everything that is still to be written, in the order in which it was folded. */
export class Outbox {
  private entries: OutboxEntry[] = [];

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  /** The events in it, oldest first. */
  events(): readonly AlertEvent[] {
    return this.entries.flatMap(({ events }) => events);
  }

  /** @returns resolves when the events are on disk */
  add(kind: EntryKind, events: readonly AlertEvent[], checkpoint: Checkpoint | undefined): Promise<void> {
    return new Promise((written, failed) => {
      this.entries.push({ kind, events, checkpoint, written, failed });
    });
  }

  /** Takes the first entries as far as they can be written together: requests are written one by one, so that each fails alone. */
  take(): readonly OutboxEntry[] {
    const end = this.entries.findIndex(({ kind }) => kind === 'request');
    return this.entries.splice(0, end === 0 ? 1 : end < 0 ? this.entries.length : end);
  }

  /** Puts back what could not be written, before everything else. */
  putBack(entries: readonly OutboxEntry[]): void {
    this.entries.unshift(...entries);
  }

  /** Removes the entries of some kinds: they will not be written. */
  drop(kinds: readonly EntryKind[], error: unknown): void {
    const dropped = this.entries.filter(({ kind }) => kinds.includes(kind));
    this.entries = this.entries.filter(({ kind }) => !kinds.includes(kind));
    for (const { failed } of dropped) failed(error);
  }
}
