import { type TradingEvent, TokenBucket, seededIds, seededRandom } from '@opensqt/trading-events';
import { EventPublisher } from '../event-publisher';
import { MarketScheduler } from '../market/market-scheduler';
import { marketRules } from '../market/market-rules';
import { ExchangeError } from '../remote-exchange/exchange-error';
import type { ExchangePort, OrderRequest, PlaceResult } from '../remote-exchange/exchange-port';
import { RemoteExchange } from '../remote-exchange/remote-exchange';
import { ofType, silent } from '../testing/recorded-run';
import { OrderExecutor } from './order-executor';

type Answer = () => Promise<PlaceResult>;
const accepted: Answer = () => Promise.resolve({ status: 'accepted', orderId: 'v1' });
const failing =
  (code: ExchangeError['code']): Answer =>
  () =>
    Promise.reject(new ExchangeError(code, 'test'));
const silence: Answer = () => new Promise(() => undefined);

/** A venue with scripted answers, one per call. */
class ScriptedExchange implements ExchangePort {
  readonly name = 'scripted';
  readonly requests: OrderRequest[] = [];
  listed: { orderId: string; clientOrderId: string }[] = [];
  readonly canceled: string[] = [];

  constructor(private readonly answers: Answer[]) {}

  placeOrder(request: OrderRequest): Promise<PlaceResult> {
    this.requests.push(request);
    return (this.answers.shift() ?? accepted)();
  }
  cancelOrder(_symbol: string, orderId: string) {
    this.canceled.push(orderId);
    return Promise.resolve('canceled' as const);
  }
  cancelAll() {
    return Promise.resolve(['v1']);
  }
  openOrders() {
    return Promise.resolve(this.listed);
  }
  subscribe(): void {
    // It never notifies by itself.
  }
}

function setUp(...answers: Answer[]) {
  const scheduler = new MarketScheduler();
  const events: TradingEvent[] = [];
  const publisher = new EventPublisher((event) => events.push(event), scheduler, seededIds(1), silent);
  const venue = new ScriptedExchange(answers);
  const exchange = new RemoteExchange(venue, publisher, {
    timeoutMs: 5000,
    stopwatch: () => scheduler.now(),
    timer: scheduler,
    onCallCompleted: () => undefined,
  });
  const executor = new OrderExecutor(
    { symbol: 'AAA', strategy: 'grid', run: 'r0' },
    {
      exchange,
      publisher,
      scheduler,
      rateLimit: new TokenBucket(scheduler, { burst: 2, intervalMs: 1_000 }),
      random: seededRandom(1),
      stopwatch: () => 12,
      logger: silent,
    },
  );
  const quote = (...prices: number[]) =>
    executor.reconcile(
      {
        tolerance: 0.1,
        orders: prices.map((price, index) => ({ side: 'buy', level: index + 1, price, quantity: 1 })),
      },
      marketRules(100),
      { causationId: 'price-1', arrivedAt: 10 },
    );
  const drain = async (): Promise<void> => {
    do await new Promise((resolve) => setImmediate(resolve));
    while (scheduler.runNext());
  };
  const outcomes = () => ofType(events, 'exchange.call_completed').map(({ data }) => data.outcome);
  return { executor, venue, events, quote, drain, outcomes };
}

describe('order executor', () => {
  it('publishes an order once the venue has accepted it, with its cause and the measured time', async () => {
    const { events, quote, drain } = setUp();
    quote(99.987654);
    expect(ofType(events, 'order.placed')).toEqual([]);
    await drain();
    expect(ofType(events, 'order.placed')).toMatchObject([
      { causationId: 'price-1', data: { orderId: 'v1', price: '99.987', quantity: '1', tickToTradeMs: 2 } },
    ]);
  });

  it('repeats a call that failed for a passing reason, under the same client order id', async () => {
    const { venue, events, quote, drain, outcomes } = setUp(
      failing('EXCHANGE_UNAVAILABLE'),
      failing('EXCHANGE_RATE_LIMITED'),
      accepted,
    );
    quote(99);
    await drain();
    expect(outcomes()).toEqual(['error', 'rate_limited', 'ok']);
    expect(new Set(venue.requests.map(({ clientOrderId }) => clientOrderId)).size).toBe(1);
    expect(ofType(events, 'order.placed')).toHaveLength(1);
  });

  it('does not repeat a call that failed for good', async () => {
    const { venue, quote, drain } = setUp(failing('EXCHANGE_FAILED'));
    quote(99);
    await drain();
    expect(venue.requests).toHaveLength(1);
  });

  it('finds out from the open orders what became of an order that got no answer', async () => {
    const { executor, venue, events, quote, drain, outcomes } = setUp(silence, silence, silence);
    quote(99);
    await drain();
    expect(outcomes()).toEqual(['timeout', 'timeout', 'timeout']);
    quote(99);
    expect(venue.requests).toHaveLength(3);

    venue.listed = [{ orderId: 'v9', clientOrderId: venue.requests[0]?.clientOrderId ?? '' }];
    executor.compareWithVenue();
    await drain();
    expect(ofType(events, 'order.placed')).toMatchObject([{ data: { orderId: 'v9' } }]);
  });

  it('cancels an order at the venue that it does not know, and forgets one that the venue does not have', async () => {
    const { executor, venue, events, quote, drain } = setUp();
    quote(99);
    await drain();
    venue.listed = [{ orderId: 'stranger', clientOrderId: 'other' }];
    executor.compareWithVenue();
    await drain();
    expect(venue.canceled).toEqual(['stranger']);
    expect(ofType(events, 'order.canceled')).toMatchObject([
      { data: { orderId: 'v1', reason: 'not_found_at_venue' } },
    ]);
  });

  it('publishes a fill that comes before the answer after the placing that it proves', async () => {
    const { executor, venue, events, quote, drain } = setUp();
    quote(99);
    executor.onFill({
      symbol: 'AAA',
      orderId: 'v1',
      clientOrderId: venue.requests[0]?.clientOrderId ?? '',
      fillId: 'f1',
      side: 'buy',
      price: '99',
      quantity: '0.4',
      remaining: '0.6',
      fee: '0',
      feeAsset: 'quote',
    });
    await drain();
    const orders = events.filter(({ type }) => type.startsWith('order.'));
    expect(orders.map(({ type }) => type)).toEqual(['order.placed', 'order.filled']);
    expect(orders[1]?.causationId).toBe(orders[0]?.id);
  });

  it('cancels an order that is still on its way when everything is to be cancelled', async () => {
    const { executor, events, quote, drain } = setUp();
    quote(99);
    const canceled = executor.cancelAll('circuit_breaker', 'trip-1');
    await drain();
    await canceled;
    expect(ofType(events, 'order.canceled')).toMatchObject([
      { causationId: 'trip-1', data: { orderId: 'v1', reason: 'circuit_breaker' } },
    ]);
    expect(executor.hasOrders).toBe(false);
  });

  it('sends no more orders than the rate limit allows', () => {
    const { venue, quote } = setUp();
    quote(99, 98, 97, 96);
    expect(venue.requests).toHaveLength(2);
  });
});
