import type { DecimalString, DomainEvent, DurationMs, EpochMs } from './domain-event';

/** The coverage of a limit or a breaker: a symbol, or `global` for the whole account. */
export type RiskScope = string;

/** A measured value: a decimal string, or a number where it is a count or whole milliseconds. */
export type Measure = DecimalString | number;

export interface RiskLimitBreached {
  readonly scope: RiskScope;
  /** Code of the limit, such as `max_position`. */
  readonly limit: string;
  readonly value: Measure;
  readonly threshold: Measure;
  readonly severity: 'warning' | 'error';
  /** Currency of the value where it is money, as far as known. */
  readonly quoteAsset?: string;
}

export interface RiskLimitCleared {
  readonly scope: RiskScope;
  readonly limit: string;
  readonly value?: Measure;
  readonly threshold?: Measure;
  readonly severity?: 'warning' | 'error';
  readonly quoteAsset?: string;
}

/** A measured value and the limit that it is held against. */
export interface MeasuredLimit {
  readonly value: Measure;
  readonly threshold: Measure;
}

export interface RiskSampled {
  readonly scope: RiskScope;
  /** By the code of the limit, such as `max_position`; one whose value is not known is left out. */
  readonly limits: Readonly<Record<string, MeasuredLimit>>;
  /** Currency of the values that are money, as far as known and one for the whole scope. */
  readonly quoteAsset?: string;
}

export interface CircuitBreakerTripped {
  readonly scope: RiskScope;
  /** Reason code, such as `max_drawdown`. */
  readonly reason: string;
  readonly value: Measure;
  readonly threshold: Measure;
  /** Time that trading stays halted unless an operator resets the breaker. */
  readonly cooldownMs: DurationMs;
  /** Base asset, negative when short; absent where the scope is more than one symbol. */
  readonly position?: DecimalString;
  /** Value of the scope's positions at their mark prices, long and short added up, quote currency. */
  readonly notional?: DecimalString;
  /** Profit or loss of closing the scope's positions at their mark prices, quote currency. */
  readonly unrealizedPnl?: DecimalString;
  /** Profit or loss that the scope has realized in this run, quote currency, before fees. */
  readonly realizedPnl?: DecimalString;
  /** Currency of the amounts, as far as known and one for the whole scope. */
  readonly quoteAsset?: string;
  /** Orders that the trip cancels: the open ones, and those on their way to the venue. */
  readonly ordersCanceled?: number;
  /** False where the trip also closes the scope's positions. */
  readonly positionsKept?: boolean;
}

export interface CircuitBreakerReset {
  readonly scope: RiskScope;
  /** `cooldown`, or the operator's name. */
  readonly by: string;
  /** The operator's reason. */
  readonly reason?: string;
  /** Of what this breaker had halted: the breakers that still halt some of it, by their scopes, and when they reset. */
  readonly stillTripped?: Readonly<Record<RiskScope, EpochMs>>;
}

/** Facts stated by the RiskMonitor and its CircuitBreaker. */
export type RiskMonitorEvent =
  | DomainEvent<'risk.limit_breached', RiskLimitBreached>
  | DomainEvent<'risk.limit_cleared', RiskLimitCleared>
  | DomainEvent<'risk.sampled', RiskSampled>
  | DomainEvent<'circuit_breaker.tripped', CircuitBreakerTripped>
  | DomainEvent<'circuit_breaker.reset', CircuitBreakerReset>;
