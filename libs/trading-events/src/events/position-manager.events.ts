import type { DecimalString, DomainEvent } from './domain-event';

export interface PositionChanged {
  readonly symbol: string;
  readonly strategy: string;
  /** Base asset; negative when short. */
  readonly size: DecimalString;
  /** Average cost per unit, quote currency, negative where prices are; `0` when flat. */
  readonly entryPrice: DecimalString;
  /**
   * Profit (positive) or loss (negative) that this fill alone realized, quote currency, fees not included: not a running total.
   */
  readonly realizedPnl: DecimalString;
  readonly unrealizedPnl: DecimalString;
}

export interface PositionMarked {
  readonly symbol: string;
  readonly strategy: string;
  readonly markPrice: DecimalString;
  readonly unrealizedPnl: DecimalString;
}

/** Facts stated by the PositionManager. */
export type PositionManagerEvent =
  DomainEvent<'position.changed', PositionChanged> | DomainEvent<'position.marked', PositionMarked>;
