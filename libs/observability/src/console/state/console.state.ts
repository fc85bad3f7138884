import type { DecimalString, DurationMs, EpochMs, Measure, PauseReason, Side } from '@opensqt/trading-events';
import type { ExactSum } from '../../projections/exact-sum';

/** A moment, and the record that it is of. */
export interface StateMark {
  readonly at: EpochMs;
  readonly position: number | undefined;
}

/** An order at the venue; a market order has no price. */
export interface RestingOrder {
  readonly side: Side;
  readonly price: DecimalString | undefined;
}

/** The last values of a symbol's market that are on the log. */
export interface Sample {
  readonly price: DecimalString;
  readonly at: EpochMs;
}

/** A symbol, as far as neither metrics nor health know it. */
export interface SymbolState {
  exchange: string | undefined;
  strategy: string | undefined;
  stopped: string | undefined;
  readonly resting: Map<string, RestingOrder>;
  entry: DecimalString | undefined;
  /** The record that the last valuation is of. */
  valued: StateMark | undefined;
  readonly fees: Map<string, ExactSum>;
  /** Price × quantity. */
  readonly volume: ExactSum;
  fills: number;
  lastFill: (StateMark & { readonly price: DecimalString }) | undefined;
  sample: Sample | undefined;
  paused: { readonly reason: PauseReason; readonly since: StateMark } | undefined;
  /** The record that last began or ended quoting. */
  changed: StateMark | undefined;
}

/** A measured value and its limit, as the log last had them. */
export interface LimitState {
  readonly scope: string;
  readonly limit: string;
  readonly value: Measure | undefined;
  readonly threshold: Measure | undefined;
  readonly quoteAsset: string | undefined;
  readonly breached: boolean;
  readonly from: StateMark;
}

export interface OpenBreaker {
  readonly scope: string;
  readonly reason: string;
  readonly value: Measure;
  readonly threshold: Measure;
  readonly quoteAsset: string | undefined;
  readonly since: StateMark;
  readonly until: EpochMs;
}

/** The state that the page shows and no other projection keeps. */
export interface ConsoleState {
  readonly symbols: Map<string, SymbolState>;
  /** By scope and limit. */
  readonly limits: Map<string, LimitState>;
  /** By scope. */
  readonly breakers: Map<string, OpenBreaker>;
  /** Times from a price to its order, oldest first; bounded. */
  readonly tickToOrder: { readonly at: EpochMs; readonly ms: DurationMs }[];
  /** The newest record's, and the first fill's. In boxes, since they change. */
  readonly marks: { newest: StateMark | undefined; firstFill: StateMark | undefined };
}

/** Nothing has happened yet. */
export function initialConsole(): ConsoleState {
  return {
    symbols: new Map(),
    limits: new Map(),
    breakers: new Map(),
    tickToOrder: [],
    marks: { newest: undefined, firstFill: undefined },
  };
}
