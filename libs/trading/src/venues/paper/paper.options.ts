import { duration, feeRate } from '@opensqt/trading-events/options';
import { z } from 'zod';

/** The paper venue. */
export const paperOptions = z.strictObject({
  /** Median duration of a call, market time: milliseconds, or a text such as `20ms`. @default '20ms' */
  latency: duration().prefault('20ms').describe('Median time of a call to the paper exchange, market time.'),
  /** Fee rate of orders that rested, as a fraction of the notional. @default '0' */
  makerFee: feeRate.prefault('0').describe('Fee of an order that rested, as a part of its notional.'),
  /** Fee rate of orders that took liquidity, as a fraction of the notional. @default '0' */
  takerFee: feeRate.prefault('0').describe('Fee of an order that took, as a part of its notional.'),
});

export type ResolvedPaper = z.output<typeof paperOptions>;
