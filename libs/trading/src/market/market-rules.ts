import { Decimal } from './money';

/** The steps that a symbol's prices and quantities come in. */
export interface MarketRules {
  /** Price step, quote currency. */
  readonly tickSize: Decimal;
  /** Quantity step, base asset. */
  readonly lotSize: Decimal;
}

const QUOTE_ASSETS = [
  'USDT',
  'USDC',
  'FDUSD',
  'BUSD',
  'TUSD',
  'EUR',
  'USD',
  'GBP',
  'TRY',
  'BTC',
  'ETH',
  'BNB',
];

/**
 * The rules of a symbol, from what is configured and otherwise from the size of its price: six significant digits of
 * price, and a lot worth less than one unit of the quote currency.
 */
export function marketRules(
  price: number,
  configured: { readonly tickSize?: string | undefined; readonly lotSize?: string | undefined } = {},
): MarketRules {
  const magnitude = Math.floor(Math.log10(price));
  return {
    tickSize: new Decimal(configured.tickSize ?? new Decimal(10).pow(magnitude - 5)),
    lotSize: new Decimal(configured.lotSize ?? new Decimal(10).pow(-magnitude - 1)),
  };
}

/** The asset that a symbol is priced in, by its suffix; undefined when the suffix is none of the usual ones. */
export function quoteAssetOf(symbol: string): string | undefined {
  const pair = symbol.toUpperCase();
  return QUOTE_ASSETS.find((asset) => pair.length > asset.length && pair.endsWith(asset));
}

/** The asset that all of these symbols are priced in; undefined when there are several, or one is not known. */
export function commonQuoteAssetOf(symbols: readonly string[]): string | undefined {
  const [asset, ...others] = new Set(symbols.map(quoteAssetOf));
  return others.length === 0 ? asset : undefined;
}
