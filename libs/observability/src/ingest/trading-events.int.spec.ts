import { Test, type TestingModule } from '@nestjs/testing';
import { EVENT_CATALOGUE, fromCcxt } from '@opensqt/trading-events';
import { Decimal } from 'decimal.js';
import { register } from 'prom-client';
import { MetricsPage } from '../metrics/http/metrics-page';
import { ObservabilityModule } from '../observability.module';
import { TradingEvents } from './trading-events';

const NOW = Date.UTC(2026, 0, 1);
const order = { symbol: 'BTCUSDT', strategy: 'mine', orderId: '1', side: 'buy' } as const;

describe('TradingEvents', () => {
  let testing: TestingModule;
  let events: TradingEvents;

  beforeEach(async () => {
    register.clear();
    const module = ObservabilityModule.forRoot({ clock: { now: () => NOW } });
    testing = await Test.createTestingModule({ imports: [module] }).compile();
    testing.useLogger(false);
    await testing.init();
    events = testing.get(TradingEvents, { strict: false });
  });
  afterEach(() => testing.close());

  const metrics = async (): Promise<string> =>
    Buffer.concat((await testing.get(MetricsPage, { strict: false }).render()).body).toString();

  it('states facts with whatever numbers the caller has, on the clock of the application', async () => {
    const placed = events.placed({
      ...{ ...order, clientOrderId: 'c', orderType: 'limit' },
      ...{ price: 8.12e-7, quantity: new Decimal('1e6') },
    });
    const filled = events.filled(
      { ...order, fillId: 'f', price: 8.12e-7, quantity: 1_000_000n, remaining: 0, fee: 0, feeAsset: 'USDT' },
      { causationId: placed.id },
    );
    expect(placed).toMatchObject({ occurredAt: NOW, data: { price: '0.000000812', quantity: '1000000' } });
    expect(filled).toMatchObject({ causationId: placed.id, data: { quantity: '1000000', remaining: '0' } });
    expect(await metrics()).toMatch(/orders_filled_total\{[^}]*\} 1\n/);
  });

  it('counts what is not so, and throws nothing', async () => {
    expect(() => events.priceUpdated({ symbol: 'BTCUSDT', price: NaN })).not.toThrow();
    expect(await metrics()).toMatch(/events_rejected_total\{[^}]*\} 1\n/);
  });

  it('emits what ccxt gives, and a trade that comes twice counts once', async () => {
    const trade = {
      ...order,
      id: 't',
      order: '1',
      symbol: 'BTC/USDT',
      price: 60_000,
      amount: 0.1,
      timestamp: NOW,
    };
    events.emit(...fromCcxt(trade), ...fromCcxt({ ...trade }));
    expect(await metrics()).toMatch(/orders_filled_total\{[^}]*\} 1\n/);
  });

  it('has a method for each fact of trading', () => {
    const methods = Object.getOwnPropertyNames(TradingEvents.prototype);
    const ofTrading = Object.values(EVENT_CATALOGUE).filter(
      ({ source }) => source !== 'alerts' && source !== 'event-log',
    );
    expect(
      methods.filter((name) => !['constructor', 'emit', 'state', 'emitter'].includes(name)),
    ).toHaveLength(ofTrading.length);
  });
});
