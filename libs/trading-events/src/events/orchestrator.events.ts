import type { DecimalString, DomainEvent, DurationMs } from './domain-event';

/** One of an exchange's connections: public prices, or the account's own orders. */
export type ExchangeStream = 'market' | 'orders';

/** An error that was thrown, without the object itself. */
export interface ErrorDetails {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

export interface SymbolStarted {
  readonly symbol: string;
  readonly exchange: string;
  readonly strategy: string;
}

export interface SymbolStopped {
  readonly symbol: string;
  /** Reason code. `process_exit` says that the process ends and the symbol goes on with the next start. */
  readonly reason: string;
}

export interface StrategyPanicked {
  readonly symbol: string;
  readonly strategy: string;
  readonly error: ErrorDetails;
}

export interface StrategyRestarted {
  readonly symbol: string;
  readonly strategy: string;
  /** 1 for the first restart since the strategy last ran well. */
  readonly attempt: number;
}

export interface ExchangeDisconnected {
  readonly exchange: string;
  readonly stream: ExchangeStream;
  readonly reason: string;
  /** False when no attempt to reconnect is made. */
  readonly reconnecting: boolean;
}

export interface ExchangeReconnected {
  readonly exchange: string;
  readonly stream: ExchangeStream;
  readonly downtimeMs: DurationMs;
  readonly attempts: number;
}

export interface PriceUpdated {
  readonly symbol: string;
  readonly price: DecimalString;
}

export interface MarketSampled {
  readonly symbol: string;
  readonly strategy: string;
  /** Of the last trade. */
  readonly price: DecimalString;
  readonly markPrice: DecimalString;
  /** At the mark price, quote currency; `0` when flat. */
  readonly unrealizedPnl: DecimalString;
  /** The highest price that we bid; absent while we bid none. */
  readonly bestBid?: DecimalString;
  /** The lowest price that we ask; absent while we ask none. */
  readonly bestAsk?: DecimalString;
}

/** The reason that nothing is quoted. */
export type PauseReason =
  | 'warming_up'
  | 'breaker'
  | 'limit'
  | 'stale_price'
  | 'disconnected'
  | 'strategy_panic'
  | 'position_unknown'
  | 'order_size'
  | 'ended';

export interface QuotingPaused {
  readonly symbol: string;
  readonly reason: PauseReason;
}

export interface QuotingResumed {
  readonly symbol: string;
  /** The reason that no longer holds. */
  readonly reason: PauseReason;
  /** Since quoting was paused, whatever the reasons were meanwhile. */
  readonly pausedMs: DurationMs;
}

/** Facts stated by the Orchestrator. */
export type OrchestratorEvent =
  | DomainEvent<'symbol.started', SymbolStarted>
  | DomainEvent<'symbol.stopped', SymbolStopped>
  | DomainEvent<'strategy.panicked', StrategyPanicked>
  | DomainEvent<'strategy.restarted', StrategyRestarted>
  | DomainEvent<'exchange.disconnected', ExchangeDisconnected>
  | DomainEvent<'exchange.reconnected', ExchangeReconnected>
  | DomainEvent<'price.updated', PriceUpdated>
  | DomainEvent<'market.sampled', MarketSampled>
  | DomainEvent<'quoting.paused', QuotingPaused>
  | DomainEvent<'quoting.resumed', QuotingResumed>;
