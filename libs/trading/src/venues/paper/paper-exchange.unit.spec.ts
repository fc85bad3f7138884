import { seededRandom } from '@opensqt/trading-events';
import { MarketScheduler } from '../../market/market-scheduler';
import { trade } from '../../testing/recorded-run';
import type { Fill, OrderRequest } from '../../remote-exchange/exchange-port';
import { PaperExchange } from './paper-exchange';

function setUp(latencyMs = 20) {
  const scheduler = new MarketScheduler();
  const exchange = new PaperExchange(
    { latency: latencyMs, makerFee: '0.001', takerFee: '0.002' },
    { name: 'paper', run: 'r0', scheduler, random: () => seededRandom(1), quoteAssetOf: () => 'USDT' },
  );
  const fills: Fill[] = [];
  exchange.subscribe({ onFill: (fill) => fills.push(fill), onConnection: () => undefined });
  exchange.onMarketEvent(trade('BTCUSDT', 0, 100));
  const answer = async <Result>(call: Promise<Result>): Promise<Result> => {
    while (scheduler.runNext());
    return call;
  };
  const order = (clientOrderId: string, changes: Partial<OrderRequest> = {}): OrderRequest => ({
    symbol: 'BTCUSDT',
    clientOrderId,
    side: 'buy',
    orderType: 'limit',
    price: '99',
    quantity: '2',
    ...changes,
  });
  return { scheduler, exchange, fills, answer, order };
}

describe('paper exchange', () => {
  it('fills a resting order at its own price, up to what was traded, until it is done', async () => {
    const { exchange, fills, answer, order } = setUp();
    await answer(exchange.placeOrder(order('a')));
    exchange.onMarketEvent(trade('BTCUSDT', 1, 98.5, '0.5'));
    exchange.onMarketEvent(trade('BTCUSDT', 2, 99.5, '9'));
    exchange.onMarketEvent(trade('BTCUSDT', 3, 99, '9'));
    expect(fills.map(({ price, quantity, remaining, fee }) => [price, quantity, remaining, fee])).toEqual([
      ['99', '0.5', '1.5', '0.0495'],
      ['99', '1.5', '0', '0.1485'],
    ]);
    expect(fills[0]?.feeAsset).toBe('USDT');
    expect(await answer(exchange.openOrders('BTCUSDT'))).toEqual([]);
  });

  it('gives a trade to the best price first, and to the older order at the same price', async () => {
    const { exchange, fills, answer, order } = setUp();
    await answer(exchange.placeOrder(order('old', { price: '98', quantity: '1' })));
    await answer(exchange.placeOrder(order('young', { price: '98', quantity: '1' })));
    await answer(exchange.placeOrder(order('best', { price: '99', quantity: '1' })));
    exchange.onMarketEvent(trade('BTCUSDT', 1, 97, '2.5'));
    expect(fills.map(({ clientOrderId, quantity }) => [clientOrderId, quantity])).toEqual([
      ['best', '1'],
      ['old', '1'],
      ['young', '0.5'],
    ]);
  });

  it('places one order for the same client order id sent twice', async () => {
    const { exchange, answer, order } = setUp();
    const first = await answer(exchange.placeOrder(order('same')));
    const second = await answer(exchange.placeOrder(order('same')));
    expect(second).toEqual(first);
    expect(await answer(exchange.openOrders('BTCUSDT'))).toHaveLength(1);
  });

  it('rejects a post-only order that would cross the last price', async () => {
    const { exchange, answer, order } = setUp();
    const request = order('a', { orderType: 'post_only', price: '100.01' });
    expect(await answer(exchange.placeOrder(request))).toMatchObject({
      status: 'rejected',
      reason: 'post_only_would_cross',
    });
  });

  it('fills a market order at the last price and charges the taker fee', async () => {
    const { exchange, fills, answer, order } = setUp();
    await answer(exchange.placeOrder(order('a', { orderType: 'market', side: 'sell' })));
    expect(fills).toMatchObject([{ price: '100', quantity: '2', remaining: '0', fee: '0.4', side: 'sell' }]);
  });

  it('answers in the order in which it was asked, after its latency', async () => {
    const { exchange, scheduler, order } = setUp(100);
    const answered: string[] = [];
    for (const id of ['a', 'b', 'c']) void exchange.placeOrder(order(id)).then(() => answered.push(id));
    while (scheduler.runNext()) await new Promise((resolve) => setImmediate(resolve));
    expect(answered).toEqual(['a', 'b', 'c']);
    expect(scheduler.now()).toBeGreaterThan(30);
  });

  it('keeps fills for later and fails calls while the orders stream is lost', async () => {
    const { exchange, fills, answer, order } = setUp();
    await answer(exchange.placeOrder(order('a')));
    exchange.onMarketEvent({ type: 'connection_lost', time: 1, stream: 'orders', reason: 'test' });
    exchange.onMarketEvent(trade('BTCUSDT', 2, 99, '5'));
    await expect(answer(exchange.cancelAll('BTCUSDT'))).rejects.toMatchObject({
      code: 'EXCHANGE_UNAVAILABLE',
    });
    expect(fills).toEqual([]);
    exchange.onMarketEvent({ type: 'connection_restored', time: 3, stream: 'orders', attempts: 1 });
    expect(fills).toMatchObject([{ clientOrderId: 'a', remaining: '0' }]);
  });

  it('cancels what is open and says when there is nothing to cancel', async () => {
    const { exchange, answer, order } = setUp();
    const placed = await answer(exchange.placeOrder(order('a')));
    expect(await answer(exchange.cancelOrder('BTCUSDT', placed.orderId))).toBe('canceled');
    expect(await answer(exchange.cancelOrder('BTCUSDT', placed.orderId))).toBe('not_found');
  });
});
