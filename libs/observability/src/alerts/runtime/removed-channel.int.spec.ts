import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { type ProviderServer, startProviderServer } from '../../channels/testing/provider-server';
import { AlertApplication } from '../delivery/testing/alert-application';

const tripped = createEvent('circuit_breaker.tripped', {
  ...{ scope: 'BTCUSDT', reason: 'max_drawdown', value: '512', threshold: '500', cooldownMs: 600_000 },
});

describe('a broken channel', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'opensqt-removed-channel-')), 'events.db');
  let slack: ProviderServer;
  let app: AlertApplication;
  afterEach(async () => {
    await app.stop();
    await slack.close();
  });
  afterAll(() => rmSync(join(path, '..'), { recursive: true }));

  it('is neither in the health nor in an open alert once it is not configured any more', async () => {
    slack = await startProviderServer();
    slack.answer(404, 'no_service');
    const alerts = { slack: { enabled: true, webhookUrl: `${slack.url}/hook` } };
    app = await AlertApplication.start({ path, alerts });
    app.emit(tripped);
    await eventually(() => expect([...app.alerts.channelHealth().broken.keys()]).toEqual(['slack']));
    const conditions = () => app.alerts.active().map(({ condition }) => condition);
    await eventually(() => expect(conditions()).toContain('channel_broken'));
    await app.stop();

    app = await AlertApplication.start({ path });
    await eventually(() => expect(conditions()).toEqual(['circuit_breaker_trip']));
    expect(app.alerts.channelHealth().broken.size).toBe(0);
    expect(app.alerts.history(1)).toMatchObject([{ condition: 'channel_broken', status: 'resolved' }]);
  });
});
