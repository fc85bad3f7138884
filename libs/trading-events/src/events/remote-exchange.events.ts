import type { DomainEvent, DurationMs } from './domain-event';

/** The end of a call to an exchange. */
export type CallOutcome = 'ok' | 'error' | 'timeout' | 'rate_limited';

export interface ExchangeCallCompleted {
  readonly exchange: string;
  /** The call, in snake_case, such as `place_order`: a closed set per exchange adapter, never a path or an id. */
  readonly operation: string;
  readonly durationMs: DurationMs;
  readonly outcome: CallOutcome;
}

/** Upper bounds, in milliseconds, that calls are counted by: a co-located venue at the low end, a hanging one at the high end. */
export const EXCHANGE_CALL_BOUNDS: readonly number[] = [
  1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000,
];

export interface ExchangeSampled {
  readonly exchange: string;
  readonly operation: string;
  readonly outcome: CallOutcome;
  /**
   * The calls since the last sample: the number of those that took no longer than the key, in milliseconds, and longer than the next
   * lower bound. The bounds are {@link EXCHANGE_CALL_BOUNDS} and `Infinity`; one without calls is left out.
   */
  readonly calls: Readonly<Record<string, number>>;
  /** The durations of these calls, added up. */
  readonly sumMs: DurationMs;
}

/** Facts stated by the RemoteExchange. */
export type RemoteExchangeEvent =
  | DomainEvent<'exchange.call_completed', ExchangeCallCompleted>
  | DomainEvent<'exchange.sampled', ExchangeSampled>;
