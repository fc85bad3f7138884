import {
  amount,
  choice,
  describeViolations,
  duration,
  instant,
  kindSection,
  list,
  number,
  numberKind,
  parseOptions,
  rule,
  scalar,
  text,
  wholeNumber,
} from '@opensqt/trading-events/options';
import { z } from 'zod';
import { KINDS, type Kinds } from './kinds';
import { marketRules, quoteAssetsOf } from './market/market-rules';
import { plain, plainNumber } from './market/money';
import type { MarketSpeed } from './market/pacer';
import { recordingOptions } from './market/recording.options';
import { DEFAULT_SOURCE, type SourceName } from './market/sources';
import { symbolName } from './market/symbol-name';
import { type Resume, ownPartOf } from './resume/resume';
import { riskOptions } from './risk-monitor/risk.options';
import { DEFAULT_STRATEGY, type STRATEGIES, type StrategyName } from './strategy/registry';
import { smallestOf } from './strategy/strategy';
import { TradingError } from './trading-error';
import { DEFAULT_VENUE, type VENUES, type VenueName } from './venues/registry';

export type { MarketSpeed };

const factor = numberKind('number', { above: 0, max: 1_000_000 });
const speed = scalar<MarketSpeed>({
  ...factor,
  allowed: `${factor.allowed}, or max`,
  hint: {
    title: 'number or `max`',
    anyOf: [{ const: 'max' }, { type: 'number', exclusiveMinimum: 0 }, { type: 'string' }],
  },
  read: (raw) => (raw === 'max' ? 'max' : factor.read(raw)),
});

/** The source of prices, and the connection to the venue, whichever they are. */
function connectionOptions({ sources }: Kinds, venue: VenueName) {
  return z.strictObject({
    /** The venue that orders go to. @default 'paper' */
    venue: z.literal(venue).prefault(venue).meta({ codeOnly: true }),
    /** Name of the venue in events, metrics and alerts. @default 'paper' */
    name: text({
      allowed: 'a name of letters, digits and . _ -',
      pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/,
    }).prefault(venue),
    /** The source of trades: a seeded generator, or files of real trades. @default 'simulated' */
    source: choice(Object.keys(sources) as SourceName[], {
      live: 'live is planned and not available yet',
    }).prefault(DEFAULT_SOURCE),
    /** Market seconds per second of the wall clock; `max`: as fast as it goes. @default 60 */
    speed: speed.prefault(60),
    /** Seed of all that is random: the same seed gives the same run. @default 1 */
    seed: wholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER }).prefault(1),
    /** Market time at which the simulation starts. @unit epoch ms @default '2026-01-01T00:00:00Z' */
    startAt: instant.prefault('2026-01-01T00:00:00Z'),
    /** A call to the exchange that takes longer has failed. @unit ms @default '5s' */
    callTimeout: duration({ min: '1ms' }).prefault('5s'),
    /** Orders sent per second of market time; twice as many in a burst. @default 20 */
    ordersPerSecond: number({ above: 0, max: 10_000 }).prefault(20),
    /** At the end of a recording: go on serving metrics and health, or end the run. @default 'serve' */
    whenFinished: choice(['serve', 'exit']).prefault('serve'),
  });
}

/** A symbol that is traded, and how. */
function symbolOptions({ strategies }: Kinds) {
  const sections = Object.entries(strategies).map(([name, { options }]) => [name, options] as const);
  return z.strictObject({
    /** The symbol's name at the venue. */
    symbol: symbolName,
    /** The strategy and its options. */
    strategy: (
      kindSection('name', Object.fromEntries(sections), DEFAULT_STRATEGY) as z.ZodType<
        z.output<StrategySection>,
        z.input<StrategySection>
      >
    ).prefault({}),
    /** Price step. Absent: six significant digits of the first price. */
    tickSize: amount.optional(),
    /** Quantity step. Absent: worth less than one unit of the quote currency. */
    lotSize: amount.optional(),
    /** Least price × quantity of an order that the venue takes, in quote currency. Absent: only the lot counts. */
    minNotional: amount.optional(),
    /**
     * Asset that the symbol is priced in, such as USDT. Absent: as the symbol's name says. After a restart, earlier fees in an asset
     * that the name does not have are counted only at a known price.
     */
    quoteAsset: text({
      allowed: 'an asset in capitals, such as USDT',
      pattern: /^[A-Z0-9.]{1,16}$/,
    }).optional(),
    /** First price of the simulated market. Absent: 60000 for BTCUSDT, 3000 for ETHUSDT, 100 for others. */
    startPrice: amount.optional(),
    /** Time without a price of the symbol after which it is stale. Absent: `risk.maxMarketDataAge`. @unit ms */
    maxMarketDataAge: duration({ min: '1s' }).optional(),
  });
}

type Connection = ReturnType<typeof connectionOptions>;
type StrategySection = (typeof STRATEGIES)[StrategyName]['options'];
type VenueSection = (typeof VENUES)[VenueName]['options'];

/** The sections that a configuration file has, too. */
export function tradingSections(kinds: Kinds = KINDS) {
  const venues = Object.entries(kinds.venues).map(([name, { options }]) => {
    const connection = connectionOptions(kinds, name as VenueName);
    return [name, connection.extend(options.shape)] as const;
  });
  return {
    /** The venue and its market data. */
    exchange: (
      kindSection('venue', Object.fromEntries(venues), DEFAULT_VENUE) as z.ZodType<
        z.output<Connection> & z.output<VenueSection>,
        z.input<Connection> & z.input<VenueSection>
      >
    ).prefault({}),
    /** Files of real trades; needed when the source is `recording`. @default [] */
    recording: recordingOptions,
    /** The symbols that are traded. Absent: BTCUSDT and ETHUSDT, or with a recording its symbols. */
    symbols: list(symbolOptions(kinds)).optional(),
    /** Limits. */
    risk: riskOptions,
  };
}

/** The options of a market maker whose sections are of these kinds. */
function marketMakerSchema(kinds: Kinds = KINDS) {
  return z
    .strictObject({
      /**
       * Distinguishes this market maker from others whose events are in the same log: it is part of the ids of events and orders,
       * and what was left of symbols that are not configured here is for the others. Absent: there are no others.
       */
      name: text({ allowed: 'a name' }).optional(),
      ...tradingSections(kinds),
      /** `market.sampled` and `exchange.sampled` are stated at most so often, in market time. @unit ms @default '10s' */
      sampleInterval: duration({ min: '100ms' }).prefault('10s'),
      /** State that an earlier run left ({@link resumeFrom}). */
      resume: z.custom<Resume>(isResume, 'what resumeFrom() returns').optional(),
    })
    .superRefine(symbolsOnce)
    .superRefine(pricedSymbols(kinds))
    .superRefine(tradableSizes(kinds))
    .superRefine(oneQuoteCurrency(kinds));
}

/**
 * A market maker's options; all of them optional. Names are those of the configuration file in camelCase; durations
 * are milliseconds of market time, or a text such as `4h`.
 *
 * @example
 * createMarketMaker({ exchange: { seed: 7, speed: 'max' }, symbols: [{ symbol: 'BTCUSDT' }] }, ports);
 */
export type MarketMakerOptions = z.input<ReturnType<typeof marketMakerSchema>>;

type ReadOptions = z.output<ReturnType<typeof marketMakerSchema>>;

/** The options with their defaults, and with the symbols that follow from the source where none are named. */
export type ResolvedOptions = ReadOptions & { readonly symbols: readonly ResolvedSymbol[] };

/** A symbol with its strategy's defaults filled in. */
export type ResolvedSymbol = NonNullable<ReadOptions['symbols']>[number];

/** The keys that rules between them look at. */
type Traded = Pick<
  z.output<z.ZodObject<ReturnType<typeof tradingSections>>>,
  'exchange' | 'recording' | 'symbols'
>;

/** Each symbol is there once, and one at least is. */
export const symbolsOnce = rule<Traded>(['symbols'], ({ symbols }) => {
  if (symbols?.length === 0) {
    return { path: ['symbols'], found: 'an empty list', allowed: 'at least one symbol, or no such key' };
  }
  const names = (symbols ?? []).map(({ symbol }) => symbol);
  return names.flatMap((symbol, index) => {
    if (names.indexOf(symbol) === index) return [];
    return {
      path: ['symbols', index, 'symbol'],
      found: `${symbol} a second time`,
      allowed: 'each symbol once',
    };
  });
});

/** The source has prices for all that is traded. */
export function pricedSymbols({ sources }: Kinds = KINDS) {
  return rule<Traded>(['exchange.source', 'recording'], ({ exchange, recording, symbols = [] }) => {
    const names = symbols.map(({ symbol }) => symbol);
    return sources[exchange.source]?.objections?.(recording, names) ?? [];
  });
}

/** No order is smaller than the market takes, where the price is known before the start. */
export function tradableSizes({ sources, strategies }: Kinds = KINDS) {
  return rule<Traded>(['exchange.source', 'symbols'], ({ exchange, symbols = [] }) =>
    symbols.flatMap((options, index) => {
      const price = sources[exchange.source]?.firstPrice?.(options);
      const kind = strategies[options.strategy.name];
      if (price === undefined || kind === undefined) return [];
      const { tickSize, lotSize, minNotional } = marketRules(price, options);
      const strategy = kind.create(options.strategy);
      const state = strategy.evolve(strategy.initial, { time: exchange.startAt, price, quantity: 1 });
      const market = { price, tickSize: tickSize.toNumber(), position: 0 };
      const minimum = { lot: lotSize.toNumber(), notional: minNotional.toNumber() };
      const smallest = smallestOf(strategy.decide(state, market).orders, minimum);
      if (smallest === undefined || smallest.quantity >= smallest.least) return [];
      return {
        path: ['symbols', index, 'strategy'],
        found: `orders of ${plainNumber(smallest.quantity)} ${options.symbol} at a price of ${plainNumber(price)}`,
        allowed:
          smallest.least > minimum.lot
            ? `orders of at least ${plainNumber(smallest.least)}, by min_notional ${plain(minNotional)}; raise the order's size (order_notional)`
            : `orders of at least one lot, ${plain(lotSize)}; raise the order's size (order_notional), or lower lot_size`,
      };
    }),
  );
}

/** One quote currency for all: limits never add amounts of different ones. */
export function oneQuoteCurrency({ sources }: Kinds = KINDS) {
  return rule<Traded>(['symbols', 'recording'], ({ exchange, recording, symbols }) => {
    const names = symbols?.map(({ symbol }) => symbol) ?? sources[exchange.source]?.symbols(recording) ?? [];
    const [first, ...others] = names;
    if (first === undefined) return undefined;
    const quoteAssetOf = quoteAssetsOf(symbols ?? []);
    const asset = quoteAssetOf(first);
    const other = others.find(
      (name) => name !== first && (asset === undefined || quoteAssetOf(name) !== asset),
    );
    if (other === undefined) return undefined;
    const priced = (name: string): string =>
      `${name}, priced in ${quoteAssetOf(name) ?? 'an unknown currency'}`;
    return {
      path: symbols === undefined ? ['symbols'] : ['symbols', names.indexOf(other), 'symbol'],
      found: `${priced(other)}, beside ${priced(first)}`,
      allowed:
        'symbols of one known quote currency, because max_exposure and max_drawdown add them up; name it in quote_asset of symbols whose name does not say it, or run one market maker per currency',
    };
  });
}

/** The symbols that are traded, also where the options name none. */
export function tradedSymbols(options: Traded, kinds: Kinds = KINDS): readonly ResolvedSymbol[] {
  if (options.symbols !== undefined) return options.symbols;
  const names = kinds.sources[options.exchange.source]?.symbols(options.recording) ?? [];
  return names.map((symbol) => symbolOptions(kinds).parse({ symbol }));
}

/** @throws TradingError `OPTIONS_INVALID` with everything that is wrong */
export function resolveOptions(options: unknown, kinds: Kinds = KINDS): ResolvedOptions {
  const read = parseOptions(
    marketMakerSchema(kinds),
    options,
    (violations) =>
      new TradingError(
        'OPTIONS_INVALID',
        `The market maker's options are wrong:\n${describeViolations(violations)}`,
      ),
  );
  const symbols = tradedSymbols(read, kinds);
  const { name, resume } = read;
  const names = symbols.map(({ symbol }) => symbol);
  return {
    ...read,
    symbols,
    ...(name === undefined || resume === undefined ? {} : { resume: ownPartOf(resume, names) }),
  };
}

function isResume(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'since' in value;
}
