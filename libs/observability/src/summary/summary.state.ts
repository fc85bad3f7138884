import type { AlertLevel, EpochMs } from '@opensqt/trading-events';
import { ExactSum } from '../projections/exact-sum';

/** The events of a symbol within a period. */
export interface SymbolFigures {
  /** Signed, quote currency, fees not included. */
  readonly realized: ExactSum;
  /** Base asset. */
  readonly volume: ExactSum;
  /** By asset. */
  readonly fees: Map<string, ExactSum>;
  fills: number;
  placed: number;
  rejected: number;
  /** The number of starts after its process had ended. */
  restarts: number;
  /** Milliseconds in which it was not started. */
  downMs: number;
}

/** The state of a symbol; unlike its figures it continues from one period to the next. */
export interface SymbolCondition {
  startedFirstAt: EpochMs;
  /** The time since which it is started, or is not. */
  since: EpochMs;
  trading: boolean;
  /** True when its process ended: the next start is a restart. */
  awaitsRestart: boolean;
  /** The time of its last event. */
  lastAt: EpochMs;
  /** As of its last fill. */
  unrealized: string;
  /** Time of that fill; undefined before the first one. */
  valuedAt: EpochMs | undefined;
  /** Undefined until a fee names it. */
  quote: string | undefined;
}

/** The events between two summaries. */
export interface PeriodFigures {
  /** Undefined until something happened. */
  from: EpochMs | undefined;
  readonly symbols: Map<string, SymbolFigures>;
  /** By condition, then by level. */
  readonly alerts: Map<string, Map<AlertLevel, number>>;
  /** Messages that were given up, by channel. */
  readonly givenUp: Map<string, number>;
}

/** A period that is over, with how things were at its end. */
export interface ClosedPeriod {
  readonly summaryId: string;
  readonly dueAt: EpochMs;
  readonly to: EpochMs;
  readonly figures: PeriodFigures;
  readonly conditions: Map<string, SymbolCondition>;
  /** Reasons by scope. */
  readonly breakers: Map<string, string>;
}

/** The state that the daily summary is written from. */
export interface SummaryState {
  period: PeriodFigures;
  readonly conditions: Map<string, SymbolCondition>;
  /** Reasons of the open breakers, by scope. */
  readonly breakers: Map<string, string>;
  /** The last one that is over: kept, so that it can be sent after a restart. */
  closed: ClosedPeriod | undefined;
}

/** A period in which nothing has happened. */
export function newPeriod(from?: EpochMs): PeriodFigures {
  return { from, symbols: new Map(), alerts: new Map(), givenUp: new Map() };
}

/** A symbol to which nothing has happened. */
export function newFigures(): SymbolFigures {
  const sums = { realized: new ExactSum(), volume: new ExactSum(), fees: new Map() };
  return { ...sums, fills: 0, placed: 0, rejected: 0, restarts: 0, downMs: 0 };
}
