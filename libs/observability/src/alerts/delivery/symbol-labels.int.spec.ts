import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvent } from '@opensqt/trading-events';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { AlertApplication } from './testing/alert-application';

const SCOPE = 'ETHUSDT';
const tripped = createEvent('circuit_breaker.tripped', {
  ...{ scope: SCOPE, reason: 'max_volatility', value: '0.04', threshold: '0.03', cooldownMs: 600_000 },
});
const breached = createEvent('risk.limit_breached', {
  ...{ scope: SCOPE, limit: 'max_position', value: '2', threshold: '1', severity: 'warning' as const },
});
const ends = [
  createEvent('circuit_breaker.reset', { scope: SCOPE, by: 'operator' }),
  createEvent('risk.limit_cleared', { scope: SCOPE, limit: 'max_position' }),
];

describe('the label `symbol` of a breaker and a risk limit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opensqt-labels-'));
  let webhook: ProviderServer;
  let alertmanager: ProviderServer;
  let app: AlertApplication;

  beforeAll(async () => {
    webhook = await startProviderServer();
    alertmanager = await startProviderServer();
    app = await AlertApplication.start({
      path: join(folder, 'events.db'),
      alerts: {
        webhook: { enabled: true, url: webhook.url },
        alertmanager: { enabled: true, urls: [alertmanager.url] },
      },
    });
    app.emit(tripped, breached);
    await webhook.received(2);
    await app.settled();
  });
  afterAll(async () => {
    await app.stop();
    await webhook.close();
    await alertmanager.close();
    rmSync(folder, { recursive: true });
  });

  it('is stored with the alert', () => {
    expect(app.alerts.active().map(({ labels }) => labels['symbol'])).toEqual([SCOPE, SCOPE]);
  });

  it('is in the bodies of a webhook and of Alertmanager, from the raise to the end', async () => {
    app.emit(...ends);
    await webhook.received(4);
    await alertmanager.received(4);
    const labelsOf = (body: string): unknown => {
      const read = JSON.parse(body) as { labels: unknown } | readonly { labels: unknown }[];
      return 'labels' in read ? read.labels : read.map(({ labels }) => labels);
    };
    for (const { body } of webhook.requests) expect(labelsOf(body)).toMatchObject({ symbol: SCOPE });
    for (const { body } of alertmanager.requests) {
      for (const labels of labelsOf(body) as readonly unknown[])
        expect(labels).toMatchObject({ symbol: SCOPE, scope: SCOPE });
    }
  });
});
