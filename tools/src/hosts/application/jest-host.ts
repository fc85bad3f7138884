import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { ObservabilityModule, TradingEvents } from '@opensqt/observability';

/** A test of somebody's application with Jest, whose modules are CommonJS. */
it('observes in a test of the application', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-jest-'));
  const path = join(folder, 'events.db');
  const imports = [ObservabilityModule.forRoot({ eventLog: { kind: 'sqlite', path } })];
  const app = (await Test.createTestingModule({ imports }).compile()).createNestApplication({
    logger: false,
  });
  await app.listen(0, '127.0.0.1');
  app.get(TradingEvents).priceUpdated({ symbol: 'BTCUSDT', price: 60_000 });
  const metrics = await (await fetch(`${await app.getUrl()}/metrics`)).text();
  expect(metrics).toContain('market_maker_orders_placed_total');
  expect((await fetch(`${await app.getUrl()}/health/live`)).status).toBe(200);
  await app.close();
  rmSync(folder, { recursive: true });
});
