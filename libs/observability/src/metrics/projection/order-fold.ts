import {
  type EpochMs,
  type OrderCanceled,
  type OrderFilled,
  type OrderPlaced,
  type OrderRejected,
} from '@opensqt/trading-events';
import { Decimal } from 'decimal.js';
import { ExactSum } from '../../projections/exact-sum';
import { observe } from './histogram';
import { type MetricsState, type SymbolMetrics, symbolMetrics } from './metrics.state';
import { countReason } from './reason-codes';

/**
 * Beyond so many open orders of a symbol, the longest open one is forgotten: a source that never closes any must not eat the
 * memory. Ten times what Binance allows (MAX_NUM_ORDERS, 200 per symbol).
 */
const MAX_OPEN_ORDERS = 2_000;
/** Closed orders of a symbol that are remembered: what a venue repeats, or reports late, is about its last ones. */
const MAX_CLOSED_ORDERS = 500;
/** Assets that a symbol's fees are counted in. */
const MAX_FEE_ASSETS = 10;
/** Digits of a sum, on either side of its point. */
const SUM_DIGITS = 45;

const Exact = Decimal.clone({ precision: 100 });

/** Counts an order once, however often it is stated. One that is stated after its end was placed all the same, and is not open. */
export function place(state: MetricsState, order: OrderPlaced, at: EpochMs): void {
  const metrics = symbolMetrics(state, order.symbol);
  const side = metrics.sides[order.side];
  const { openOrders, closedOrders } = metrics;
  const counted = closedOrders.get(order.orderId);
  if (counted === true || openOrders.has(order.orderId)) return;
  if (counted === false) {
    closedOrders.set(order.orderId, true);
  } else {
    for (const eldest of openOrders.keys()) {
      if (openOrders.size < MAX_OPEN_ORDERS) break;
      close(metrics, eldest);
    }
    openOrders.set(order.orderId, { side: order.side, at });
    side.active += 1;
  }
  side.placed[order.orderType] += 1;
  if (order.tickToTradeMs !== undefined) observe(metrics.tickToTrade, order.tickToTradeMs);
  countQuoting(metrics, at);
}

/** Counts a fill, its volume and its fee. */
export function fill(state: MetricsState, fill: OrderFilled, at: EpochMs): void {
  const metrics = symbolMetrics(state, fill.symbol);
  metrics.sides[fill.side].filled += 1;
  metrics.volume.add(fill.quantity);
  addTurnover(metrics.turnover, fill);
  countFee(metrics, fill);
  countQuoting(metrics, at);
  if (!isZero(fill.remaining)) return;
  const placed = metrics.openOrders.get(fill.orderId);
  if (placed !== undefined) observe(metrics.timeToFill, Math.max(0, at - placed.at) / 1_000);
  close(metrics, fill.orderId);
}

/** Adds price × quantity, exactly as far as a sum goes. */
export function addTurnover(
  sum: ExactSum,
  { price, quantity }: Pick<OrderFilled, 'price' | 'quantity'>,
): void {
  if (sum.addProduct(price, quantity)) return;
  const turnover = new Exact(price).abs().times(quantity);
  if (turnover.e < SUM_DIGITS) sum.add(turnover.toDecimalPlaces(SUM_DIGITS).toFixed());
}

/** Counts a cancellation once, however often it is stated. */
export function cancel(state: MetricsState, { symbol, orderId, reason }: OrderCanceled, at: EpochMs): void {
  const metrics = symbolMetrics(state, symbol);
  if (close(metrics, orderId)) countReason(metrics.canceled, reason);
  countQuoting(metrics, at);
}

/** Counts a refusal once, however often it is stated. */
export function reject(state: MetricsState, { symbol, orderId, reason }: OrderRejected): void {
  const metrics = symbolMetrics(state, symbol);
  if (close(metrics, orderId)) countReason(metrics.rejected, reason);
}

/** Counts the time up to now in which the symbol was quoted. */
export function countQuoting({ quoting }: SymbolMetrics, at: EpochMs): void {
  if (quoting.upTo === undefined || at <= quoting.upTo) return;
  quoting.ms += at - quoting.upTo;
  quoting.upTo = at;
}

/** True when the order was not closed before. */
function close({ openOrders, closedOrders, sides }: SymbolMetrics, orderId: string): boolean {
  const open = openOrders.get(orderId);
  if (open !== undefined) {
    openOrders.delete(orderId);
    sides[open.side].active -= 1;
  } else if (closedOrders.has(orderId)) return false;
  closedOrders.set(orderId, open !== undefined);
  while (closedOrders.size > MAX_CLOSED_ORDERS) closedOrders.delete(closedOrders.keys().next().value ?? '');
  return true;
}

function countFee({ fees }: SymbolMetrics, { fee, feeAsset }: OrderFilled): void {
  let counted = fees.get(feeAsset);
  if (counted === undefined) {
    if (fees.size >= MAX_FEE_ASSETS || (feeAsset === '' && isZero(fee))) return;
    fees.set(feeAsset, (counted = { paid: new ExactSum(), received: new ExactSum() }));
  }
  if (fee.startsWith('-')) counted.received.add(fee.slice(1));
  else counted.paid.add(fee);
}

function isZero(decimal: string): boolean {
  for (let i = 0; i < decimal.length; i++) {
    const code = decimal.charCodeAt(i);
    if (code > 48 && code <= 57) return false;
  }
  return true;
}
