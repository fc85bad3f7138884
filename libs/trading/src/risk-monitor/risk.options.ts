import { amount, duration, number, wholeNumber } from '@opensqt/trading-events/options';
import { z } from 'zod';

/** Limits. */
export const riskOptions = z
  .strictObject({
    /** Notional of one symbol's position, quote currency. @default '30000' */
    maxPosition: amount
      .prefault('30000')
      .describe('Notional of a position. Beyond it the symbol only reduces; a limit alert.'),
    /** Notional of all positions together, quote currency. @default '60000' */
    maxExposure: amount
      .prefault('60000')
      .describe('Notional of all positions together. Beyond it all symbols only reduce; a limit alert.'),
    /** Fall of the total profit from its peak, quote currency. Trips the global breaker. @default '2500' */
    maxDrawdown: amount
      .prefault('2500')
      .describe('Loss since the peak of the total PnL. Beyond it the global breaker trips.'),
    /** Orders that closed at a loss, one after the other. Trips the symbol's breaker. @default 20 */
    maxConsecutiveLosses: wholeNumber({ min: 1, max: 10_000 })
      .prefault(20)
      .describe("Orders in a row that close at a loss. At so many the symbol's breaker trips."),
    /** Price move within `volatilityWindow`, as a fraction. Trips the symbol's breaker. @default 0.03 */
    maxVolatility: number({ above: 0, max: 1 })
      .prefault(0.03)
      .describe(
        "Move within `volatilityWindow`, as a fraction of the price. Beyond it the symbol's breaker trips.",
      ),
    /** The window of `maxVolatility`, market time: milliseconds, or a text such as `1m`. @default '1m' */
    volatilityWindow: duration({ min: '1s' }).prefault('1m').describe('The window of `maxVolatility`.'),
    /** Volume of the current minute, in average minutes. @default 50 */
    maxVolumeRatio: number({ above: 0, max: 1_000_000 })
      .prefault(50)
      .describe(
        "A minute's volume ÷ the average minute's. Beyond it the symbol only reduces; a limit alert.",
      ),
    /** Minutes that the average volume is taken over. @default 30 */
    volumeBars: wholeNumber({ min: 1, max: 10_000 }).prefault(30).describe('Minutes in that average.'),
    /** 99th percentile of the duration of exchange calls over a minute, milliseconds. @default 500 */
    maxExchangeLatencyMs: number({ above: 0, max: 3_600_000 })
      .prefault(500)
      .describe(
        '99th percentile of exchange calls over a minute. Beyond it all symbols only reduce; a limit alert.',
      ),
    /** Without the stream of prices for this long what is known of the market is stale: milliseconds, or a text. @default '30s' */
    maxMarketDataAge: duration({ min: '1s' })
      .prefault('30s')
      .describe(
        'After this long without the stream of prices what is known of the market is stale; a limit alert.',
      ),
    /** Time that a tripped breaker stays open, market time: milliseconds, or a text such as `15m`. @default '15m' */
    cooldown: duration()
      .prefault('15m')
      .describe('How long a tripped breaker halts trading, market time, unless an operator resets it.'),
  })
  .prefault({})
  .describe('Limits. Amounts are in quote currency; `global` covers all symbols.');

export type ResolvedRisk = z.output<typeof riskOptions>;
