import type { DecimalString, EpochMs, ExchangeStream, Side } from '@opensqt/trading-events';

/** A public trade. */
export interface Trade {
  readonly type: 'trade';
  readonly symbol: string;
  readonly time: EpochMs;
  /** Quote currency per unit, above zero. */
  readonly price: DecimalString;
  /** Base asset, above zero. */
  readonly quantity: DecimalString;
  /** The side that took liquidity; inferred by the tick rule where the source does not say. */
  readonly side?: Side;
  /** The venue's id of the trade. */
  readonly id?: string;
}

/** A connection to the exchange broke. */
export interface ConnectionLost {
  readonly type: 'connection_lost';
  readonly time: EpochMs;
  readonly stream: ExchangeStream;
  readonly reason: string;
}

/** It is back. */
export interface ConnectionRestored {
  readonly type: 'connection_restored';
  readonly time: EpochMs;
  readonly stream: ExchangeStream;
  /** Number of attempts until it was back. */
  readonly attempts: number;
}

/** The paper exchange answers at another pace from now on; without a latency, at its usual one. */
export interface LatencyChanged {
  readonly type: 'latency_changed';
  readonly time: EpochMs;
  readonly latencyMs?: number;
}

export type MarketEvent = Trade | ConnectionLost | ConnectionRestored | LatencyChanged;

/** Market events in the order of their times. */
export type MarketFeed = AsyncIterable<MarketEvent>;
