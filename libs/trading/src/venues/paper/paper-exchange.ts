import { assertNever } from '@opensqt/trading-events';
import type { MarketEvent, Trade } from '../../market/market-event';
import type { QuoteAssetOf } from '../../market/market-rules';
import { Decimal, plain } from '../../market/money';
import type {
  CancelResult,
  ExchangeListener,
  Fill,
  OrderRequest,
  PlaceResult,
  VenueOrder,
} from '../../remote-exchange/exchange-port';
import type { Venue, VenueContext, VenueKind } from '../venue';
import { OrderBook, type RestingOrder } from './order-book';
import { type ResolvedPaper, paperOptions } from './paper.options';
import { VenueLink } from './venue-link';

interface Market {
  readonly book: OrderBook;
  lastPrice: string | undefined;
}

/** Answers by client order id are remembered for this many orders. */
const REMEMBERED_ANSWERS = 10_000;

/**
 * An exchange without money. Orders rest in a book of their own and are filled by the public trades of the feed: a trade
 * at an order's price or beyond fills it, up to the traded quantity. Balances are not limited.
 */
export class PaperExchange implements Venue {
  readonly name: string;
  private readonly run: string;
  private readonly link: VenueLink;
  private readonly quoteAssetOf: QuoteAssetOf;
  private readonly markets = new Map<string, Market>();
  private readonly answers = new Map<string, PlaceResult>();
  private readonly listeners: ExchangeListener[] = [];
  private readonly undelivered: Fill[] = [];
  private readonly fees: { readonly maker: Decimal; readonly taker: Decimal };
  private ordersStreamLost = false;
  private orderCount = 0;
  private fillCount = 0;

  constructor(options: ResolvedPaper, { name, run, scheduler, random, quoteAssetOf }: VenueContext) {
    this.name = name;
    this.run = run;
    this.quoteAssetOf = quoteAssetOf;
    this.link = new VenueLink(scheduler, random('latency'), options.latency);
    this.fees = { maker: new Decimal(options.makerFee), taker: new Decimal(options.takerFee) };
  }

  subscribe(listener: ExchangeListener): void {
    this.listeners.push(listener);
  }

  onMarketEvent(event: MarketEvent): void {
    switch (event.type) {
      case 'trade':
        return this.onTrade(event);
      case 'connection_lost':
        if (event.stream === 'orders') this.setOrdersStreamLost(true);
        return this.notify({ status: 'lost', stream: event.stream, reason: event.reason });
      case 'connection_restored':
        if (event.stream === 'orders') this.setOrdersStreamLost(false);
        this.notify({ status: 'restored', stream: event.stream, attempts: event.attempts });
        for (const fill of this.undelivered.splice(0)) this.deliver(fill);
        return;
      case 'latency_changed':
        return this.link.setLatency(event.latencyMs);
      default:
        return assertNever(event);
    }
  }

  placeOrder(request: OrderRequest): Promise<PlaceResult> {
    return this.link.request(() => {
      const known = this.answers.get(request.clientOrderId);
      if (known !== undefined) return known;
      const orderId = `${this.run}-${++this.orderCount}`;
      const answer = this.accept(request, orderId);
      this.remember(request.clientOrderId, answer);
      return answer;
    });
  }

  cancelOrder(symbol: string, orderId: string): Promise<CancelResult> {
    return this.link.request(() => (this.market(symbol).book.remove(orderId) ? 'canceled' : 'not_found'));
  }

  cancelAll(symbol: string): Promise<readonly string[]> {
    return this.link.request(() => {
      const { book } = this.market(symbol);
      const ids = book.orders().map((order) => order.orderId);
      for (const id of ids) book.remove(id);
      return ids;
    });
  }

  openOrders(symbol: string): Promise<readonly VenueOrder[]> {
    return this.link.request(() =>
      this.market(symbol)
        .book.orders()
        .map(({ orderId, clientOrderId }) => ({ orderId, clientOrderId })),
    );
  }

  private accept(request: OrderRequest, orderId: string): PlaceResult {
    const { symbol, clientOrderId, side, orderType } = request;
    const { book, lastPrice } = this.market(symbol);
    const reject = (reason: string): PlaceResult => ({ status: 'rejected', orderId, reason });
    if (lastPrice === undefined) return reject('no_market_price');
    const last = new Decimal(lastPrice);
    const price = orderType === 'market' ? last : new Decimal(request.price ?? 0);
    const quantity = new Decimal(request.quantity);
    if (!price.gt(0) || !quantity.gt(0)) return reject('price_or_quantity_not_positive');

    const order = { orderId, clientOrderId, side, price, remaining: quantity };
    const marketable = side === 'buy' ? price.gte(last) : price.lte(last);
    if (!marketable) {
      book.add(order);
    } else if (orderType === 'post_only') {
      return reject('post_only_would_cross');
    } else {
      this.fill(symbol, { ...order, remaining: new Decimal(0) }, last, quantity, this.fees.taker);
    }
    return { status: 'accepted', orderId };
  }

  private onTrade({ symbol, price, quantity }: Trade): void {
    const market = this.market(symbol);
    market.lastPrice = price;
    for (const match of market.book.match(price, quantity)) {
      this.fill(symbol, match.order, match.price, match.quantity, this.fees.maker);
    }
  }

  private fill(
    symbol: string,
    order: RestingOrder,
    price: Decimal,
    quantity: Decimal,
    feeRate: Decimal,
  ): void {
    const fill: Fill = {
      symbol,
      orderId: order.orderId,
      clientOrderId: order.clientOrderId,
      fillId: `${this.run}-f${++this.fillCount}`,
      side: order.side,
      price: plain(price),
      quantity: plain(quantity),
      remaining: plain(order.remaining),
      fee: plain(price.times(quantity).times(feeRate)),
      feeAsset: this.quoteAssetOf(symbol) ?? 'quote',
    };
    if (this.ordersStreamLost) this.undelivered.push(fill);
    else this.deliver(fill);
  }

  private deliver(fill: Fill): void {
    for (const listener of this.listeners) listener.onFill(fill);
  }

  private notify(change: Parameters<ExchangeListener['onConnection']>[0]): void {
    for (const listener of this.listeners) listener.onConnection(change);
  }

  private setOrdersStreamLost(lost: boolean): void {
    this.ordersStreamLost = lost;
    this.link.setDown(lost);
  }

  private market(symbol: string): Market {
    const known = this.markets.get(symbol) ?? { book: new OrderBook(), lastPrice: undefined };
    this.markets.set(symbol, known);
    return known;
  }

  private remember(clientOrderId: string, answer: PlaceResult): void {
    this.answers.set(clientOrderId, answer);
    if (this.answers.size <= REMEMBERED_ANSWERS) return;
    for (const oldest of this.answers.keys()) {
      this.answers.delete(oldest);
      return;
    }
  }
}

export const paper: VenueKind<typeof paperOptions> = {
  options: paperOptions,
  create: (options, context) => new PaperExchange(options, context),
};
