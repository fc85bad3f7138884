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

/** Facts stated by the RemoteExchange. */
export type RemoteExchangeEvent = DomainEvent<'exchange.call_completed', ExchangeCallCompleted>;
