import type { DecimalString, DomainEvent, DurationMs, Side } from './domain-event';

/** The way an order meets the book; `post_only` is refused by the venue rather than filled from the book. */
export type OrderType = 'limit' | 'market' | 'post_only';

export interface OrderPlaced {
  readonly symbol: string;
  readonly strategy: string;
  /** The venue's id. */
  readonly orderId: string;
  /** Ours: sending it twice places one order. */
  readonly clientOrderId: string;
  readonly side: Side;
  readonly orderType: OrderType;
  /** Absent for a market order. */
  readonly price?: DecimalString;
  readonly quantity: DecimalString;
  /** Measured time from the price that led to the order until the order was sent. */
  readonly tickToTradeMs?: DurationMs;
}

export interface OrderFilled {
  readonly symbol: string;
  readonly strategy: string;
  readonly orderId: string;
  /** The venue's id of this trade. */
  readonly fillId: string;
  readonly side: Side;
  readonly price: DecimalString;
  /** Base asset filled now. */
  readonly quantity: DecimalString;
  /** Base asset still open; `0` when the order is done. */
  readonly remaining: DecimalString;
  readonly fee: DecimalString;
  readonly feeAsset: string;
}

export interface OrderCanceled {
  readonly symbol: string;
  readonly strategy: string;
  readonly orderId: string;
  readonly side: Side;
  /** Reason code, such as `requote` or `circuit_breaker`. */
  readonly reason: string;
}

/** The venue refused the order. A refusal by our own risk check is another fact and never reaches the venue. */
export interface OrderRejected {
  readonly symbol: string;
  readonly strategy: string;
  /** The venue's id, or the client order id when the venue gave none. */
  readonly orderId: string;
  readonly side: Side;
  readonly reason: string;
}

/** Facts stated by the OrderExecutor. */
export type OrderExecutorEvent =
  | DomainEvent<'order.placed', OrderPlaced>
  | DomainEvent<'order.filled', OrderFilled>
  | DomainEvent<'order.canceled', OrderCanceled>
  | DomainEvent<'order.rejected', OrderRejected>;
