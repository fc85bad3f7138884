import { Decimal } from '../market/money';
import type { Price } from './mark-price';
import { type Position, unrealizedPnl } from './position';

/** A position for those who only compare: numbers beside the exact amounts. */
export interface PositionView {
  readonly symbol: string;
  readonly position: Position;
  /** Profit or loss of this run, quote currency, before fees. */
  readonly realized: Decimal;
  readonly mark: Price | undefined;
  /** The last one that an earlier run knew. */
  readonly lastPrice: Price | undefined;
  readonly size: number;
  /** At the mark price, quote currency, never negative. */
  readonly notional: number;
  readonly unrealized: number;
}

/** The value of the positions at their mark prices, long and short added up, to the last digit. */
export function exactNotional(views: readonly PositionView[]): Decimal {
  return Decimal.sum(0, ...views.map((view) => view.position.size.abs().times(priceOf(view))));
}

/** The profit or loss of closing the positions at their mark prices, to the last digit. */
export function exactUnrealized(views: readonly PositionView[]): Decimal {
  return Decimal.sum(0, ...views.map((view) => unrealizedPnl(view.position, priceOf(view))));
}

/** False for a position whose value is not known yet: nothing has traded since the start. */
export function isValued({ size, mark }: PositionView): boolean {
  return size === 0 || mark !== undefined;
}

/** False for a position that could only be valued at its cost: the step to its value would be neither profit nor loss. */
export function isPriced({ size, mark, lastPrice }: PositionView): boolean {
  return size === 0 || (mark ?? lastPrice) !== undefined;
}

/** A position that has no mark price yet is valued at the last price of an earlier run, and without one at its cost. */
function priceOf({ position, mark, lastPrice }: PositionView) {
  return (mark ?? lastPrice)?.exact ?? position.entryPrice;
}
