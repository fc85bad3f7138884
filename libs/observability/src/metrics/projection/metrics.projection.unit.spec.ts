import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import { metricsProjection } from './metrics.projection';
import { renderMetrics } from '../text/render-metrics';

const order = (orderId: string, side: 'buy' | 'sell' = 'buy') => ({
  symbol: 'BTCUSDT',
  strategy: 'grid',
  orderId,
  side,
});
const placed = (orderId: string, side: 'buy' | 'sell' = 'buy') =>
  createEvent('order.placed', {
    ...order(orderId, side),
    clientOrderId: `c${orderId}`,
    orderType: 'limit',
    quantity: '1',
  });
const filled = (orderId: string, quantity: string, remaining: string) =>
  createEvent('order.filled', {
    ...order(orderId),
    fillId: `${orderId}-${remaining}`,
    price: '1',
    quantity,
    remaining,
    fee: '0',
    feeAsset: 'USDT',
  });
const changed = (strategy: string, size: string, realizedPnl: string) =>
  createEvent('position.changed', {
    symbol: 'BTCUSDT',
    strategy,
    size,
    entryPrice: '1',
    realizedPnl,
    unrealizedPnl: '0',
  });

async function after(...events: readonly AnyEvent[]): Promise<readonly string[]> {
  const state = events.reduce(
    (folded, event) => metricsProjection.evolve(folded, event),
    metricsProjection.initial(),
  );
  const log = {
    position: 0,
    queueDepth: 0,
    queueCapacity: 0,
    refused: 0,
    writerRestarts: 0,
    lagMs: 0,
    appendMs: 0,
  };
  const text = await renderMetrics({ state, now: 0, log, rejections: [], version: '1' });
  return text.split('\n').filter((line) => line.startsWith('market_maker_'));
}

describe('the metrics', () => {
  it('count an order as active from placing until it is filled, cancelled or rejected', async () => {
    const gauge = 'market_maker_orders_active{symbol="BTCUSDT",side="buy"}';
    expect(await after(placed('1'), placed('2'))).toContain(`${gauge} 2`);
    expect(await after(placed('1'), filled('1', '0.4', '0.6'))).toContain(`${gauge} 1`);
    expect(await after(placed('1'), filled('1', '0.4', '0.6'), filled('1', '0.6', '0.00'))).toContain(
      `${gauge} 0`,
    );
    const canceled = createEvent('order.canceled', { ...order('1'), reason: 'requote' });
    expect(await after(placed('1'), canceled, canceled)).toContain(`${gauge} 0`);
    const rejected = createEvent('order.rejected', { ...order('9'), reason: 'post_only_would_take' });
    expect(await after(placed('1'), rejected)).toContain(`${gauge} 1`);
  });

  it('keep the newest 2,000 open orders of a symbol, whatever is never closed', async () => {
    const orders = Array.from({ length: 2_500 }, (_, i) => placed(String(i), i < 600 ? 'sell' : 'buy'));
    const lines = await after(...orders);
    expect(lines).toContain('market_maker_orders_active{symbol="BTCUSDT",side="sell"} 100');
    expect(lines).toContain('market_maker_orders_active{symbol="BTCUSDT",side="buy"} 1900');
  });

  it('count a fill in parts as many fills and one volume', async () => {
    const lines = await after(placed('1'), filled('1', '0.1', '0.9'), filled('1', '0.2', '0.7'));
    expect(lines).toContain('market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"} 2');
    expect(lines).toContain('market_maker_volume_total{symbol="BTCUSDT"} 0.3');
  });

  it('keep profits and losses apart, neither ever going down', async () => {
    const lines = await after(
      changed('grid', '1', '10.1'),
      changed('grid', '0', '-3.3'),
      changed('grid', '0', '-0'),
    );
    const labels = '{symbol="BTCUSDT",strategy="grid"}';
    expect(lines).toContain(`market_maker_pnl_realized_total${labels} 10.1`);
    expect(lines).toContain(`market_maker_pnl_realized_loss_total${labels} 3.3`);
    expect(lines).toContain(`market_maker_pnl_realized${labels} 6.8`);
  });

  it('keep sums exact beyond what a double holds', async () => {
    const lines = await after(
      changed('grid', '0', '0.100000000000000000001'),
      changed('grid', '0', '0.2'),
      changed('grid', '0', '-1.3'),
    );
    const labels = '{symbol="BTCUSDT",strategy="grid"}';
    expect(lines).toContain(`market_maker_pnl_realized_total${labels} 0.3`);
    expect(lines).toContain(`market_maker_pnl_realized${labels} -1`);
  });

  it('add up the positions of the strategies on a symbol, exactly', async () => {
    const lines = await after(changed('grid', '0.1', '0'), changed('hedge', '-0.3', '0'));
    expect(lines).toContain('market_maker_position_size{symbol="BTCUSDT"} -0.2');
  });

  it('show a symbol whose process ended, and hide one that was stopped', async () => {
    const stopped = (reason: string) => createEvent('symbol.stopped', { symbol: 'BTCUSDT', reason });
    expect(await after(placed('1'), stopped('process_exit'))).toContainEqual(
      expect.stringContaining('BTCUSDT'),
    );
    expect(await after(placed('1'), stopped('operator'))).not.toContainEqual(
      expect.stringContaining('BTCUSDT'),
    );
  });
});
