import { createEvent } from '../catalogue/create-event';
import { type Amount, exact, exactAmounts } from '../catalogue/exact-amounts';
import type { Side } from '../events/domain-event';
import type { OrderType } from '../events/order-executor.events';
import type { EventOf } from '../events/trading-event';
import { derivedId } from '../ids';

type Missing = null | undefined;

/** A fee of ccxt's unified structures. */
export interface CcxtFee {
  readonly cost?: Amount | Missing;
  readonly currency?: string | Missing;
}

/** ccxt's unified trade: the part of it that events are made of. Source: https://docs.ccxt.com/#/?id=trade-structure */
export interface CcxtTrade {
  readonly id?: string | Missing;
  readonly order?: string | Missing;
  readonly symbol?: string | Missing;
  readonly side?: string | Missing;
  readonly price?: Amount | Missing;
  readonly amount?: Amount | Missing;
  /** Epoch milliseconds. */
  readonly timestamp?: number | Missing;
  readonly fee?: CcxtFee | Missing;
  readonly fees?: readonly CcxtFee[] | Missing;
}

/** ccxt's unified order: the part of it that events are made of. Source: https://docs.ccxt.com/#/?id=order-structure */
export interface CcxtOrder {
  readonly id?: string | Missing;
  readonly clientOrderId?: string | Missing;
  readonly symbol?: string | Missing;
  readonly status?: string | Missing;
  readonly type?: string | Missing;
  readonly timeInForce?: string | Missing;
  readonly postOnly?: boolean | Missing;
  readonly side?: string | Missing;
  readonly price?: Amount | Missing;
  readonly amount?: Amount | Missing;
  readonly timestamp?: number | Missing;
  readonly lastTradeTimestamp?: number | Missing;
  readonly lastUpdateTimestamp?: number | Missing;
  readonly trades?: readonly CcxtTrade[] | Missing;
}

/** The facts that ccxt's structures lack. */
export interface CcxtContext {
  /** The strategy whose order it is. @default 'ccxt' */
  readonly strategy?: string;
  /** Of a trade alone: the amount of its order that is still open after it. @default 0, as if it had filled the order */
  readonly remaining?: Amount;
}

type OrderEvent = EventOf<'order.placed' | 'order.filled' | 'order.canceled' | 'order.rejected'>;

/**
 * Makes events of an order or a trade as ccxt gives it, from REST or a stream. The same order or trade given again makes events of the same
 * ids, which count once: whatever `fetchOrders`, `watchOrders` and `watchMyTrades` repeat may be passed on.
 *
 * - an order: `order.placed`; its end, `order.canceled` (also of one that expired) or `order.rejected`, which was never placed
 * - its `trades`, where the exchange gives them, or a trade alone: `order.filled`, once for each trade id
 *
 * An order's `filled` makes no events: without its trades nobody knows at which prices. Of several `fees` the first counts.
 *
 * @param given an order or a trade of ccxt's unified structure
 * @returns frozen events, in the order in which they happened, to be emitted under their types; what is missing in them is refused with its name
 * @example
 * for (const order of await exchange.watchOrders())
 *   for (const event of fromCcxt(order, { strategy: 'grid' })) emitter.emit(event.type, event);
 */
export function fromCcxt(given: CcxtOrder | CcxtTrade, context: CcxtContext = {}): readonly OrderEvent[] {
  return 'order' in given ? [filled(given, context)] : ofOrder(given as CcxtOrder, context);
}

function ofOrder(order: CcxtOrder, context: CcxtContext): readonly OrderEvent[] {
  const { strategy, symbol, side, orderId } = common(order.symbol, order.side, order.id, context);
  const about = { strategy, symbol, side, orderId };
  const id = (fact: string): string => derivedId('ccxt', fact, symbol, orderId);
  const endedAt = order.lastUpdateTimestamp ?? order.lastTradeTimestamp ?? order.timestamp;
  if (order.status === 'rejected')
    return [
      createEvent('order.rejected', { ...about, reason: 'rejected' }, envelope(id('rejected'), endedAt)),
    ];
  const data = exactAmounts('order.placed', {
    ...about,
    clientOrderId: order.clientOrderId ?? orderId,
    orderType: typeOf(order),
    ...(order.price === null || order.price === undefined || order.type === 'market'
      ? {}
      : { price: order.price }),
    quantity: order.amount ?? '',
  });
  const placed = createEvent('order.placed', data, envelope(id('placed'), order.timestamp));
  const isOver = order.status === 'canceled' || order.status === 'expired';
  const canceled = isOver
    ? [createEvent('order.canceled', { ...about, reason: order.status }, envelope(id('canceled'), endedAt))]
    : [];
  return [placed, ...fillsOf(order, context), ...canceled];
}

/** The fills, each with what remains of the order after it. */
function fillsOf(order: CcxtOrder, context: CcxtContext): readonly OrderEvent[] {
  const trades = [...(order.trades ?? [])].sort((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0));
  let remaining = unitsOf(order.amount);
  return trades.map((trade) => {
    remaining -= unitsOf(trade.amount);
    if (remaining < 0n) remaining = 0n;
    const ofOrder = {
      ...trade,
      order: order.id,
      symbol: trade.symbol ?? order.symbol,
      side: trade.side ?? order.side,
    };
    return filled(ofOrder, { ...context, remaining: written(remaining) });
  });
}

function filled(trade: CcxtTrade, context: CcxtContext): OrderEvent {
  const { symbol, orderId, ...about } = common(trade.symbol, trade.side, trade.order ?? trade.id, context);
  const fillId = trade.id ?? `${trade.timestamp ?? ''} ${String(trade.price)} ${String(trade.amount)}`;
  // Of several, ccxt gives `fee` without a cost.
  const fee = [trade.fee, ...(trade.fees ?? [])].find((each) => (each?.cost ?? undefined) !== undefined);
  const data = exactAmounts('order.filled', {
    ...{ ...about, symbol, orderId, fillId },
    price: trade.price ?? '',
    quantity: trade.amount ?? '',
    remaining: context.remaining ?? '0',
    fee: fee?.cost ?? '0',
    feeAsset: fee?.currency ?? quoteOf(symbol),
  });
  const id = derivedId('ccxt', 'filled', symbol, orderId, fillId);
  return createEvent('order.filled', data, envelope(id, trade.timestamp));
}

function common(
  symbol: string | Missing,
  side: string | Missing,
  orderId: string | Missing,
  { strategy = 'ccxt' }: CcxtContext,
): { readonly strategy: string; readonly symbol: string; readonly side: Side; readonly orderId: string } {
  return { strategy, symbol: symbol ?? '', side: side as Side, orderId: orderId ?? '' };
}

function envelope(
  id: string,
  occurredAt: number | Missing,
): { readonly id: string; readonly occurredAt?: number } {
  return occurredAt === null || occurredAt === undefined ? { id } : { id, occurredAt };
}

function typeOf({ type, postOnly, timeInForce }: CcxtOrder): OrderType {
  if (type === 'market') return 'market';
  return postOnly === true || timeInForce === 'PO' ? 'post_only' : 'limit';
}

/** `USDT` of `BTC/USDT` and of `BTC/USDT:USDT`. */
function quoteOf(symbol: string): string {
  return symbol.split('/')[1]?.split(':')[0] ?? symbol;
}

const DECIMALS = 40;

/** The amount in units of its last decimal; 0 where it is none. */
function unitsOf(amount: Amount | Missing): bigint {
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(String(exact(amount))) ?? [];
  return whole === undefined ? 0n : BigInt(whole + fraction.slice(0, DECIMALS).padEnd(DECIMALS, '0'));
}

function written(units: bigint): string {
  const digits = units.toString().padStart(DECIMALS + 1, '0');
  return `${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`.replace(/\.?0+$/, '');
}
