import { type INestApplication, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Counter, Registry, register } from 'prom-client';
import request from 'supertest';
import { ObservabilityModule } from '../../observability.module';
import { TradingEvents } from '../../ingest/trading-events';

const FILLED = 'market_maker_orders_filled_total{symbol="BTCUSDT",side="buy"}';

describe('The registry of /metrics', () => {
  const apps: INestApplication[] = [];

  beforeEach(() => register.clear());
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
    register.clear();
  });

  async function start(...imports: NonNullable<Parameters<typeof Module>[0]['imports']>) {
    const app = (await Test.createTestingModule({ imports }).compile()).createNestApplication({
      logger: false,
    });
    apps.push(app);
    return app.init();
  }

  function fill(app: INestApplication, fillId: string): void {
    const order = { symbol: 'BTCUSDT', strategy: 'mine', orderId: '1', side: 'buy' } as const;
    const amounts = { price: 60_000, quantity: 1, remaining: 0, fee: 0, feeAsset: 'USDT' };
    app.get(TradingEvents).filled({ ...order, ...amounts, fillId });
  }

  const page = async (app: INestApplication): Promise<string> =>
    (await request(app.getHttpServer()).get('/metrics').expect(200)).text;

  it('can be the application’s own, which then has ours until the end, and the global one has none', async () => {
    const registry = new Registry();
    new Counter({ name: 'own_total', help: 'of the application', registers: [registry] }).inc();
    new Counter({ name: 'global_total', help: 'of somebody else' }).inc();
    const app = await start(ObservabilityModule.forRoot({ registry }));
    fill(app, '1');
    const text = await page(app);
    expect(text).toContain('own_total 1\n');
    expect(text).toContain(`${FILLED} 1\n`);
    expect(text).not.toContain('global_total');
    const names = registry.getMetricsAsArray().map(({ name }) => name);
    expect(names.filter((name) => !name.startsWith('market_maker_'))).toEqual(['own_total']);
    expect(await registry.metrics()).toContain(`${FILLED} 1\n`);
    expect(register.getMetricsAsArray().map(({ name }) => name)).toEqual(['global_total']);
    await app.close();
    expect(registry.getMetricsAsArray().map(({ name }) => name)).toEqual(['own_total']);
  });

  it('writes OpenMetrics where the application’s own does', async () => {
    const registry = new Registry();
    registry.setContentType('application/openmetrics-text; version=1.0.0; charset=utf-8' as never);
    const app = await start(ObservabilityModule.forRoot({ registry }));
    fill(app, '1');
    const text = await page(app);
    expect(text).toContain(`${FILLED} 1 # {`);
    expect(text).toMatch(/# EOF\n*$/);
  });

  it('is refused where it is none', async () => {
    await expect(start(ObservabilityModule.forRoot({ registry: {} as never }))).rejects.toThrow(
      'registry: found a section; allowed: a Registry of prom-client',
    );
  });

  it('shows each of two applications of one module its own numbers, also once the other has ended', async () => {
    @Module({ imports: [ObservabilityModule.forRoot()] })
    class AppModule {}
    const one = await start(AppModule);
    const other = await start(AppModule);
    fill(one, '1');
    fill(other, '1');
    fill(other, '2');
    expect(await page(one)).toContain(`${FILLED} 1\n`);
    expect(await page(other)).toContain(`${FILLED} 2\n`);
    await other.close();
    expect(await page(one)).toContain(`${FILLED} 1\n`);
  });
});
