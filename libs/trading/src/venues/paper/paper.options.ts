import { duration, feeRate } from '@opensqt/trading-events/options';
import { z } from 'zod';

/** The paper venue. */
export const paperOptions = z.strictObject({
  /** Median duration of a call to the paper exchange, market time. @unit ms @default '20ms' */
  latency: duration().prefault('20ms'),
  /** Fee rate of orders that rested, as a part of the notional. @default '0' */
  makerFee: feeRate.prefault('0'),
  /** Fee rate of orders that took liquidity, as a part of the notional. @default '0' */
  takerFee: feeRate.prefault('0'),
});

export type ResolvedPaper = z.output<typeof paperOptions>;
