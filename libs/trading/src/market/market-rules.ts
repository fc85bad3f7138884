import { Decimal } from './money';

/** The steps that a symbol's prices and quantities come in, and the least order that the venue takes. */
export interface MarketRules {
  /** Price step, quote currency. */
  readonly tickSize: Decimal;
  /** Quantity step, base asset. */
  readonly lotSize: Decimal;
  /** Least price × quantity, quote currency; zero where only the lot counts. */
  readonly minNotional: Decimal;
}

/** The rules that may be configured. */
interface ConfiguredRules {
  readonly tickSize?: string | undefined;
  readonly lotSize?: string | undefined;
  readonly minNotional?: string | undefined;
}

const QUOTE_ASSETS = [
  'USDT',
  'USDC',
  'FDUSD',
  'BUSD',
  'TUSD',
  'DAI',
  'EUR',
  'USD',
  'GBP',
  'TRY',
  'JPY',
  'KRW',
  'AUD',
  'CAD',
  'CHF',
  'BRL',
  'BTC',
  'ETH',
  'BNB',
];

/**
 * The rules of a symbol, from what is configured and otherwise from the size of its price: six significant digits of
 * price, and a lot worth less than one unit of the quote currency.
 */
export function marketRules(price: number, configured: ConfiguredRules = {}): MarketRules {
  const magnitude = Math.floor(Math.log10(price));
  return {
    tickSize: new Decimal(configured.tickSize ?? new Decimal(10).pow(magnitude - 5)),
    lotSize: new Decimal(configured.lotSize ?? new Decimal(10).pow(-magnitude - 1)),
    minNotional: new Decimal(configured.minNotional ?? 0),
  };
}

/** The asset that a symbol is priced in: the one after its slash, otherwise its suffix; undefined when that is none of the usual ones. */
export function quoteAssetOf(symbol: string): string | undefined {
  const pair = symbol.toUpperCase();
  const named = /^[^/]+\/([A-Z0-9]+)/.exec(pair)?.[1];
  if (named !== undefined) return named;
  return QUOTE_ASSETS.find((asset) => pair.length > asset.length && pair.endsWith(asset));
}

/** True for two symbols that are known to be priced in the same asset. */
export function haveOneQuoteAsset(one: string, other: string): boolean {
  const asset = quoteAssetOf(one);
  return asset !== undefined && asset === quoteAssetOf(other);
}

/** The asset that all of these symbols are priced in; undefined when there are several, or one is not known. */
export function commonQuoteAssetOf(symbols: readonly string[]): string | undefined {
  const [asset, ...others] = new Set(symbols.map(quoteAssetOf));
  return others.length === 0 ? asset : undefined;
}
