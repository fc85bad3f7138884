import type { EpochMs, ExchangeStream, PauseReason } from '@opensqt/trading-events';
import type { Holding } from '../projections/holding';

/** A record of the log: when it happened, and its position once it is committed. */
export interface Mark {
  /** On the clock that events are stamped by. */
  readonly at: EpochMs;
  readonly position?: number;
}

/** The reasons that a symbol stands still, as codes: those of `quoting.paused`, and more. */
export type StillCode = PauseReason | 'stopped' | 'not_started' | 'no_price' | 'every_order_refused';

/** A symbol as the log has it, since the record that last changed it. */
export interface Standing {
  /** Null: it trades. */
  readonly code: StillCode | null;
  readonly since: Mark;
}

/** The conditions of alerts that health follows: they are decided once, by whoever raises them. */
export const FAULTS = ['trading_ended', 'orders_rejected'] as const;

/** One connection to an exchange. */
export interface StreamHealth {
  connected: boolean;
  /** The reason of its loss; undefined while it is connected. */
  reason: string | undefined;
  since: number;
}

/** An open alert that says that nothing is traded: trading ended by itself, or the venue refuses every order. */
export interface TradingFault {
  readonly condition: (typeof FAULTS)[number];
  /** The symbols that it is about: those of an exchange, or one. */
  readonly exchange: string | undefined;
  readonly symbol: string | undefined;
  /** The error, or the venue's words. */
  readonly reason: string;
}

/** The state of everything that trading needs, as the log says it. */
export interface HealthState {
  readonly streams: Map<string, Map<ExchangeStream, StreamHealth>>;
  readonly exchangeOf: Map<string, string>;
  readonly breakers: Map<string, { readonly reason: string; readonly since: number }>;
  readonly limits: Map<string, { readonly scope: string; readonly limit: string }>;
  readonly panicked: Map<string, { readonly strategy: string; readonly since: number }>;
  /** The time at which each traded symbol was started, or placed its first order. */
  readonly trading: Map<string, number>;
  readonly holdings: Map<string, Holding>;
  /** The symbols that were stopped with a position or live orders, and the reasons. */
  readonly stopped: Map<string, string>;
  /** The symbols that were stopped and have not started since, and the reasons. */
  readonly ended: Map<string, string>;
  /** The symbols that nothing is quoted for, and why. */
  readonly paused: Map<string, PauseReason>;
  /** By the alert's id. */
  readonly faults: Map<string, TradingFault>;
  /** Each symbol that was ever traded, oldest first: whether it trades, and since which record. */
  readonly standing: Map<string, Standing>;
}
