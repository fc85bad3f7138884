import type { EpochMs, EventType, FactOf } from '@opensqt/trading-events';
import { Decimal } from 'decimal.js';
import { isBefore, isLate } from './projection';

const Exact = Decimal.clone({ precision: 100 });

/** The events that a {@link Holding} is folded from. */
export const HOLDING_EVENTS = [
  'order.placed',
  'order.filled',
  'order.canceled',
  'order.rejected',
  'position.changed',
] as const satisfies readonly EventType[];

type HoldingEvent = FactOf<(typeof HOLDING_EVENTS)[number]>;

/** The rest that a symbol leaves at the venue: its positions, by strategy, and its live orders. Plain data for JSON. */
export interface Holding {
  readonly positions: Readonly<Record<string, { readonly size: string; readonly value: string }>>;
  /** The times of the events that gave the positions, by strategy: one that comes late changes nothing. */
  readonly sizedAt: Readonly<Record<string, EpochMs>>;
  readonly orders: readonly string[];
  /** Orders that ended last: one whose placing is stated again or late is not live. */
  readonly ended: readonly string[];
}

/** Live orders and ended ones that are remembered: ten times what venues allow. */
const MAX_ORDERS = 2_000;
const MAX_ENDED = 100;
/** Strategies whose times are remembered: many more than trade one symbol. */
const MAX_SIZED = 100;

const NOTHING: Holding = { positions: {}, sizedAt: {}, orders: [], ended: [] };

/** The symbol's holding after the event. */
export function nextHolding(holding: Holding = NOTHING, event: HoldingEvent): Holding {
  switch (event.type) {
    case 'order.placed': {
      const { orderId, orderType } = event.data;
      const { orders, ended } = holding;
      if (orderType === 'market' || orders.includes(orderId) || ended.includes(orderId)) return holding;
      return { ...holding, orders: [...orders, orderId].slice(-MAX_ORDERS) };
    }
    case 'order.filled':
      return Number(event.data.remaining) === 0 ? withoutOrder(holding, event.data.orderId) : holding;
    case 'order.canceled':
    case 'order.rejected':
      return withoutOrder(holding, event.data.orderId);
    case 'position.changed': {
      const { strategy, size, entryPrice, unrealizedPnl } = event.data;
      const { occurredAt: at } = event;
      if (isLate(at, holding.sizedAt[strategy])) return holding;
      const value = new Exact(size).times(entryPrice).plus(unrealizedPnl).abs().toFixed();
      const { [strategy]: _, ...others } = holding.positions;
      const positions = Number(size) === 0 ? others : { ...others, [strategy]: { size, value } };
      const { [strategy]: _before, ...times } = holding.sizedAt;
      const sizedAt = Object.fromEntries(
        [...Object.entries(times), [strategy, at] as const].slice(-MAX_SIZED),
      );
      return { ...holding, positions, sizedAt };
    }
  }
}

/** The holding of a symbol that is started: a run that starts at an earlier time, as a recording does that is traded again, is not late. */
export function startedHolding(holding: Holding, at: EpochMs): Holding {
  const sizedAt = Object.entries(holding.sizedAt).filter(([, newest]) => !isBefore(at, newest));
  return { ...holding, sizedAt: Object.fromEntries(sizedAt) };
}

/** The sum of a holding; undefined when nothing is left. */
export function leftOf(
  holding: Holding | undefined,
): { readonly size: string; readonly value: string; readonly orders: number } | undefined {
  if (holding === undefined) return undefined;
  const positions = Object.values(holding.positions);
  const orders = holding.orders.length;
  if (positions.length === 0 && orders === 0) return undefined;
  const sum = (amounts: readonly string[]) => Exact.sum(0, ...amounts).toFixed();
  return {
    size: sum(positions.map(({ size }) => size)),
    value: sum(positions.map(({ value }) => value)),
    orders,
  };
}

/** Most orders that end are live and not among those that ended: little is copied. */
function withoutOrder({ orders, ended, ...positions }: Holding, orderId: string): Holding {
  const isOther = (other: string): boolean => other !== orderId;
  const others = ended.includes(orderId) ? ended.filter(isOther) : ended.slice(1 - MAX_ENDED);
  return {
    ...positions,
    orders: orders.includes(orderId) ? orders.filter(isOther) : orders,
    ended: [...others, orderId],
  };
}
