import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvent } from '@opensqt/trading-events';
import { eventually } from '@opensqt/trading-events/testing';
import { RealAlertmanager } from '../../channels/alertmanager/testing/real-alertmanager';
import { AlertApplication } from './testing/alert-application';
import { tripped } from '../testing/tripped';

const reset = (scope: string) => createEvent('circuit_breaker.reset', { scope, by: 'cooldown' });

const isInstalled = spawnSync('prometheus-alertmanager', ['--version']).status === 0;

// Debian's package; .ci/run installs it.
(isInstalled ? describe : describe.skip)('an open alert at a real Alertmanager', () => {
  let folder: string;
  let alertmanager: RealAlertmanager;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
    alertmanager = await RealAlertmanager.start(folder);
  });
  afterAll(async () => {
    await alertmanager.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const scopes = async () => (await alertmanager.active()).map(({ labels }) => labels['scope']).sort();
  const shows = (expected: readonly string[]) =>
    eventually(async () => JSON.stringify(await scopes()) === JSON.stringify(expected), {
      what: `Alertmanager shows ${expected.join(', ') || 'nothing'}`,
      within: 90_000,
    });

  it('is known again after it was restarted, with and without its data, until the alert ends', async () => {
    const path = join(folder, 'events.db');
    const application = await AlertApplication.start({
      path,
      name: 'mm-1',
      alerts: { alertmanager: { enabled: true, urls: [alertmanager.url], endsAfter: '60s' } },
    });
    application.emit(tripped('BTCUSDT'), tripped('ETHUSDT'));
    await shows(['BTCUSDT', 'ETHUSDT']);
    const [first] = await alertmanager.active();
    expect(first?.labels).toMatchObject({ bot: 'mm-1', severity: 'critical' });

    await alertmanager.restart();
    await shows(['BTCUSDT', 'ETHUSDT']);
    await alertmanager.restart({ withoutData: true });
    await shows(['BTCUSDT', 'ETHUSDT']);

    application.emit(reset('BTCUSDT'));
    await shows(['ETHUSDT']);
    await application.settled();
    const outcomes = await application.deliveries('alertmanager');
    expect(outcomes.filter((outcome) => outcome === 'delivery.succeeded')).toHaveLength(3);
    await application.stop();

    // Nobody sends it any more: it ends by itself.
    await shows([]);
  }, 240_000);
});
