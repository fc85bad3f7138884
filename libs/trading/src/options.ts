import type { DecimalString, DurationMs, EpochMs } from '@opensqt/trading-events';
import type { MarketSpeed } from './market/pacer';
import type { Resume } from './resume/resume';
import { ownPartOf } from './resume/own-part';
import { TradingError } from './trading-error';

/** Where prices come from and how the paper venue behaves. */
export interface ExchangeOptions {
  /** Label of the exchange in events and metrics. @default 'paper' */
  name?: string;
  /** @default 'simulated' */
  source?: 'simulated' | 'recording';
  /** Market seconds per wall second, above zero, or `max`. @default 60 */
  speed?: MarketSpeed;
  /** Whatever is random follows from it. @default 1 */
  seed?: number | string;
  /** When the simulated market begins, epoch milliseconds. @default 2026-01-01T00:00:00Z */
  startAt?: EpochMs;
  /** Median duration of a call to the paper venue, market time. @default 20 */
  latencyMs?: DurationMs;
  /** A call that takes longer (ms) has failed. @default 5_000 */
  callTimeout?: DurationMs;
  /** Orders sent per second; twice as many in a burst. @default 20 */
  ordersPerSecond?: number;
  /** Fee rate of orders that rested, as a fraction of the notional. @default '0' */
  makerFee?: DecimalString;
  /** Fee rate of orders that took liquidity. @default '0' */
  takerFee?: DecimalString;
}

/** The grid strategy. */
export interface GridOptions {
  name?: 'grid';
  /** Orders on each side, from 1. @default 3 */
  levels?: number;
  /** Notional of the first level, quote currency; level i has i times as much. @default '4000' */
  orderNotional?: DecimalString;
  /** Least distance of two levels, as a fraction of the price. @default 0.001 */
  minSpacing?: number;
  /** One-minute bars that the average true range spans. @default 14 */
  atrPeriod?: number;
  /** Distance of two levels, in average true ranges. @default 1.5 */
  atrMultiplier?: number;
  /** How many spacings a position of one `orderNotional` moves the grid against itself. @default 0.5 */
  skew?: number;
}

export interface SymbolOptions {
  symbol: string;
  strategy?: GridOptions;
  /** Price step. @default six significant digits of the first price */
  tickSize?: DecimalString;
  /** Quantity step. @default worth less than one unit of the quote currency */
  lotSize?: DecimalString;
  /** First price of the simulated market. @default 60000 for BTCUSDT, 3000 for ETHUSDT, 100 for others */
  startPrice?: DecimalString;
}

/** A file of recorded trades; files of the same symbol are merged. */
export interface RecordingOptions {
  symbol: string;
  path: string;
}

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
  /** How long a tripped breaker stays open (ms). @default 900_000 */
  cooldown?: DurationMs;
}

/**
 * What a market maker is made of; all of it optional. Names are those of the configuration file in camelCase; durations
 * are milliseconds of market time.
 *
 * @example
 * createMarketMaker({ exchange: { seed: 7, speed: 'max' }, symbols: [{ symbol: 'BTCUSDT' }] }, ports);
 */
export interface MarketMakerOptions {
  /**
   * Tells this market maker from others whose events are in the same log: it goes into the ids of events and orders, and what was
   * left of symbols that are not configured here is the others' business. Absent: there are no others.
   */
  name?: string;
  exchange?: ExchangeOptions;
  /** Needed when the source is `recording`. */
  recording?: readonly RecordingOptions[];
  /** @default BTCUSDT and ETHUSDT; those of the recording when the source is one */
  symbols?: readonly SymbolOptions[];
  risk?: RiskOptions;
  /** What an earlier run left ({@link resumeFrom}). */
  resume?: Resume;
  /** What to do when the feed has ended: wait for `stop()`, or end the run. @default 'idle' */
  whenFinished?: 'idle' | 'exit';
}

/** The defaults of {@link MarketMakerOptions}. */
export const DEFAULTS = {
  exchange: {
    name: 'paper',
    source: 'simulated',
    speed: 60,
    seed: 1,
    startAt: Date.UTC(2026, 0, 1),
    latencyMs: 20,
    callTimeout: 5_000,
    ordersPerSecond: 20,
    makerFee: '0',
    takerFee: '0',
  },
  symbols: [{ symbol: 'BTCUSDT' }, { symbol: 'ETHUSDT' }],
  strategy: {
    name: 'grid',
    levels: 3,
    orderNotional: '4000',
    minSpacing: 0.001,
    atrPeriod: 14,
    atrMultiplier: 1.5,
    skew: 0.5,
  },
  risk: {
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
  },
} as const satisfies {
  exchange: Required<ExchangeOptions>;
  symbols: readonly SymbolOptions[];
  strategy: Required<GridOptions>;
  risk: Required<RiskOptions>;
};

/** A symbol with its strategy's defaults filled in. */
export interface ResolvedSymbol extends SymbolOptions {
  readonly strategy: Required<GridOptions>;
}

/** {@link MarketMakerOptions} with the defaults filled in. */
export interface ResolvedOptions {
  readonly name: string | undefined;
  readonly exchange: Required<ExchangeOptions>;
  readonly recording: readonly RecordingOptions[];
  readonly symbols: readonly ResolvedSymbol[];
  readonly risk: Required<RiskOptions>;
  readonly resume: Resume | undefined;
  readonly whenFinished: 'idle' | 'exit';
}

/** @throws TradingError `OPTIONS_INVALID` when the options contradict each other */
export function resolveOptions(options: MarketMakerOptions): ResolvedOptions {
  const exchange = { ...DEFAULTS.exchange, ...options.exchange };
  const recording = options.recording ?? [];
  if (exchange.source === 'recording' && recording.length === 0) {
    throw new TradingError(
      'OPTIONS_INVALID',
      "The source is a recording, but no recording is given. Name at least one file under 'recording', or use the source 'simulated'.",
    );
  }
  const recorded = [...new Set(recording.map(({ symbol }) => symbol))].map((symbol) => ({ symbol }));
  const symbols: readonly SymbolOptions[] =
    options.symbols ?? (exchange.source === 'recording' ? recorded : DEFAULTS.symbols);
  const names = symbols.map(({ symbol }) => symbol);
  const repeated = names.find((symbol, index) => names.indexOf(symbol) !== index);
  if (repeated !== undefined) {
    throw new TradingError(
      'OPTIONS_INVALID',
      `The symbol ${repeated} is configured twice. Remove one of them.`,
    );
  }
  return {
    name: options.name,
    exchange,
    recording,
    symbols: symbols.map((symbol) => ({
      ...symbol,
      strategy: { ...DEFAULTS.strategy, ...symbol.strategy },
    })),
    risk: { ...DEFAULTS.risk, ...options.risk },
    resume: options.name === undefined ? options.resume : options.resume && ownPartOf(options.resume, names),
    whenFinished: options.whenFinished ?? 'idle',
  };
}
