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

interface ConfiguredRules {
  readonly tickSize?: string | undefined;
  readonly lotSize?: string | undefined;
  readonly minNotional?: string | undefined;
}

/** Those that a name may end with; one that ends with another is before it, unless base assets end with the letter between. */
const QUOTE_ASSETS =
  'USDT USDC FDUSD PYUSD RLUSD USDE USD1 USD TUSD BUSD DAI EUR GBP JPY KRW AUD CAD CHF NZD CNY HKD SGD INR IDR THB PHP VND TRY PLN CZK HUF RON SEK NOK DKK UAH RUB ILS AED ZAR NGN BRL MXN ARS CLP COP PEN BTC ETH BNB'.split(
    ' ',
  );

/** Others that end so are priced in USD: DOTUSD, SHIBUSD. */
const IN_TUSD_OR_BUSD = /^(?:BTC|ETH|BNB|SOL|XRP|ADA|LTC|TRX|DOGE)([TB]USD)$/;

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

/** The asset that a symbol is priced in. */
export type QuoteAssetOf = (symbol: string) => string | undefined;

/**
 * The asset that a symbol is priced in, as its name says: the one after its slash, otherwise the last known one that a part of the name is or
 * ends with (BTCUSDT, BTC-USDT-SWAP, BTCUSD_PERP); undefined without any.
 */
export function quoteAssetOf(symbol: string): string | undefined {
  const pair = symbol.toUpperCase();
  const named = /^[^/]+\/([A-Z0-9]+)/.exec(pair)?.[1];
  if (named !== undefined) return named;
  const parts = pair.split(/[-_:]/);
  const assets = parts.map((part, index) =>
    index > 0 && QUOTE_ASSETS.includes(part) ? part : assetAtEndOf(part),
  );
  return assets.findLast((asset) => asset !== undefined);
}

function assetAtEndOf(part: string): string | undefined {
  const [, asset] = IN_TUSD_OR_BUSD.exec(part) ?? [];
  return asset ?? QUOTE_ASSETS.find((known) => part.length > known.length && part.endsWith(known));
}

/** The assets that these symbols are priced in: as configured, otherwise as their names say. */
export function quoteAssetsOf(
  symbols: readonly { readonly symbol: string; readonly quoteAsset?: string | undefined }[],
): QuoteAssetOf {
  const configured = new Map(symbols.map(({ symbol, quoteAsset }) => [symbol, quoteAsset]));
  return (symbol) => configured.get(symbol) ?? quoteAssetOf(symbol);
}

/** The asset that all of these are; undefined when there are several, or one is not known. */
export function commonAssetOf(assets: readonly (string | undefined)[]): string | undefined {
  const [asset, ...others] = new Set(assets);
  return others.length === 0 ? asset : undefined;
}
