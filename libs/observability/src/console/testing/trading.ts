import { type AnyEvent, createEvent } from '@opensqt/trading-events';

/** A beginning of trading: one symbol that quotes both sides and has bought, another that is paused. */
export function trading(at: number): readonly AnyEvent[] {
  const of = { symbol: 'BTCUSDT', strategy: 'grid' } as const;
  const order = { ...of, orderType: 'limit', quantity: '0.1', tickToTradeMs: 0.25 } as const;
  const stamp = { occurredAt: at };
  return [
    createEvent('symbol.started', { ...of, exchange: 'paper' }, stamp),
    createEvent('symbol.started', { symbol: 'ETHUSDT', exchange: 'paper', strategy: 'grid' }, stamp),
    createEvent(
      'order.placed',
      { ...order, orderId: '1', clientOrderId: 'c1', side: 'buy', price: '59990' },
      stamp,
    ),
    createEvent(
      'order.placed',
      { ...order, orderId: '2', clientOrderId: 'c2', side: 'buy', price: '59980' },
      stamp,
    ),
    createEvent(
      'order.placed',
      { ...order, orderId: '3', clientOrderId: 'c3', side: 'sell', price: '60010' },
      stamp,
    ),
    createEvent(
      'order.filled',
      {
        ...of,
        orderId: '1',
        fillId: 'f1',
        side: 'buy',
        price: '59990',
        quantity: '0.1',
        remaining: '0',
        fee: '0.5999',
        feeAsset: 'USDT',
      },
      stamp,
    ),
    createEvent(
      'position.changed',
      { ...of, size: '0.1', entryPrice: '59990', realizedPnl: '-1.25', unrealizedPnl: '2' },
      stamp,
    ),
    createEvent('quoting.paused', { symbol: 'ETHUSDT', reason: 'warming_up' }, stamp),
    createEvent('price.updated', { symbol: 'BTCUSDT', price: '60005' }, stamp),
  ];
}
