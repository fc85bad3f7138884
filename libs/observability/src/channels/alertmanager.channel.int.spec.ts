import type { AlertNotification } from '../alerts/alert-channel';
import { AlertmanagerChannel, type AlertmanagerChannelOptions } from './alertmanager.channel';
import type { AlertmanagerAlert } from './alertmanager-alerts';
import { failureOfSending } from './testing/failure-of-sending';
import { notification } from './testing/notification';
import { type ProviderServer, startProviderServer } from './testing/provider-server';

const NOW = Date.UTC(2026, 10, 24, 3, 15, 0);

describe('AlertmanagerChannel', () => {
  let first: ProviderServer;
  let second: ProviderServer;
  beforeEach(async () => {
    first = (await startProviderServer()).answer(200);
    second = (await startProviderServer()).answer(200);
  });
  afterEach(() => Promise.all([first.close(), second.close()]));

  const channel = (options: Partial<AlertmanagerChannelOptions> = {}): AlertmanagerChannel =>
    new AlertmanagerChannel({ urls: [`${first.url}/am/`], clock: { now: () => NOW }, ...options });

  async function alertsOf(given: Partial<AlertNotification>, options = {}): Promise<AlertmanagerAlert[]> {
    await channel(options).send(notification(given), new AbortController().signal);
    return JSON.parse(first.requests.at(-1)?.body ?? '[]') as AlertmanagerAlert[];
  }

  it('posts an open alert that lasts for a day unless more is heard of it', async () => {
    const alerts = await alertsOf({}, { generatorUrl: 'https://desk.example/alerts' });

    expect(first.requests).toMatchObject([{ method: 'POST', path: '/am/api/v2/alerts' }]);
    expect(alerts).toEqual([
      {
        labels: { alertname: 'circuit_breaker_trip', severity: 'critical', scope: 'BTCUSDT' },
        annotations: {
          summary: '🔴 CRITICAL · Circuit breaker tripped: BTCUSDT',
          description: 'Drawdown reached 6 % (limit 5 %). Trading is stopped.',
          scope: 'BTCUSDT',
          threshold: '5 %',
        },
        startsAt: '2026-11-24T03:12:07.000Z',
        endsAt: '2026-11-25T03:15:00.000Z',
        generatorURL: 'https://desk.example/alerts',
      },
    ]);
  });

  it('lets an open alert end after as long as is configured', async () => {
    expect(await alertsOf({}, { endsAfter: 3_600_000 })).toMatchObject([
      { endsAt: '2026-11-24T04:15:00.000Z' },
    ]);
  });

  it('ends every severity of an alert that is resolved, in the past of a clock that is behind', async () => {
    const alerts = await alertsOf({ kind: 'resolved' });

    expect(alerts.map(({ labels }) => labels['severity']).sort()).toEqual([
      'critical',
      'error',
      'info',
      'warning',
    ]);
    for (const alert of alerts) {
      expect(alert).toMatchObject({ endsAt: '2026-11-24T03:14:00.000Z', labels: { scope: 'BTCUSDT' } });
      expect(alert).not.toHaveProperty('startsAt');
    }
  });

  it('ends the other severities when an alert escalates: to Alertmanager they are other alerts', async () => {
    const alerts = await alertsOf({ kind: 'escalated', level: 'ERROR' });

    expect(alerts.map(({ labels, endsAt }) => [labels['severity'], Date.parse(endsAt) > NOW])).toEqual([
      ['error', true],
      ['info', false],
      ['warning', false],
      ['critical', false],
    ]);
  });

  it('starts no alert after now: the market may be ahead', async () => {
    expect(await alertsOf({ timestamp: new Date(NOW + 86_400_000) })).toMatchObject([
      { startsAt: '2026-11-24T03:15:00.000Z' },
    ]);
  });

  it('makes names that every Prometheus takes, and keeps what they collide with', async () => {
    const labels = { alertname: 'mine', 'Entry price': '5', 'entry-price': '6', '0day': 'x', empty: ' ' };

    expect((await alertsOf({ labels, condition: '' }))[0]?.labels).toEqual({
      alertname: 'alert',
      severity: 'critical',
      alertname_2: 'mine',
      entry_price: '5',
      entry_price_2: '6',
      _0day: 'x',
    });
  });

  it('tells every instance of the cluster', async () => {
    expect(await failureOfSending(channel({ urls: [first.url, second.url] }))).toBeUndefined();

    expect(second.requests.map(({ body }) => body)).toEqual(first.requests.map(({ body }) => body));
    expect(first.requests).toHaveLength(1);
  });

  it('is delivered when one instance took it', async () => {
    const gone = await startProviderServer();
    const { url } = gone;
    await gone.close();

    expect(await failureOfSending(channel({ urls: [url, second.url] }))).toBeUndefined();
  });

  it('fails with what may still get better when none did', async () => {
    const refusing = (await startProviderServer()).answer(404);
    const starting = (await startProviderServer()).answer(503);

    expect(await failureOfSending(channel({ urls: [refusing.url, starting.url] }))).toMatchObject({
      outcome: 'transient',
    });
    await Promise.all([refusing.close(), starting.close()]);
  });

  it('refuses to be made without an instance', () => {
    expect(() => channel({ urls: [] })).toThrow('alerts.alertmanager.urls is empty');
  });
});
