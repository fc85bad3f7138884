import type { DecimalString, ExchangeStream, OrderType, Side } from '@opensqt/trading-events';

export interface OrderRequest {
  readonly symbol: string;
  /** Sending the same id twice places one order. */
  readonly clientOrderId: string;
  readonly side: Side;
  readonly orderType: OrderType;
  /** Absent for a market order. */
  readonly price?: DecimalString;
  readonly quantity: DecimalString;
}

/** A refusal by the venue is an answer, not an error. */
export type PlaceResult =
  | { readonly status: 'accepted'; readonly orderId: string }
  | { readonly status: 'rejected'; readonly orderId: string; readonly reason: string };

export type CancelResult = 'canceled' | 'not_found';

/** An order as the venue lists it. */
export interface VenueOrder {
  readonly orderId: string;
  readonly clientOrderId: string;
}

/** A trade of one of our orders. */
export interface Fill {
  readonly symbol: string;
  readonly orderId: string;
  readonly clientOrderId: string;
  readonly fillId: string;
  readonly side: Side;
  readonly price: DecimalString;
  readonly quantity: DecimalString;
  readonly remaining: DecimalString;
  readonly fee: DecimalString;
  readonly feeAsset: string;
}

export type ConnectionChange =
  | { readonly status: 'lost'; readonly stream: ExchangeStream; readonly reason: string }
  | { readonly status: 'restored'; readonly stream: ExchangeStream; readonly attempts: number };

/** Receives the venue's notifications. A fill may come before the answer to the order's placing. */
export interface ExchangeListener {
  onFill(fill: Fill): void;
  onConnection(change: ConnectionChange): void;
}

/** A venue's account. Calls reject with an ExchangeError when there is no answer. */
export interface ExchangePort {
  readonly name: string;
  placeOrder(request: OrderRequest): Promise<PlaceResult>;
  cancelOrder(symbol: string, orderId: string): Promise<CancelResult>;
  /** Cancels all open orders of the symbol and returns their ids. */
  cancelAll(symbol: string): Promise<readonly string[]>;
  openOrders(symbol: string): Promise<readonly VenueOrder[]>;
  subscribe(listener: ExchangeListener): void;
}
