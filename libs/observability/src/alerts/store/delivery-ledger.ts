import type { AlertEvent } from '@opensqt/trading-events';
import type { AlertsState } from '../model/alerts.state';

/** The part of a ledger that sending messages needs: in the log, or in memory alone. */
export interface DeliveryLedger {
  readonly state: Readonly<AlertsState>;
  /** Resolves when the state is one that can be acted on: at once, unless it was dropped and is being made anew. */
  whole(): Promise<void>;
  /**
   * Folds in what is about to happen, and records it.
   *
   * @returns resolves when it may happen
   * @throws (rejects) when it must not: nothing was recorded
   */
  record(events: readonly AlertEvent[]): Promise<void>;
  /** Folds in what has happened, and records it, whatever becomes of decisions before it. */
  recordFact(events: readonly AlertEvent[]): Promise<void>;
  /** Calls back after each change. */
  onChange(listener: () => void): void;
  /** Calls back with each event, right after the state has taken it on: for what is kept in step with the state. */
  onFold(follower: (event: AlertEvent) => void): void;
  /** Calls back when the state was replaced by another one. */
  onReset(listener: () => void): void;
}

/** The callbacks of a ledger. */
export class LedgerListeners {
  private readonly changed: (() => void)[] = [];
  private readonly folded: ((event: AlertEvent) => void)[] = [];
  private readonly replaced: (() => void)[] = [];

  onChange(listener: () => void): void {
    this.changed.push(listener);
  }

  onFold(follower: (event: AlertEvent) => void): void {
    this.folded.push(follower);
  }

  onReset(listener: () => void): void {
    this.replaced.push(listener);
  }

  change(): void {
    for (const listener of this.changed) listener();
  }

  fold(event: AlertEvent): void {
    for (const follower of this.folded) follower(event);
  }

  reset(): void {
    for (const listener of this.replaced) listener();
  }
}
