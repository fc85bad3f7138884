import type { DecimalString, DurationMs } from '@opensqt/trading-events';

/** Limits. Amounts are in the quote currency. */
export interface RiskOptions {
  /** Notional of one symbol's position. @default '30000' */
  maxPosition?: DecimalString;
  /** Notional of all positions together. @default '60000' */
  maxExposure?: DecimalString;
  /** Fall of the total profit from its peak. Trips the global breaker. @default '2500' */
  maxDrawdown?: DecimalString;
  /** Orders that closed at a loss, one after the other. Trips the symbol's breaker. @default 20 */
  maxConsecutiveLosses?: number;
  /** Price move within `volatilityWindow`, as a fraction. Trips the symbol's breaker. @default 0.03 */
  maxVolatility?: number;
  /** Milliseconds. @default 60_000 */
  volatilityWindow?: DurationMs;
  /** Volume of the current minute, in average minutes. @default 50 */
  maxVolumeRatio?: number;
  /** Minutes that the average volume is taken over. @default 30 */
  volumeBars?: number;
  /** 99th percentile of the duration of exchange calls over a minute. @default 500 */
  maxExchangeLatencyMs?: DurationMs;
  /** After this long (ms) without the stream of prices, what is known of the market counts as stale. @default 30_000 */
  maxMarketDataAge?: DurationMs;
  /** Time that a tripped breaker stays open (ms). @default 900_000 */
  cooldown?: DurationMs;
}

export const RISK_DEFAULTS: Required<RiskOptions> = {
  maxPosition: '30000',
  maxExposure: '60000',
  maxDrawdown: '2500',
  maxConsecutiveLosses: 20,
  maxVolatility: 0.03,
  volatilityWindow: 60_000,
  maxVolumeRatio: 50,
  volumeBars: 30,
  maxExchangeLatencyMs: 500,
  maxMarketDataAge: 30_000,
  cooldown: 900_000,
};
