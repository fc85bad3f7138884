import type { DecimalString } from '@opensqt/trading-events';
import { quoteAssetOf } from '../market/market-rules';
import { Decimal } from '../market/money';

/** A fill's fee, and what it is a fee of. */
export interface FeeOfFill {
  readonly symbol: string;
  readonly price: DecimalString;
  readonly fee: DecimalString;
  readonly feeAsset: string;
}

/**
 * The fee in the symbol's quote currency: in another asset at the fill's price where it is the base asset, otherwise at the last price of the
 * symbol that converts it; undefined where none is known.
 *
 * @param priceOf last price of a symbol, as far as known
 * @param quoteAsset asset that the symbol is priced in. Without it, as the name says: one that it ends with, or has where no other is known
 */
export function feeInQuote(
  { symbol, price, fee, feeAsset }: FeeOfFill,
  priceOf: (symbol: string) => DecimalString | undefined,
  quoteAsset = quoteAssetOf(symbol),
): Decimal | undefined {
  const quote = quoteAsset ?? 'quote';
  const amount = new Decimal(fee);
  const isNamed = symbol.endsWith(feeAsset) || (quoteAsset === undefined && symbol.indexOf(feeAsset) > 0);
  if (amount.isZero() || feeAsset === quote || isNamed) return amount;
  if (symbol.startsWith(feeAsset)) return amount.times(price);
  const rate = priceOf(`${feeAsset}${quote}`) ?? priceOf(`${feeAsset}/${quote}`);
  return rate === undefined ? undefined : amount.times(rate);
}
