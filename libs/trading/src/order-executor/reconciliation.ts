import type { Side } from '@opensqt/trading-events';
import type { Target, TargetOrder } from '../strategy/strategy';

/** An order of ours, as far as the target is concerned. */
export interface WorkingOrder {
  readonly side: Side;
  readonly level: number;
  readonly price: number;
  /** On its way to or from the venue: neither kept nor cancelled, only waited for. */
  readonly busy: boolean;
}

export interface Reconciliation<Order extends WorkingOrder> {
  readonly cancel: readonly Order[];
  readonly place: readonly TargetOrder[];
}

/**
 * The steps from the open orders to the target: an order that is near enough to its place in the target is left alone, one that is
 * off is cancelled now and replaced by a later call, once the cancel is through.
 */
export function reconcile<Order extends WorkingOrder>(
  target: Target,
  working: Iterable<Order>,
): Reconciliation<Order> {
  const cancel: Order[] = [];
  const place = [...target.orders];
  for (const order of working) {
    const index = place.findIndex((wanted) => wanted.side === order.side && wanted.level === order.level);
    const wanted = index < 0 ? undefined : place[index];
    if (index >= 0) place.splice(index, 1);
    if (order.busy) continue;
    if (wanted === undefined || Math.abs(wanted.price - order.price) > target.tolerance) cancel.push(order);
  }
  return { cancel, place };
}
