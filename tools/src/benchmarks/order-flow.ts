import { type AnyEvent, createEvent } from '@opensqt/trading-events';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT', 'ADAUSDT'] as const;

/**
 * Events as a busy market maker states them: of twelve, five orders placed, five cancelled, one filled, and the position
 * that the fill changed.
 */
export function* orderFlow(): Generator<AnyEvent, never> {
  for (let order = 0; ; order++) {
    const symbol = SYMBOLS[order % SYMBOLS.length] ?? SYMBOLS[0];
    const side = order % 2 === 0 ? 'buy' : 'sell';
    const orderId = `paper-r0-${order}`;
    const price = (60_000 + (order % 977) / 10).toFixed(2);
    const of = { symbol, strategy: 'grid', orderId, side } as const;
    const placed = createEvent('order.placed', {
      ...of,
      clientOrderId: `${symbol}-r0-${order}`,
      orderType: 'post_only',
      price,
      quantity: '0.00125',
      tickToTradeMs: 0.03 + (order % 50) / 1_000,
    });
    yield placed;
    const causation = { causationId: placed.id };
    if (order % 6 < 5) {
      yield createEvent('order.canceled', { ...of, reason: 'requote' }, causation);
      continue;
    }
    const filled = createEvent(
      'order.filled',
      {
        ...of,
        fillId: `fill-${order}`,
        price,
        quantity: '0.00125',
        remaining: '0',
        fee: '0.075',
        feeAsset: 'USDT',
      },
      causation,
    );
    yield filled;
    yield createEvent(
      'position.changed',
      {
        symbol,
        strategy: 'grid',
        size: (((order % 40) - 20) / 800).toFixed(5),
        entryPrice: price,
        realizedPnl: ((order % 7) - 3).toFixed(4),
        unrealizedPnl: '0.0000',
      },
      { causationId: filled.id },
    );
  }
}

/** The first `count` of them. */
export function orders(count: number, flow = orderFlow()): readonly AnyEvent[] {
  return Array.from({ length: count }, () => flow.next().value);
}
