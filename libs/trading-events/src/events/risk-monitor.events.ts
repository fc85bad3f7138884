import type { DecimalString, DomainEvent, DurationMs } from './domain-event';

/** The coverage of a limit or a breaker: a symbol, or `global` for the whole account. */
export type RiskScope = string;

/** A measured value: a decimal string where it is money, a number where it is a count, a ratio or milliseconds. */
export type Measure = DecimalString | number;

export interface RiskLimitBreached {
  readonly scope: RiskScope;
  /** Code of the limit, such as `max_position`. */
  readonly limit: string;
  readonly value: Measure;
  readonly threshold: Measure;
  readonly severity: 'warning' | 'error';
}

export interface RiskLimitCleared {
  readonly scope: RiskScope;
  readonly limit: string;
  readonly value?: Measure;
  readonly threshold?: Measure;
  readonly severity?: 'warning' | 'error';
}

export interface CircuitBreakerTripped {
  readonly scope: RiskScope;
  /** Reason code, such as `max_drawdown`. */
  readonly reason: string;
  readonly value: Measure;
  readonly threshold: Measure;
  /** Time that trading stays halted unless an operator resets the breaker. */
  readonly cooldownMs: DurationMs;
}

export interface CircuitBreakerReset {
  readonly scope: RiskScope;
  readonly by: 'cooldown' | 'operator';
}

/** Facts stated by the RiskMonitor and its CircuitBreaker. */
export type RiskMonitorEvent =
  | DomainEvent<'risk.limit_breached', RiskLimitBreached>
  | DomainEvent<'risk.limit_cleared', RiskLimitCleared>
  | DomainEvent<'circuit_breaker.tripped', CircuitBreakerTripped>
  | DomainEvent<'circuit_breaker.reset', CircuitBreakerReset>;
