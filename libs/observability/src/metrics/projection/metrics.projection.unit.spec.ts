import { type AnyEvent, createEvent } from '@opensqt/trading-events';
import { metricsProjection } from './metrics.projection';
import { renderMetrics } from '../text/render-metrics';

const NOON = 1_700_000_000_000;

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
    first: 1,
    writerRestarts: 0,
    lagMs: 0,
    appendMs: 0,
  };
  const text = await renderMetrics({ state, now: NOON, log, rejections: [], version: '1' });
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

  it('count an order once that is stated again, and leave none open whose placing is stated after its end', async () => {
    const active = 'market_maker_orders_active{symbol="BTCUSDT",side="buy"}';
    const canceled = createEvent('order.canceled', { ...order('1'), reason: 'requote' });
    const counted = 'market_maker_orders_placed_total{symbol="BTCUSDT",side="buy",type="limit"} 1';
    for (const end of [filled('1', '1', '0'), canceled]) {
      for (const story of [
        [placed('1'), end, placed('1')],
        [end, placed('1'), placed('1')],
        [placed('1'), placed('1'), end, end],
      ]) {
        const lines = await after(...story);
        expect(lines).toContain(`${active} 0`);
        expect(lines).toContain(counted);
      }
    }
    const lines = await after(filled('1', '0.4', '0.6'), placed('1'), placed('1'));
    expect(lines).toContain(`${active} 1`);
    expect(lines).toContain(counted);
  });

  it('keep the newest position and valuation, whatever comes late, and count what each fill realized', async () => {
    const at = (time: number, size: string) =>
      createEvent('position.changed', changed('grid', size, '1').data, { occurredAt: NOON + time });
    const marked = (time: number, unrealizedPnl: string) =>
      createEvent(
        'position.marked',
        { symbol: 'BTCUSDT', strategy: 'grid', markPrice: '-37.63', unrealizedPnl },
        { occurredAt: NOON + time },
      );
    const labels = '{symbol="BTCUSDT",strategy="grid"}';
    const lines = await after(at(2, '2'), marked(5, '7'), at(1, '1'), marked(4, '6'), at(3, '3'));
    expect(lines).toContain('market_maker_position_size{symbol="BTCUSDT"} 3');
    expect(lines).toContain(`market_maker_pnl_unrealized${labels} 7`);
    expect(lines).toContain(`market_maker_pnl_realized_total${labels} 3`);
  });

  it.each([3_599_000, 86_400_000])('show what came after the clock was %d ms ahead', async (aheadMs) => {
    const at = (occurredAt: number, size: string) =>
      createEvent('position.changed', changed('grid', size, '0').data, { occurredAt });
    const marked = (occurredAt: number, markPrice: string) =>
      createEvent(
        'position.marked',
        { symbol: 'BTCUSDT', strategy: 'grid', markPrice, unrealizedPnl: markPrice },
        { occurredAt },
      );
    const ahead = NOON + aheadMs;
    const lines = await after(...[at(ahead, '1'), marked(ahead, '7')], ...[at(NOON, '2'), marked(NOON, '8')]);
    expect(lines).toContain('market_maker_position_size{symbol="BTCUSDT"} 2');
    expect(lines).toContain('market_maker_pnl_unrealized{symbol="BTCUSDT",strategy="grid"} 8');
  });

  it('count the age of an event from the last one that is not dated ahead of the clock', async () => {
    const price = (seconds: number) =>
      createEvent('price.updated', { symbol: 'BTCUSDT', price: '1' }, { occurredAt: NOON + seconds * 1_000 });
    const age = 'market_maker_event_age_seconds{type="price.updated"}';
    const year = 366 * 86_400;
    expect(await after(price(-100), price(year))).toContain(`${age} 100`);
    expect(await after(price(-100), price(year), price(-50))).toContain(`${age} 50`);
    expect(await after(price(-100), price(600), price(-50))).toContain(`${age} 50`);
    expect(await after(price(-50), price(-100))).toContain(`${age} 50`);
    expect((await after(price(year))).join()).not.toContain(age);
  });

  it('show the spread of the newest quote, and none after the stop of the symbol, whatever comes late', async () => {
    const sampled = (time: number, bestBid: string, bestAsk: string) =>
      createEvent(
        'market.sampled',
        {
          ...{ symbol: 'BTCUSDT', strategy: 'grid', price: '100', markPrice: '100', unrealizedPnl: '0' },
          ...{ bestBid, bestAsk },
        },
        { occurredAt: NOON + time },
      );
    const started = createEvent(
      'symbol.started',
      { symbol: 'BTCUSDT', exchange: 'paper', strategy: 'grid' },
      { occurredAt: NOON },
    );
    const stopped = createEvent(
      'symbol.stopped',
      { symbol: 'BTCUSDT', reason: 'operator' },
      { occurredAt: NOON + 3 },
    );
    const spread = 'market_maker_quoted_spread{symbol="BTCUSDT"}';
    expect(await after(sampled(2, '99', '101'), sampled(1, '90', '110'))).toContain(`${spread} 2`);
    const ended = await after(sampled(2, '99', '101'), stopped, sampled(1, '90', '110'));
    expect(ended.join()).not.toContain(spread);
    const again = await after(sampled(2, '99', '101'), started, sampled(1, '90', '110'));
    expect(again).toContain(`${spread} 20`);
  });

  it('count a call once, as it comes back or by its sample', async () => {
    const subject = { exchange: 'paper', operation: 'place_order', outcome: 'ok' } as const;
    const call = createEvent('exchange.call_completed', { ...subject, durationMs: 80 });
    const sample = createEvent('exchange.sampled', { ...subject, calls: { 100: 1 }, sumMs: 80 });
    const expected = [
      'market_maker_latency_exchange_ms_bucket{le="100",exchange="paper",operation="place_order"} 1',
      'market_maker_latency_exchange_ms_bucket{le="50",exchange="paper",operation="place_order"} 0',
      'market_maker_latency_exchange_ms_count{exchange="paper",operation="place_order"} 1',
      'market_maker_latency_exchange_ms_sum{exchange="paper",operation="place_order"} 80',
    ];
    for (const events of [[call], [sample], [call, sample]]) {
      expect(await after(...events)).toEqual(expect.arrayContaining(expected));
    }
  });

  it('add the samples of what the log alone gives, also those beyond the last bound', async () => {
    const subject = { exchange: 'paper', operation: 'place_order' } as const;
    const lines = await after(
      createEvent('exchange.sampled', { ...subject, outcome: 'ok', calls: { 1: 2, 100: 3 }, sumMs: 250 }),
      createEvent('exchange.sampled', {
        ...subject,
        outcome: 'timeout',
        calls: { Infinity: 1 },
        sumMs: 11_000,
      }),
    );
    const series = 'exchange="paper",operation="place_order"}';
    expect(lines).toContain(`market_maker_latency_exchange_ms_bucket{le="10000",${series} 5`);
    expect(lines).toContain(`market_maker_latency_exchange_ms_bucket{le="+Inf",${series} 6`);
    expect(lines).toContain(`market_maker_latency_exchange_ms_sum{${series} 11250`);
  });

  it('value a position by its sample where marks are not stored', async () => {
    const sample = {
      symbol: 'BTCUSDT',
      strategy: 'grid',
      price: '90',
      markPrice: '90',
      unrealizedPnl: '-10',
    };
    const lines = await after(changed('grid', '1', '0'), createEvent('market.sampled', sample));
    expect(lines).toContain('market_maker_pnl_unrealized{symbol="BTCUSDT",strategy="grid"} -10');
  });

  it('begin anew with a run that starts at an earlier time', async () => {
    const at = (time: number, size: string) =>
      createEvent('position.changed', changed('grid', size, '0').data, { occurredAt: NOON + time });
    const started = createEvent(
      'symbol.started',
      { symbol: 'BTCUSDT', exchange: 'paper', strategy: 'grid' },
      { occurredAt: NOON },
    );
    expect(await after(at(5, '5'), started, at(1, '1'))).toContain(
      'market_maker_position_size{symbol="BTCUSDT"} 1',
    );
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

  it('show a symbol whose process ended, and hide one that was stopped once nothing of it is left', async () => {
    const stopped = (reason: string) => createEvent('symbol.stopped', { symbol: 'BTCUSDT', reason });
    expect(await after(placed('1'), stopped('process_exit'))).toContainEqual(
      expect.stringContaining('BTCUSDT'),
    );
    expect(await after(placed('1'), stopped('operator'))).toContainEqual(expect.stringContaining('BTCUSDT'));
    const nothing = [placed('1'), filled('1', '1', '0'), stopped('operator')];
    expect(await after(...nothing)).not.toContainEqual(expect.stringContaining('BTCUSDT'));
  });

  const panicked = (symbol: string) =>
    createEvent('strategy.panicked', { symbol, strategy: 'grid', error: { name: 'Error', message: 'boom' } });
  const panics = (lines: readonly string[]): readonly string[] =>
    lines.filter((line) => line.startsWith('market_maker_strategy_panics_total{'));

  it('give a symbol the series of one that was stopped, once there are 500', async () => {
    const old = Array.from({ length: 500 }, (_, i) => [
      panicked(`OLD${i}`),
      createEvent('symbol.stopped', { symbol: `OLD${i}`, reason: 'delisted' }),
    ]).flat();
    expect(panics(await after(...old, panicked('NEW')))).toEqual([
      'market_maker_strategy_panics_total{symbol="NEW",strategy="grid"} 1',
    ]);
  });

  it('keep 500 symbols that trade, and leave out those beyond', async () => {
    const events = Array.from({ length: 600 }, (_, i) => panicked(`S${i}`));
    const lines = panics(await after(...events, ...events));
    expect(lines).toHaveLength(500);
    expect(lines).toContain('market_maker_strategy_panics_total{symbol="S0",strategy="grid"} 2');
  });

  it('bound every other label too, and keep the breakers that are open', async () => {
    const trip = (scope: string) =>
      createEvent('circuit_breaker.tripped', { scope, reason: '-', value: 1, threshold: 1, cooldownMs: 0 });
    const reset = createEvent('circuit_breaker.reset', { scope: 'S7', by: 'eve' });
    const trips = Array.from({ length: 600 }, (_, i) => trip(`S${i}`));
    const lines = await after(...trips, reset, trip('NEW'));
    const breakers = lines.filter((line) => line.startsWith('market_maker_circuit_breaker_open{'));
    expect(breakers).toHaveLength(500);
    expect(breakers).toContain('market_maker_circuit_breaker_open{scope="NEW"} 1');
  });
});
