import { DEFAULTS } from '@opensqt/trading';
import { z } from 'zod';
import { amount, feeRate } from './amounts';
import { duration, formatDuration } from './duration';
import { choice, number, numberKind, scalar, text, wholeNumber } from './scalar';
import { keys, section } from './section';

/** `global` is what events call the whole account; a symbol of that name could not be told from it. */
const symbol = text({
  allowed: 'a symbol such as BTCUSDT (letters, digits and . _ : / -, not the word global)',
  pattern: /^(?!global$)[A-Za-z0-9][A-Za-z0-9._:/-]{0,31}$/,
});

const factor = numberKind('number', { above: 0, max: 1_000_000 });
const speed = scalar<number | 'max'>({
  ...factor,
  allowed: `${factor.allowed}, or max`,
  hint: {
    title: 'number or `max`',
    anyOf: [{ const: 'max' }, { type: 'number', exclusiveMinimum: 0 }, { type: 'string' }],
  },
  read: (raw) => (raw === 'max' ? 'max' : factor.read(raw)),
});

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z');
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/;
const time = scalar<number>({
  allowed: 'a time in UTC such as 2026-01-01T00:00:00Z',
  hint: { title: 'ISO time', type: 'string' },
  read: (raw) => {
    const milliseconds = typeof raw === 'string' && ISO_TIME.test(raw) ? Date.parse(raw) : NaN;
    return Number.isNaN(milliseconds) ? undefined : milliseconds;
  },
});

/** The venue, and where its trades come from. */
export const exchange = section('The venue and its market data.', {
  name: text({
    allowed: 'a name of letters, digits and . _ -',
    pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/,
  })
    .prefault(DEFAULTS.exchange.name)
    .describe('Name of the venue in events, metrics and alerts.'),
  source: choice(['simulated', 'recording'], {
    live: 'live is planned and not available yet',
  })
    .prefault(DEFAULTS.exchange.source)
    .describe('Where trades come from: a seeded generator, or files of real trades.'),
  speed: speed
    .prefault(DEFAULTS.exchange.speed)
    .describe('How many times as fast as the wall clock the market goes; `max`: as fast as it can.'),
  seed: wholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER })
    .prefault(DEFAULTS.exchange.seed)
    .describe('The same seed gives the same run.'),
  start_at: time
    .prefault(isoTime(DEFAULTS.exchange.startAt))
    .describe('Market time at which the simulation starts.'),
  latency: duration()
    .prefault(formatDuration(DEFAULTS.exchange.latencyMs))
    .describe('Median time of a call to the paper exchange, market time.'),
  call_timeout: duration({ least: 1 })
    .prefault(formatDuration(DEFAULTS.exchange.callTimeout))
    .describe('A call to the exchange that takes longer has failed.'),
  orders_per_second: number({ above: 0, max: 10_000 })
    .prefault(DEFAULTS.exchange.ordersPerSecond)
    .describe('Orders sent per second of market time; twice as many in a burst.'),
  maker_fee: feeRate
    .prefault(DEFAULTS.exchange.makerFee)
    .describe('Fee of an order that rested, as a part of its notional.'),
  taker_fee: feeRate
    .prefault(DEFAULTS.exchange.takerFee)
    .describe('Fee of an order that took, as a part of its notional.'),
  when_finished: choice(['serve', 'exit'])
    .prefault('serve')
    .describe('At the end of a recording: go on serving metrics and health, or exit.'),
});

/** The files of real trades. */
export const recording = z
  .array(
    keys({
      symbol: symbol.describe('The symbol whose trades the file holds.'),
      path: text({ allowed: 'the path of a file' }).describe(
        "A file of trades, plain or gzip. A relative path starts from the configuration file's folder.",
      ),
    }),
  )
  .prefault([])
  .describe('Recorded trades, for `exchange.source: recording`. Files of one symbol are merged by time.');

const strategy = section('What is done with the symbol.', {
  name: choice(['grid']).prefault(DEFAULTS.strategy.name).describe('The strategy.'),
  levels: wholeNumber({ min: 1, max: 50 })
    .prefault(DEFAULTS.strategy.levels)
    .describe('Orders on each side.'),
  order_notional: amount
    .prefault(DEFAULTS.strategy.orderNotional)
    .describe('Notional of the first level in quote currency; level i has i times as much.'),
  min_spacing: number({ above: 0, max: 0.5 })
    .prefault(DEFAULTS.strategy.minSpacing)
    .describe('Least distance of the levels, as a fraction of the price.'),
  atr_period: wholeNumber({ min: 1, max: 1_000 })
    .prefault(DEFAULTS.strategy.atrPeriod)
    .describe('One-minute bars of the average true range.'),
  atr_multiplier: number({ min: 0, max: 100 })
    .prefault(DEFAULTS.strategy.atrMultiplier)
    .describe('Distance of the levels, in average true ranges.'),
  skew: number({ min: 0, max: 10 })
    .prefault(DEFAULTS.strategy.skew)
    .describe('How many spacings a position of one `order_notional` moves the grid against itself.'),
});

/** A symbol that is traded, and how. */
export const tradedSymbol = keys({
  symbol: symbol.describe('The symbol.'),
  strategy,
  tick_size: amount.exactOptional().describe('Price step. Absent: from the size of the price.'),
  lot_size: amount.exactOptional().describe('Quantity step. Absent: from the size of the price.'),
  start_price: amount
    .exactOptional()
    .describe(
      'First price of the simulated market. Absent: 60000 for BTCUSDT, 3000 for ETHUSDT, 100 for others.',
    ),
});

/** What is traded. */
export const symbols = z
  .array(tradedSymbol)
  .exactOptional()
  .describe('What is traded. Absent: BTCUSDT and ETHUSDT, or with a recording its symbols.');

/** When to stop. */
export const risk = section('Limits. Amounts are in quote currency; `global` covers all symbols.', {
  max_position: amount
    .prefault(DEFAULTS.risk.maxPosition)
    .describe('Notional of a position. Beyond it the symbol only reduces; a limit alert.'),
  max_exposure: amount
    .prefault(DEFAULTS.risk.maxExposure)
    .describe('Notional of all positions together. Beyond it all symbols only reduce; a limit alert.'),
  max_drawdown: amount
    .prefault(DEFAULTS.risk.maxDrawdown)
    .describe('Loss since the peak of the total PnL. Beyond it the global breaker trips.'),
  max_consecutive_losses: wholeNumber({ min: 1, max: 10_000 })
    .prefault(DEFAULTS.risk.maxConsecutiveLosses)
    .describe("Orders in a row that close at a loss. At so many the symbol's breaker trips."),
  max_volatility: number({ above: 0, max: 1 })
    .prefault(DEFAULTS.risk.maxVolatility)
    .describe(
      "Move within `volatility_window`, as a fraction of the price. Beyond it the symbol's breaker trips.",
    ),
  volatility_window: duration({ least: 1_000 })
    .prefault(formatDuration(DEFAULTS.risk.volatilityWindow))
    .describe('The window of `max_volatility`.'),
  max_volume_ratio: number({ above: 0, max: 1_000_000 })
    .prefault(DEFAULTS.risk.maxVolumeRatio)
    .describe("A minute's volume ÷ the average minute's. Beyond it the symbol only reduces; a limit alert."),
  volume_bars: wholeNumber({ min: 1, max: 10_000 })
    .prefault(DEFAULTS.risk.volumeBars)
    .describe('Minutes in that average.'),
  max_exchange_latency_ms: number({ above: 0, max: 3_600_000 })
    .prefault(DEFAULTS.risk.maxExchangeLatencyMs)
    .describe(
      '99th percentile of exchange calls over a minute. Beyond it all symbols only reduce; a limit alert.',
    ),
  max_market_data_age: duration({ least: 1_000 })
    .prefault(formatDuration(DEFAULTS.risk.maxMarketDataAge))
    .describe(
      'After this long without the stream of prices what is known of the market is stale; a limit alert.',
    ),
  cooldown: duration()
    .prefault(formatDuration(DEFAULTS.risk.cooldown))
    .describe('How long a tripped breaker halts trading, market time, unless an operator resets it.'),
});
