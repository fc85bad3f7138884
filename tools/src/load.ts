import {
  type AnyEvent,
  EVENT_CATALOGUE,
  type EventType,
  type Random,
  createEvent,
  seededRandom,
} from '@opensqt/trading-events';

/** Events of each type, as parts of their sum. */
export type Mix = Partial<Record<EventType, number>>;

/**
 * Of a hundred events, how many are of which type: counted over the market maker's run on Kraken's BTCEUR and ETHEUR trades
 * of 2024-03-14 (117,417 events; the rest, seven breaker trips and the like, rounds to nothing).
 */
export const RECORDED_DAY: Mix = {
  'price.updated': 26,
  'exchange.call_completed': 30,
  'position.marked': 18,
  'order.placed': 8,
  'order.canceled': 8,
  'order.filled': 5,
  'position.changed': 5,
};

/** Those of that day that go to the log, or those that do not. */
export function keptOf(mix: Mix, kept: 'live' | 'log'): Mix {
  return Object.fromEntries(
    Object.entries(mix).filter(([type]) => EVENT_CATALOGUE[type as EventType].kept === kept),
  );
}

export interface LoadOptions {
  /** @default RECORDED_DAY */
  readonly mix?: Mix;
  /** The same seed gives the same events, but for their ids and times. @default 'load' */
  readonly seed?: string;
  /** Symbols that are traded. @default 2 */
  readonly symbols?: number;
  /** Goes into the ids of orders. @default 0 */
  readonly run?: number;
  /** The id of the event of that number, counted from 0. A UUIDv7 unless given. */
  readonly id?: (number: number) => string;
}

/**
 * Events without end, as a market maker states them: an order's fill or cancel after its placing, prices and profits with as
 * many digits as exact arithmetic gives them.
 */
export function* load(options: LoadOptions = {}): Generator<AnyEvent, never> {
  const { mix = RECORDED_DAY, seed = 'load', symbols = 2, run = 0, id } = options;
  const random = seededRandom(seed);
  const types = Object.entries(mix).flatMap(([type, share]) =>
    Array<EventType>(share).fill(type as EventType),
  );
  const open: Order[] = [];
  for (let number = 0; ; number++) {
    const wanted = types[Math.floor(random() * types.length)] ?? 'order.placed';
    const closes = wanted === 'order.filled' || wanted === 'order.canceled';
    const type = closes && open.length === 0 ? 'order.placed' : wanted;
    const symbol = `S${Math.floor(random() * symbols)}EUR`;
    const placed: Order = {
      symbol,
      strategy: 'grid',
      orderId: `r${run}-${number}`,
      side: random() < 0.5 ? 'buy' : 'sell',
    };
    const order = (closes && open.shift()) || placed;
    if (type === 'order.placed') open.push(placed);
    yield eventOf(type, order, random, id === undefined ? {} : { id: id(number) });
  }
}

/** The next events of a load. */
export function take(flow: Iterator<AnyEvent, never>, count: number): readonly AnyEvent[] {
  return Array.from({ length: count }, () => flow.next().value);
}

interface Order {
  readonly symbol: string;
  readonly strategy: string;
  readonly orderId: string;
  readonly side: 'buy' | 'sell';
}

function eventOf(
  type: EventType,
  order: Order,
  random: Random,
  envelope: { readonly id?: string },
): AnyEvent {
  const amount = (scale: number, digits: number): string => (random() * scale + 1e-8).toFixed(digits);
  const signed = (scale: number, digits: number): string => ((random() - 0.5) * scale).toFixed(digits);
  const { symbol, strategy, orderId } = order;
  const traded = { ...order, price: amount(66_000, 2), quantity: amount(0.1, 8) };
  switch (type) {
    case 'price.updated':
      return createEvent(type, { symbol, price: amount(66_000, 2) }, envelope);
    case 'exchange.call_completed': {
      const operation = random() < 0.5 ? 'place_order' : 'cancel_order';
      const call = { exchange: 'paper', operation, durationMs: 5 + random() * 60, outcome: 'ok' } as const;
      return createEvent(type, call, envelope);
    }
    case 'position.marked': {
      const mark = { markPrice: amount(66_000, 2), unrealizedPnl: signed(10, 18) };
      return createEvent(type, { symbol, strategy, ...mark }, envelope);
    }
    case 'order.placed': {
      const rest = { clientOrderId: `c-${orderId}`, orderType: 'post_only', tickToTradeMs: 0.03 } as const;
      return createEvent(type, { ...traded, ...rest }, envelope);
    }
    case 'order.canceled':
      return createEvent(type, { ...order, reason: 'requote' }, envelope);
    case 'order.filled': {
      const rest = { fillId: `f-${orderId}`, remaining: '0', fee: amount(1, 10), feeAsset: 'EUR' };
      return createEvent(type, { ...traded, ...rest }, envelope);
    }
    case 'position.changed': {
      const pnl = { realizedPnl: signed(0.1, 18), unrealizedPnl: signed(10, 18) };
      const position = { size: signed(1, 8), entryPrice: amount(66_000, 17), ...pnl };
      return createEvent(type, { symbol, strategy, ...position }, envelope);
    }
    case 'circuit_breaker.tripped': {
      const trip = { reason: 'max_volatility', value: '1', threshold: '1', cooldownMs: 1_000 };
      return createEvent(type, { scope: symbol, ...trip }, envelope);
    }
    case 'circuit_breaker.reset':
      return createEvent(type, { scope: symbol, by: 'cooldown' }, envelope);
    case 'strategy.panicked': {
      const error = { name: 'GridError', message: 'a level below zero' };
      return createEvent(type, { symbol, strategy, error }, envelope);
    }
    case 'strategy.restarted':
      return createEvent(type, { symbol, strategy, attempt: 1 }, envelope);
    default:
      throw new TypeError(`The load has no events of type ${type}.`);
  }
}
