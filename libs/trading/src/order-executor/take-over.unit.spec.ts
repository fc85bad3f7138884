import { type TradingEvent, TokenBucket, seededIds, seededRandom } from '@opensqt/trading-events';
import { EventPublisher } from '../event-publisher';
import { MarketScheduler } from '../market/market-scheduler';
import { PaperExchange } from '../venues/paper/paper-exchange';
import { paperOptions } from '../venues/paper/paper.options';
import { ExchangeError } from '../remote-exchange/exchange-error';
import type { LeftOrder } from '../resume/resume';
import { ofType, silent, trade } from '../testing/recorded-run';
import { TakeOver } from './take-over';

/** A venue that outlives the market maker, with orders of the earlier run standing in its book. */
async function venueWith(...clientOrderIds: readonly string[]) {
  const scheduler = new MarketScheduler();
  const venue = new PaperExchange(paperOptions.parse({ latency: 5 }), {
    name: 'paper',
    run: 'r0',
    scheduler,
    random: () => seededRandom(1),
    quoteAssetOf: () => 'EUR',
  });
  venue.onMarketEvent(trade('AAA', 0, 100));
  const drained = async <Result>(work: Promise<Result>): Promise<Result> => {
    do await new Promise((resolve) => setImmediate(resolve));
    while (scheduler.runNext());
    return work;
  };
  const left: LeftOrder[] = [];
  for (const clientOrderId of clientOrderIds) {
    const order = {
      symbol: 'AAA',
      clientOrderId,
      side: 'buy',
      orderType: 'limit',
      price: '99',
      quantity: '2',
    } as const;
    const { orderId } = await drained(venue.placeOrder(order));
    left.push({ symbol: 'AAA', strategy: 'grid', orderId, side: 'buy' });
  }
  const events: TradingEvent[] = [];
  const publisher = new EventPublisher((event) => events.push(event), scheduler, seededIds(1), silent);
  const takeOver = (orders: readonly LeftOrder[]): TakeOver =>
    new TakeOver('AAA', orders, {
      exchange: venue,
      publisher,
      rateLimit: new TokenBucket(scheduler, { burst: 2, intervalMs: 1_000 }),
      retry: { attempts: 1, firstDelayMs: 1, sleep: (ms) => scheduler.sleep(ms), random: seededRandom(1) },
      logger: silent,
    });
  const endings = () => ofType(events, 'order.canceled').map(({ data }) => `${data.orderId} ${data.reason}`);
  return { venue, left, events, takeOver, drained, endings };
}

const gone: LeftOrder = { symbol: 'AAA', strategy: 'grid', orderId: 'gone', side: 'sell' };

describe('orders that an earlier run left', () => {
  it('cancels what still stands, and says that the rest is not at the venue', async () => {
    const { venue, left, takeOver, drained, endings } = await venueWith('a', 'b');
    const takingOver = takeOver([gone, ...left]);
    expect(takingOver.isDone).toBe(false);
    await drained(takingOver.reconcile());
    expect(endings()).toEqual(['gone not_found_at_venue', 'r0-1 restart', 'r0-2 restart']);
    expect(await drained(venue.openOrders('AAA'))).toEqual([]);
    expect(takingOver.isDone).toBe(true);
  });

  it('cancels an order that was placed and never written down, and states nothing of it', async () => {
    const { venue, takeOver, drained, events } = await venueWith('unwritten');
    await drained(takeOver([]).reconcile());
    expect(await drained(venue.openOrders('AAA'))).toEqual([]);
    expect(events).toEqual([]);
  });

  it('is not done while the venue does not answer, and asks again at the next attempt', async () => {
    const { venue, left, takeOver, drained, endings } = await venueWith('a');
    const openOrders = venue.openOrders.bind(venue);
    venue.openOrders = () => Promise.reject(new ExchangeError('EXCHANGE_UNAVAILABLE', 'down'));
    const takingOver = takeOver([gone, ...left]);
    await drained(takingOver.reconcile());
    expect({ done: takingOver.isDone, endings: endings() }).toEqual({ done: false, endings: [] });
    venue.openOrders = openOrders;
    await drained(takingOver.reconcile());
    expect(endings()).toEqual(['gone not_found_at_venue', 'r0-1 restart']);
  });

  it('counts the fills of an order that was left', async () => {
    const { venue, left, takeOver, drained, events, endings } = await venueWith('a', 'b');
    const takingOver = takeOver(left);
    venue.subscribe({ onFill: (fill) => void takingOver.onFill(fill), onConnection: () => undefined });
    venue.onMarketEvent(trade('AAA', 1, 99, '3'));
    await drained(takingOver.reconcile());
    expect(
      ofType(events, 'order.filled').map(({ data }) => [data.orderId, data.quantity, data.remaining]),
    ).toEqual([
      ['r0-1', '2', '0'],
      ['r0-2', '1', '1'],
    ]);
    expect(endings()).toEqual(['r0-2 restart']);
  });
});
