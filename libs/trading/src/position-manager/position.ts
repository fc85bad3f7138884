import type { Side } from '@opensqt/trading-events';
import { Decimal, type DecimalInput } from '../market/money';

/** The holding of a symbol. */
export interface Position {
  /** Base asset; negative when short. */
  readonly size: Decimal;
  /** Average cost per unit, quote currency; zero when flat. */
  readonly entryPrice: Decimal;
}

/** The part of a fill that changes a position. Amounts are decimal strings or decimals, above zero. */
export interface PositionFill {
  readonly side: Side;
  readonly price: DecimalInput;
  readonly quantity: DecimalInput;
}

/** The effect of a fill. */
export interface PositionChange {
  readonly position: Position;
  /** Profit (positive) or loss (negative) of the part that was closed, quote currency, before fees. */
  readonly realizedPnl: Decimal;
}

const ZERO = new Decimal(0);

/** No position. */
export const FLAT: Position = { size: ZERO, entryPrice: ZERO };

/**
 * Average-cost accounting. A fill in the position's direction moves the entry price to the average; one against it
 * realizes (fill price − entry price) × closed quantity, signed by the side that is closed, and leaves the entry price. A
 * fill through zero closes the old side and opens the other at the fill's price.
 *
 * @example
 * const long = applyFill(FLAT, { side: 'buy', price: '100', quantity: '2' }).position;
 * applyFill(long, { side: 'sell', price: '110', quantity: '3' });
 * // realizedPnl 20, position −1 at 110
 */
export function applyFill(position: Position, fill: PositionFill): PositionChange {
  const price = new Decimal(fill.price);
  const quantity = new Decimal(fill.quantity);
  const signed = fill.side === 'buy' ? quantity : quantity.negated();
  const size = position.size.plus(signed);

  const opens = position.size.isZero() || position.size.isPositive() === signed.isPositive();
  if (opens) {
    const cost = position.size.times(position.entryPrice).plus(signed.times(price));
    return { position: { size, entryPrice: cost.div(size) }, realizedPnl: ZERO };
  }
  const closed = Decimal.min(quantity, position.size.abs());
  const gainPerUnit = price.minus(position.entryPrice);
  const realizedPnl = gainPerUnit.times(position.size.isPositive() ? closed : closed.negated());
  if (size.isZero()) return { position: FLAT, realizedPnl };
  const flipped = size.isPositive() !== position.size.isPositive();
  return { position: { size, entryPrice: flipped ? price : position.entryPrice }, realizedPnl };
}

/** The profit or loss of closing the position at `price`, quote currency. */
export function unrealizedPnl(position: Position, price: DecimalInput): Decimal {
  return new Decimal(price).minus(position.entryPrice).times(position.size);
}
