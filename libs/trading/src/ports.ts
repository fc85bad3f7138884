import type { Clock, DecimalString, EpochMs, TradingEvent } from '@opensqt/trading-events';
import type { TradingLogger } from './event-publisher';
import type { MarketFeed } from './market/market-event';
import type { MalformedLine } from './market/market-source';
import type { BreakerReset } from './risk-monitor/circuit-breaker';

/** The market maker's surroundings. */
export interface MarketMakerPorts {
  /** Receives every event; an error that it throws is contained and reported once per kind. */
  readonly publish: (event: TradingEvent) => void;
  readonly logger: TradingLogger;
  /**
   * Resolves when everything published so far is on disk. Called when a circuit breaker trips, before its orders are cancelled;
   * awaited for 50 ms at the longest, while market time stands still. Absent: nothing is awaited.
   */
  readonly flushed?: () => Promise<void>;
  /** A line of a recording was skipped. */
  readonly onMalformed?: (line: MalformedLine) => void;
  /** The feed has ended and everything it led to is done. */
  readonly onFinished?: (summary: RunSummary) => void;
  /** A feed of one's own, instead of the configured source. */
  readonly feed?: MarketFeed;
  /** Monotonic milliseconds that `tickToTradeMs` is measured by. @default performance.now */
  readonly stopwatch?: () => number;
}

/** A run's figures so far. */
export interface RunSummary {
  readonly trades: number;
  /** Lines of a recording that were skipped. */
  readonly malformed: number;
  /** Trades that were passed over, because another recording of the symbol had brought them. */
  readonly repeated: number;
  readonly ordersPlaced: number;
  readonly fills: number;
  readonly canceled: number;
  readonly rejected: number;
  readonly panics: number;
  readonly trips: number;
  /** Quote currency, before fees. */
  readonly realizedPnl: DecimalString;
  readonly marketTime: EpochMs;
  /** The feed has ended. */
  readonly finished: boolean;
}

/** A market maker, ready to run once. */
export interface MarketMaker {
  /** The market's time. */
  readonly clock: Clock;
  /**
   * Trades until {@link stop}, or until the feed has ended when `whenFinished` is `exit`.
   *
   * @throws TradingError (rejects) when a recording can't be read
   */
  run(): Promise<RunSummary>;
  /** Cancels all open orders, waits for the venue's answers and ends the run; resolves when it has ended. */
  stop(): Promise<void>;
  /** The scopes (symbols or `global`) in which a breaker halts trading. */
  readonly trippedBreakers: readonly string[];
  /**
   * Lets trading in a scope go on before its cooldown is over, with the positions that are held; false when it was not halted.
   *
   * @param reset the person that does it, and the reason. @default { by: 'operator' }
   */
  resetBreaker(scope: string, reset?: BreakerReset): boolean;
  summary(): RunSummary;
}
