import type { Side } from '@opensqt/trading-events';
import { Decimal } from '../../market/money';

/** A resting order of ours. */
export interface RestingOrder {
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly side: Side;
  readonly price: Decimal;
  readonly remaining: Decimal;
}

/** A trade's effect on a resting order: `order` is as it stands afterwards. */
export interface Match {
  readonly order: RestingOrder;
  readonly price: Decimal;
  readonly quantity: Decimal;
}

/** Our resting orders of one symbol, by price, then by time. */
export class OrderBook {
  private bids: RestingOrder[] = [];
  private asks: RestingOrder[] = [];
  private bestBid = -Infinity;
  private bestAsk = Infinity;

  add(order: RestingOrder): void {
    const side = order.side === 'buy' ? this.bids : this.asks;
    const behind = side.findIndex((other) =>
      order.side === 'buy' ? other.price.lt(order.price) : other.price.gt(order.price),
    );
    side.splice(behind < 0 ? side.length : behind, 0, order);
    this.updateBest();
  }

  remove(orderId: string): RestingOrder | undefined {
    const found = this.orders().find((order) => order.orderId === orderId);
    if (found !== undefined) {
      this.bids = this.bids.filter((order) => order !== found);
      this.asks = this.asks.filter((order) => order !== found);
      this.updateBest();
    }
    return found;
  }

  orders(): readonly RestingOrder[] {
    return [...this.bids, ...this.asks];
  }

  /** Fills the orders that the trade reaches, best price first, until its quantity is used up; each at its own price. */
  match(price: string, quantity: string): readonly Match[] {
    const approximate = Number(price);
    if (approximate > this.bestBid && approximate < this.bestAsk) return [];
    const traded = new Decimal(price);
    let left = new Decimal(quantity);
    const matches: Match[] = [];
    const fill = (order: RestingOrder, reached: boolean): RestingOrder | undefined => {
      if (!reached || left.isZero()) return order;
      const filled = Decimal.min(left, order.remaining);
      left = left.minus(filled);
      const after = { ...order, remaining: order.remaining.minus(filled) };
      matches.push({ order: after, price: order.price, quantity: filled });
      return after.remaining.isZero() ? undefined : after;
    };
    this.bids = this.bids.map((bid) => fill(bid, bid.price.gte(traded))).filter((bid) => bid !== undefined);
    this.asks = this.asks.map((ask) => fill(ask, ask.price.lte(traded))).filter((ask) => ask !== undefined);
    this.updateBest();
    return matches;
  }

  private updateBest(): void {
    this.bestBid = this.bids[0]?.price.toNumber() ?? -Infinity;
    this.bestAsk = this.asks[0]?.price.toNumber() ?? Infinity;
  }
}
