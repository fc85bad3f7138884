import { number, text } from '@opensqt/trading-events/options';
import { z } from 'zod';
import { KINDS } from './kinds';
import { assembleMarketMaker } from './market-maker';
import type { SourceKind } from './market/market-source';
import { resolveOptions } from './options';
import type { ExchangeListener, Fill, OrderRequest } from './remote-exchange/exchange-port';
import type { StrategyKind } from './strategy/strategy';
import { feedOf, ofType, silent, trade } from './testing/recorded-run';
import type { TradingEvent } from '@opensqt/trading-events';
import type { VenueContext, VenueKind } from './venues/venue';

const dipOptions = z.strictObject({
  name: z.literal('dip'),
  discount: number({ min: 0 }).prefault(1),
  quantity: number({ above: 0 }).prefault(2),
});

/** Wants one buy order that lies `discount` below the price, and remembers nothing. */
const dip: StrategyKind<typeof dipOptions> = {
  options: dipOptions,
  create: ({ name, discount, quantity }) => ({
    name,
    initial: undefined,
    evolve: () => undefined,
    decide: (_, { price }) => ({
      orders: [{ side: 'buy', level: 1, price: price - discount, quantity }],
      tolerance: 10,
    }),
  }),
};

/** Fills each order as soon as it is placed, at its own price. */
class GenerousVenue {
  readonly name: string;
  private readonly listeners: ExchangeListener[] = [];
  private count = 0;

  constructor(
    private readonly feeAsset: string,
    context: VenueContext,
  ) {
    this.name = context.name;
  }

  subscribe(listener: ExchangeListener): void {
    this.listeners.push(listener);
  }

  onMarketEvent(): void {
    return;
  }

  placeOrder({ symbol, clientOrderId, side, price = '0', quantity }: OrderRequest) {
    const orderId = `g-${++this.count}`;
    const fill: Fill = {
      symbol,
      orderId,
      clientOrderId,
      fillId: `${orderId}-1`,
      side,
      price,
      quantity,
      remaining: '0',
      fee: '0',
      feeAsset: this.feeAsset,
    };
    for (const listener of this.listeners) listener.onFill(fill);
    return Promise.resolve({ status: 'accepted', orderId } as const);
  }

  cancelOrder() {
    return Promise.resolve('not_found' as const);
  }

  cancelAll() {
    return Promise.resolve([]);
  }

  openOrders() {
    return Promise.resolve([]);
  }
}

const generousOptions = z.strictObject({ feeAsset: text({ allowed: 'an asset' }).prefault('USDT') });
const generous: VenueKind<typeof generousOptions> = {
  options: generousOptions,
  create: ({ feeAsset }, context) => new GenerousVenue(feeAsset, context),
};

const twoTrades: SourceKind = {
  symbols: () => ['AAA'],
  open: () => feedOf([trade('AAA', 1_000, 100), trade('AAA', 2_000, 99)]),
};

const kinds = {
  strategies: { ...KINDS.strategies, dip },
  venues: { ...KINDS.venues, generous },
  sources: { ...KINDS.sources, twoTrades },
};

describe('a strategy, a venue and a source that are registered', () => {
  it('trade through the same market maker, chosen by name, each with its own options', async () => {
    const strategy = { name: 'dip', discount: 4 };
    const exchange = {
      source: 'twoTrades',
      venue: 'generous',
      feeAsset: 'BNB',
      speed: 'max',
      whenFinished: 'exit',
    };
    const events: TradingEvent[] = [];
    const marketMaker = assembleMarketMaker(
      { exchange, symbols: [{ symbol: 'AAA', strategy }] },
      { logger: silent, publish: (event) => events.push(event) },
      kinds,
    );
    const summary = await marketMaker.run();

    expect(ofType(events, 'symbol.started').map(({ data }) => data)).toEqual([
      { symbol: 'AAA', exchange: 'generous', strategy: 'dip' },
    ]);
    expect(ofType(events, 'order.filled').map(({ data }) => data)).toMatchObject([
      { strategy: 'dip', price: '96', quantity: '2', feeAsset: 'BNB' },
      { strategy: 'dip', price: '95', quantity: '2', feeAsset: 'BNB' },
    ]);
    expect(summary).toMatchObject({ trades: 2, fills: 2, finished: true });
  });

  it('fill in the defaults that stand in their folder, and the symbols that the source knows', () => {
    const { symbols, exchange } = resolveOptions(
      { exchange: { source: 'twoTrades', venue: 'generous' }, symbols: [{ symbol: 'AAA' }] },
      kinds,
    );
    expect(exchange).toMatchObject({ name: 'generous', feeAsset: 'USDT' });
    expect(exchange).not.toHaveProperty('latency');
    expect(symbols).toMatchObject([{ symbol: 'AAA', strategy: { name: 'grid', levels: 3 } }]);
    expect(resolveOptions({ exchange: { source: 'twoTrades' } }, kinds).symbols).toMatchObject([
      { symbol: 'AAA' },
    ]);
  });
});

describe('a name that is not registered', () => {
  it.each([
    [
      'strategy',
      { symbols: [{ symbol: 'AAA', strategy: { name: 'dip' } }] },
      /symbols\[0\].strategy.name: found "dip"; allowed: grid/,
    ],
    ['venue', { exchange: { venue: 'generous' } }, /exchange.venue: found "generous"; allowed: paper/],
    [
      'source',
      { exchange: { source: 'toString' } },
      /exchange.source: found "toString"; allowed: one of simulated, recording/,
    ],
  ])('is refused, with those that are: %s', (_, options, sentence) => {
    expect(() => resolveOptions(options)).toThrow(sentence);
  });
});

describe('the built-in kinds', () => {
  it('carry the name that they are registered under', () => {
    for (const [name, { options }] of Object.entries(KINDS.strategies)) {
      expect(options.parse({ name })).toMatchObject({ name });
    }
  });
});
