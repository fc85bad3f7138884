import { parseEvent } from '../catalogue/parse-event';
import { Rejection } from '../catalogue/rejection';
import { type CcxtOrder, type CcxtTrade, fromCcxt } from './from-ccxt';

const AT = Date.UTC(2026, 0, 1);

/** As `exchange.watchOrders()` gives it, shortened to the fields that ccxt always has. */
const order: CcxtOrder & Readonly<Record<string, unknown>> = {
  id: '81',
  clientOrderId: 'mm-1',
  datetime: '2026-01-01T00:00:00.000Z',
  timestamp: AT,
  lastTradeTimestamp: null,
  status: 'open',
  symbol: 'PEPE/USDT',
  type: 'limit',
  timeInForce: 'PO',
  postOnly: true,
  side: 'buy',
  price: 8.12e-7,
  amount: 1_000_000,
  filled: 0,
  remaining: 1_000_000,
  trades: [],
  fee: null,
  info: {},
};
const trade: CcxtTrade & Readonly<Record<string, unknown>> = {
  id: 't1',
  order: '81',
  timestamp: AT + 500,
  symbol: 'PEPE/USDT',
  type: 'limit',
  side: 'buy',
  takerOrMaker: 'maker',
  price: 8.12e-7,
  amount: 400_000,
  cost: 0.3248,
  fee: { cost: 3.2e-7, currency: 'BNB' },
  info: {},
};

const types = (given: CcxtOrder | CcxtTrade): readonly string[] => fromCcxt(given).map(({ type }) => type);

describe('events of ccxt', () => {
  it('are an order that was placed, with exact numbers', () => {
    const [placed, ...others] = fromCcxt(order, { strategy: 'grid' });
    expect(others).toEqual([]);
    expect(placed).toMatchObject({
      type: 'order.placed',
      occurredAt: AT,
      data: {
        ...{ symbol: 'PEPE/USDT', strategy: 'grid', orderId: '81', clientOrderId: 'mm-1', side: 'buy' },
        ...{ orderType: 'post_only', price: '0.000000812', quantity: '1000000' },
      },
    });
  });

  it('are a fill of a trade, with its fee and what remains', () => {
    expect(fromCcxt(trade, { remaining: 600_000 })).toMatchObject([
      {
        type: 'order.filled',
        occurredAt: AT + 500,
        data: {
          ...{ orderId: '81', fillId: 't1', price: '0.000000812', quantity: '400000', remaining: '600000' },
          ...{ fee: '0.00000032', feeAsset: 'BNB', strategy: 'ccxt' },
        },
      },
    ]);
  });

  it('are the trades of an order, each once and by its id, however often they come and from where', () => {
    const second = { ...trade, id: 't2', amount: 600_000, timestamp: AT + 900 };
    const closed = { ...order, status: 'closed', filled: 1_000_000, remaining: 0, trades: [second, trade] };
    const events = fromCcxt(closed);
    expect(events.map(({ type }) => type)).toEqual(['order.placed', 'order.filled', 'order.filled']);
    expect(events.map(({ data }) => ('remaining' in data ? data.remaining : undefined))).toEqual([
      undefined,
      '600000',
      '0',
    ]);
    const ids = [...fromCcxt(order), ...fromCcxt(trade), ...fromCcxt(second)].map(({ id }) => id);
    expect(events.map(({ id }) => id)).toEqual(ids);
  });

  it.each([
    ['canceled', ['order.placed', 'order.canceled']],
    ['expired', ['order.placed', 'order.canceled']],
    ['rejected', ['order.rejected']],
    ['closed', ['order.placed']],
    [undefined, ['order.placed']],
  ])('are those of an order whose status is %s', (status, expected) => {
    expect(types({ ...order, status })).toEqual(expected);
  });

  it('know a market order and one without a client id', () => {
    const market = { ...order, type: 'market', postOnly: undefined, price: 1, clientOrderId: undefined };
    expect(fromCcxt(market)[0]?.data).toMatchObject({ orderType: 'market', clientOrderId: '81' });
    expect(fromCcxt(market)[0]?.data).not.toHaveProperty('price');
  });

  it('have no fee, in the quote currency, where the exchange names none', () => {
    const swap = { ...trade, symbol: 'BTC/USDT:USDT', fee: { cost: undefined, currency: undefined } };
    expect(fromCcxt(swap)[0]?.data).toMatchObject({ fee: '0', feeAsset: 'USDT' });
  });

  it('have the first of several fees, where ccxt leaves the one empty', () => {
    const fees = [
      { cost: 0.01, currency: 'BNB' },
      { cost: 0.02, currency: 'PEPE' },
    ];
    const none = { cost: undefined, currency: undefined };
    for (const fee of [none, null, undefined])
      expect(fromCcxt({ ...trade, fee, fees })[0]?.data).toMatchObject({ fee: '0.01', feeAsset: 'BNB' });
    expect(fromCcxt({ ...trade, fee: none, fees: [] })[0]?.data).toMatchObject({
      fee: '0',
      feeAsset: 'USDT',
    });
  });

  it('are accepted as they are, and refused with the field where something is missing', () => {
    for (const event of [...fromCcxt(order), ...fromCcxt(trade)])
      expect(parseEvent(event)).not.toBeInstanceOf(Rejection);
    const [broken] = fromCcxt({ ...order, amount: undefined });
    const refused = parseEvent(broken);
    expect(refused).toBeInstanceOf(Rejection);
    expect(String((refused as Rejection).message)).toContain('quantity');
  });
});
