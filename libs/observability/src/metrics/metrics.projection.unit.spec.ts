import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { ProjectedState } from '../intake/projection';
import { metricsProjection } from './metrics.projection';
import type { MetricsSource } from './metrics-source';
import { renderMetrics } from './render-metrics';

const subject = { symbol: 'BTCUSDT', strategy: 'grid' } as const;

const placed = (orderId: string, side: 'buy' | 'sell' = 'buy') =>
  createEvent('order.placed', {
    ...subject,
    orderId,
    clientOrderId: orderId,
    side,
    orderType: 'limit',
    quantity: '1',
  });
const filled = (orderId: string, quantity: string, remaining: string) =>
  createEvent('order.filled', {
    ...subject,
    orderId,
    fillId: `${orderId}-${remaining}`,
    side: 'buy',
    price: '1',
    quantity,
    remaining,
    fee: '0',
    feeAsset: 'USDT',
  });
const realized = (realizedPnl: string, strategy = 'grid') =>
  createEvent('position.changed', {
    symbol: 'BTCUSDT',
    strategy,
    size: '0.1',
    entryPrice: '1',
    realizedPnl,
    unrealizedPnl: '0',
  });

async function linesAfter(...events: readonly TradingEvent[]): Promise<readonly string[]> {
  const metrics = ProjectedState.of(metricsProjection);
  for (const event of events) metrics.apply(event);
  const log = {
    position: 0,
    queueDepth: 0,
    queueCapacity: 0,
    refused: 0,
    writerRestarts: 0,
    lagMs: 0,
    appendMs: 0,
  };
  const source: MetricsSource = { state: metrics.current, now: 0, log, rejections: [], version: '-' };
  return (await renderMetrics(source)).split('\n');
}

describe('The metrics projection', () => {
  it('closes an order when nothing remains of it, when it is cancelled, and once only', async () => {
    const lines = await linesAfter(
      placed('1'),
      placed('1'),
      placed('2'),
      placed('3'),
      filled('1', '0.4', '0.6'),
      filled('1', '0.6', '0.00'),
      createEvent('order.canceled', { ...subject, orderId: '2', side: 'buy', reason: '-' }),
      createEvent('order.canceled', { ...subject, orderId: '2', side: 'buy', reason: '-' }),
      createEvent('order.rejected', { ...subject, orderId: 'unknown', side: 'buy', reason: '-' }),
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        'market_maker_orders_active{symbol="BTCUSDT",side="buy"} 1',
        'market_maker_orders_placed_total{symbol="BTCUSDT",side="buy",type="limit"} 4',
        'market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"} 2',
        'market_maker_volume_total{symbol="BTCUSDT"} 1',
      ]),
    );
    expect(lines.filter((line) => line.includes('side="sell"'))).toEqual([]);
  });

  it('keeps the newest 2,000 open orders of a symbol, whatever is never closed', async () => {
    const orders = Array.from({ length: 2_500 }, (_, i) => placed(String(i), i < 600 ? 'sell' : 'buy'));
    const lines = await linesAfter(...orders);
    expect(lines).toContain('market_maker_orders_active{symbol="BTCUSDT",side="sell"} 100');
    expect(lines).toContain('market_maker_orders_active{symbol="BTCUSDT",side="buy"} 1900');
  });

  it('keeps profit, loss and net of each strategy exact, and sums a symbol’s positions over its strategies', async () => {
    const lines = await linesAfter(
      realized('0.100000000000000000001'),
      realized('0.2'),
      realized('-1.3'),
      realized('0', 'other'),
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        'market_maker_pnl_realized_total{symbol="BTCUSDT",strategy="grid"} 0.3',
        'market_maker_pnl_realized_loss_total{symbol="BTCUSDT",strategy="grid"} 1.3',
        'market_maker_pnl_realized{symbol="BTCUSDT",strategy="grid"} -1',
        'market_maker_pnl_realized{symbol="BTCUSDT",strategy="other"} 0',
        'market_maker_position_size{symbol="BTCUSDT"} 0.2',
      ]),
    );
  });
});
