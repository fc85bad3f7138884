import type { DecimalString, DurationMs, EpochMs } from '@opensqt/trading-events';
import { KINDS, type Kinds, kindOf } from './kinds';
import type { RecordingOptions } from './market/market-source';
import type { MarketSpeed } from './market/pacer';
import { DEFAULT_SOURCE, SOURCES, type SourceName } from './market/sources';
import { type Resume, ownPartOf } from './resume/resume';
import { RISK_DEFAULTS, type RiskOptions } from './risk-monitor/risk.options';
import { DEFAULT_STRATEGY, STRATEGIES, type StrategyOptions } from './strategy/registry';
import { TradingError } from './trading-error';
import { DEFAULT_VENUE, VENUES, type VenueOptions } from './venues/registry';

/** The connection to the venue and the source of prices, whichever they are. */
interface ConnectionOptions {
  /** Label of the exchange in events and metrics. @default the venue's name */
  name?: string;
  /** @default 'simulated' */
  source?: SourceName;
  /** Market seconds per wall second, above zero, or `max`. @default 60 */
  speed?: MarketSpeed;
  /** Seed of all that is random. @default 1 */
  seed?: number | string;
  /** Time at which the simulated market begins, epoch milliseconds. @default 2026-01-01T00:00:00Z */
  startAt?: EpochMs;
  /** A call that takes longer (ms) has failed. @default 5_000 */
  callTimeout?: DurationMs;
  /** Orders sent per second; twice as many in a burst. @default 20 */
  ordersPerSecond?: number;
}

/** The source of prices, and the venue with its own options. */
export type ExchangeOptions = ConnectionOptions & VenueOptions;

export interface SymbolOptions {
  symbol: string;
  strategy?: StrategyOptions;
  /** Price step. @default six significant digits of the first price */
  tickSize?: DecimalString;
  /** Quantity step. @default worth less than one unit of the quote currency */
  lotSize?: DecimalString;
  /** First price of the simulated market. @default 60000 for BTCUSDT, 3000 for ETHUSDT, 100 for others */
  startPrice?: DecimalString;
}

/**
 * A market maker's options; all of them optional. Names are those of the configuration file in camelCase; durations
 * are milliseconds of market time.
 *
 * @example
 * createMarketMaker({ exchange: { seed: 7, speed: 'max' }, symbols: [{ symbol: 'BTCUSDT' }] }, ports);
 */
export interface MarketMakerOptions {
  /**
   * Distinguishes this market maker from others whose events are in the same log: it is part of the ids of events and orders, and
   * what was left of symbols that are not configured here is for the others. Absent: there are no others.
   */
  name?: string;
  exchange?: ExchangeOptions;
  /** Needed when the source is `recording`. */
  recording?: readonly RecordingOptions[];
  /** @default BTCUSDT and ETHUSDT; those of the recording when the source is one */
  symbols?: readonly SymbolOptions[];
  risk?: RiskOptions;
  /** State that an earlier run left ({@link resumeFrom}). */
  resume?: Resume;
  /** At the end of the feed: wait for `stop()`, or end the run. @default 'idle' */
  whenFinished?: 'idle' | 'exit';
}

/** A symbol whose strategy is of any kind. */
type OpenSymbol = Omit<SymbolOptions, 'strategy'> & { strategy?: { name?: string } };

/** {@link MarketMakerOptions} that choose among any kinds; each kind reads its own options. */
export interface OpenOptions extends Omit<MarketMakerOptions, 'exchange' | 'symbols'> {
  exchange?: Omit<ConnectionOptions, 'source'> & { source?: string; venue?: string };
  symbols?: readonly OpenSymbol[];
}

const CONNECTION_DEFAULTS = {
  source: DEFAULT_SOURCE,
  speed: 60,
  seed: 1,
  startAt: Date.UTC(2026, 0, 1),
  callTimeout: 5_000,
  ordersPerSecond: 20,
} as const satisfies Required<Omit<ConnectionOptions, 'name'>>;

/** The defaults of {@link MarketMakerOptions}. */
export const DEFAULTS = {
  exchange: { name: DEFAULT_VENUE, ...CONNECTION_DEFAULTS, ...VENUES[DEFAULT_VENUE].defaults },
  symbols: SOURCES[DEFAULT_SOURCE].symbols([]).map((symbol) => ({ symbol })),
  strategy: STRATEGIES[DEFAULT_STRATEGY].defaults,
  risk: RISK_DEFAULTS,
};

/** A symbol with its strategy's defaults filled in. */
export interface ResolvedSymbol extends Omit<SymbolOptions, 'strategy'> {
  readonly strategy: { readonly name: string };
}

/** {@link OpenOptions} with the defaults filled in. */
export interface ResolvedOptions {
  readonly name: string | undefined;
  readonly exchange: Required<Omit<ConnectionOptions, 'source'>> & {
    readonly source: string;
    readonly venue: string;
  };
  readonly recording: readonly RecordingOptions[];
  readonly symbols: readonly ResolvedSymbol[];
  readonly risk: Required<RiskOptions>;
  readonly resume: Resume | undefined;
  readonly whenFinished: 'idle' | 'exit';
}

/** @throws TradingError `OPTIONS_INVALID` when the options contradict each other or name what there is not */
export function resolveOptions(options: OpenOptions, kinds: Kinds = KINDS): ResolvedOptions {
  const { name, resume, recording = [], whenFinished = 'idle' } = options;
  const { venue = DEFAULT_VENUE, source = DEFAULT_SOURCE } = options.exchange ?? {};
  const prices = kindOf(kinds.sources, source, 'source of prices');
  const problem = prices.problem?.(recording);
  if (problem !== undefined) throw new TradingError('OPTIONS_INVALID', problem);
  const symbols: readonly OpenSymbol[] =
    options.symbols ?? prices.symbols(recording).map((symbol) => ({ symbol }));
  const names = symbols.map(({ symbol }) => symbol);
  const repeated = names.find((symbol, index) => names.indexOf(symbol) !== index);
  if (repeated !== undefined) {
    throw new TradingError(
      'OPTIONS_INVALID',
      `The symbol ${repeated} is configured twice. Remove one of them.`,
    );
  }
  const { defaults } = kindOf(kinds.venues, venue, 'venue');
  return {
    name,
    exchange: { name: venue, ...CONNECTION_DEFAULTS, ...defaults, ...options.exchange, venue, source },
    recording,
    symbols: symbols.map((symbol) => ({ ...symbol, strategy: resolveStrategy(symbol.strategy, kinds) })),
    risk: { ...RISK_DEFAULTS, ...options.risk },
    resume: name === undefined ? resume : resume && ownPartOf(resume, names),
    whenFinished,
  };
}

function resolveStrategy(
  options: { readonly name?: string } = {},
  { strategies }: Kinds,
): ResolvedSymbol['strategy'] {
  const { name = DEFAULT_STRATEGY } = options;
  return { ...kindOf(strategies, name, 'strategy').defaults, ...options, name };
}
