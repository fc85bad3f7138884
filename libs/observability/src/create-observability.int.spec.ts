import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSource } from '@opensqt/event-log/testing';
import { AlertLevel } from '@opensqt/trading-events';
import { register } from 'prom-client';
import { type ProviderServer, startProviderServer } from './channels/testing/provider-server';
import { createObservability } from './create-observability';
import { ObservabilityOptionsError } from './options/observability-options';

const fill = {
  ...{ symbol: 'BTCUSDT', strategy: 'mine', orderId: '1', price: 60_000, quantity: 1 },
  ...{ remaining: 0, fee: 0, feeAsset: 'USDT' },
  side: 'buy',
} as const;

describe('observability of a process without a Nest application', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-standalone-'));
  let slack: ProviderServer;
  beforeEach(async () => {
    register.clear();
    slack = await startProviderServer();
  });
  afterEach(() => slack.close());
  afterAll(() => rmSync(folder, { recursive: true }));

  const start = () =>
    createObservability({
      eventLog: { kind: 'sqlite', path: join(folder, 'events.db') },
      alerts: { slack: { enabled: true, webhookUrl: `${slack.url}/hook` } },
      logger: { log: () => undefined, warn: () => undefined, error: () => undefined },
    });

  it('counts, alerts, and goes on where it was closed', async () => {
    const first = await start();
    first.events.filled({ ...fill, fillId: '1' });
    const [sent] = await slack.received(1);
    expect(sent?.body).toContain('Large execution');
    await first.alerts.raise({
      level: AlertLevel.Warning,
      title: 'Funding is late',
      message: 'Since 08:00.',
    });
    await first.close();

    register.clear();
    const second = await start();
    second.events.filled({ ...fill, fillId: '2' });
    const { text, contentType } = await second.metrics();
    expect(contentType).toContain('text/plain');
    expect(text).toMatch(/^market_maker_orders_filled_total\{.*symbol="BTCUSDT".*\} 2$/m);
    expect(second.health()).toMatchObject({ event_log: { status: 'up' }, replay: { status: 'up' } });
    expect(second.alerts.active().map(({ title }) => title)).toEqual(['Funding is late']);
    await second.close();
  });

  it('is one in each worker of a cluster', async () => {
    const workers = startSource(join(__dirname, 'testing/cluster-workers.ts'), [folder]);
    await workers.printed('worker 1 counts 1');
    await workers.printed('worker 2 counts 2');
    await workers.end();
  });

  it('is refused with everything that is wrong', async () => {
    const wrong = { eventLog: { kind: 'sqlite', path: '' }, alerts: { burst: 0 } } as const;
    await expect(createObservability(wrong)).rejects.toThrow(ObservabilityOptionsError);
  });
});
