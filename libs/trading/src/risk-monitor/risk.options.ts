import { amount, duration, number, wholeNumber } from '@opensqt/trading-events/options';
import { z } from 'zod';

/** Limits. */
export const riskOptions = z
  .strictObject({
    /** Notional of a position; resting orders count as if they were filled. Beyond it the symbol only reduces; a limit alert. @default '30000' */
    maxPosition: amount.prefault('30000'),
    /** Notional of all positions together; fees are none of it. Beyond it all symbols only reduce; a limit alert. @default '60000' */
    maxExposure: amount.prefault('60000'),
    /** Loss since the peak of the total PnL, fees deducted, over restarts too. Beyond it the global breaker trips. @default '2500' */
    maxDrawdown: amount.prefault('2500'),
    /** Orders in a row that close at a loss. At so many the symbol's breaker trips. @default 20 */
    maxConsecutiveLosses: wholeNumber({ min: 1, max: 10_000 }).prefault(20),
    /** Move within `volatilityWindow`, as a fraction of the price. Beyond it the symbol's breaker trips. @default 0.03 */
    maxVolatility: number({ above: 0, max: 1 }).prefault(0.03),
    /** The window of `maxVolatility`. @unit ms @default '1m' */
    volatilityWindow: duration({ min: '1s' }).prefault('1m'),
    /** A minute's volume ÷ the average minute's. Beyond it the symbol only reduces; a limit alert. @default 50 */
    maxVolumeRatio: number({ above: 0, max: 1_000_000 }).prefault(50),
    /** Minutes in that average. @default 30 */
    volumeBars: wholeNumber({ min: 1, max: 10_000 }).prefault(30),
    /** 99th percentile of exchange calls over a minute. Beyond it all symbols only reduce; a limit alert. @unit ms @default 500 */
    maxExchangeLatencyMs: number({ above: 0, max: 3_600_000 }).prefault(500),
    /** Time without a price of a symbol, whether its stream is lost or silent, after which its orders are cancelled and nothing is quoted until prices come; a limit alert. Symbols may have one of their own. @unit ms @default '30s' */
    maxMarketDataAge: duration({ min: '1s' }).prefault('30s'),
    /** A limit that was exceeded is cleared below this part of it, so that a value at the limit does not flap. @default 0.9 */
    clearBelow: number({ above: 0, max: 1 }).prefault(0.9),
    /** Time that a tripped breaker halts trading, market time, unless an operator resets it. @unit ms @default '15m' */
    cooldown: duration().prefault('15m'),
  })
  .prefault({})
  .describe('Limits. Amounts are in quote currency, one for all symbols; `global` covers all symbols.');

export type ResolvedRisk = z.output<typeof riskOptions>;
