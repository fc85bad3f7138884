import type { DecimalString, DurationMs } from '@opensqt/trading-events';

/** The paper venue. */
export interface PaperOptions {
  venue?: 'paper';
  /** Median duration of a call, market time. @default 20 */
  latencyMs?: DurationMs;
  /** Fee rate of orders that rested, as a fraction of the notional. @default '0' */
  makerFee?: DecimalString;
  /** Fee rate of orders that took liquidity. @default '0' */
  takerFee?: DecimalString;
}

export const PAPER_DEFAULTS: Required<PaperOptions> = {
  venue: 'paper',
  latencyMs: 20,
  makerFee: '0',
  takerFee: '0',
};
