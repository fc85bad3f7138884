import {
  type AnyEvent,
  type EventType,
  type Random,
  createEvent,
  seededRandom,
} from '@opensqt/trading-events';

const SYMBOLS = ['BTCEUR', 'ETHEUR'] as const;
const SUBJECT = { strategy: 'grid' } as const;
const STARTS_AT = 1_710_374_400_000;

/**
 * Of a hundred events, how many are of which type: counted over the market maker's run on Kraken's BTCEUR and ETHEUR trades
 * of 2024-03-14 (117,417 events; the rest, seven breaker trips and the like, rounds to nothing).
 */
const PER_HUNDRED = {
  'price.updated': 26,
  'exchange.call_completed': 30,
  'position.marked': 18,
  'order.placed': 8,
  'order.canceled': 8,
  'order.filled': 5,
  'position.changed': 5,
} as const satisfies Partial<Record<EventType, number>>;

type DayType = keyof typeof PER_HUNDRED;

/**
 * Events as a recorded day has them: that day's mix, two symbols, prices and profits with as many digits as exact
 * arithmetic gives them, an order's fill or cancel after its placing, fresh ids. The same ones on each call.
 */
export function recordedDay(count: number): readonly AnyEvent[] {
  const random = seededRandom('recorded-day');
  const types = Object.entries(PER_HUNDRED).flatMap(([type, share]) =>
    Array<DayType>(share).fill(type as DayType),
  );
  return Array.from({ length: count }, (_, i) => {
    const type = types[Math.floor(random() * types.length)] ?? 'price.updated';
    const symbol = SYMBOLS[Math.floor(random() * SYMBOLS.length)] ?? SYMBOLS[0];
    return eventOf(type, symbol, i, random);
  });
}

function eventOf(type: DayType, symbol: string, i: number, random: Random): AnyEvent {
  const at = { occurredAt: STARTS_AT + i * 700 };
  const side = random() < 0.5 ? 'buy' : 'sell';
  const amount = (scale: number, digits: number): string => (random() * scale).toFixed(digits);
  const signed = (scale: number, digits: number): string => ((random() - 0.5) * scale).toFixed(digits);
  // A few dozen orders are open at a time: ids come again, placed and closed in turn.
  const order = { symbol, ...SUBJECT, orderId: `r0-${Math.floor(random() * 40)}`, side } as const;
  switch (type) {
    case 'price.updated':
      return createEvent(type, { symbol, price: amount(66_000, 2) }, at);
    case 'exchange.call_completed': {
      const operation = random() < 0.5 ? 'place_order' : 'cancel_order';
      return createEvent(
        type,
        { exchange: 'paper', operation, durationMs: 5 + random() * 60, outcome: 'ok' },
        at,
      );
    }
    case 'position.marked':
      return createEvent(
        type,
        { symbol, ...SUBJECT, markPrice: amount(66_000, 2), unrealizedPnl: signed(10, 18) },
        at,
      );
    case 'order.placed':
      return createEvent(
        type,
        {
          ...order,
          clientOrderId: `${symbol}-r0-${i}`,
          orderType: 'post_only',
          price: amount(66_000, 2),
          quantity: amount(0.1, 8),
          tickToTradeMs: 0.03 + random() * 0.1,
        },
        at,
      );
    case 'order.canceled':
      return createEvent(type, { ...order, reason: 'requote' }, at);
    case 'order.filled':
      return createEvent(
        type,
        {
          ...order,
          fillId: `f-${i}`,
          price: amount(66_000, 2),
          quantity: amount(0.1, 8),
          remaining: random() < 0.5 ? '0' : amount(0.1, 8),
          fee: amount(1, 10),
          feeAsset: 'EUR',
        },
        at,
      );
    case 'position.changed':
      return createEvent(
        type,
        {
          symbol,
          ...SUBJECT,
          size: signed(1, 8),
          entryPrice: amount(66_000, 17),
          realizedPnl: signed(0.1, 18),
          unrealizedPnl: signed(10, 18),
        },
        at,
      );
  }
}
