import type { AlertLevel, EpochMs, SuppressionReason } from '@opensqt/trading-events';

/** A channel's part in a drill. */
export type DrillAnswer =
  | { readonly channel: string; readonly answer: 'notified' }
  | {
      readonly channel: string;
      readonly answer: 'held';
      readonly reason: SuppressionReason;
      /** The time before which that does not change by itself; absent when it never does. */
      readonly until?: EpochMs;
      /** Milliseconds after which it is notified of a real alert that nobody has acknowledged. */
      readonly unacknowledgedAfter?: number;
    }
  /** Nobody decided in time. */
  | { readonly channel: string; readonly answer: 'undecided' };

/** The alert of one level. */
export interface DrillAlert {
  readonly level: AlertLevel;
  readonly alertId: string;
  readonly channels: readonly DrillAnswer[];
}

/** The outcome of a drill: who was notified of an alert of each level, and who was not, and why. */
export interface DrillReport {
  readonly drillId: string;
  readonly alerts: readonly DrillAlert[];
}
