import type { AlertNotification } from '../channel';
import type { AlertmanagerAlert } from './alertmanager-alerts';
import { describeChannelContract } from '../testing/channel.contract';
import { channelFrom } from '../testing/channel-from';
import { failureOfSending } from '../testing/failure-of-sending';
import { notification } from '../testing/notification';
import { type ProviderServer, startProviderServer } from '../testing/provider-server';
import { alertmanager } from './alertmanager.channel';

const NOW = Date.UTC(2026, 10, 24, 3, 15, 0);
const stop = new AbortController().signal;

describeChannelContract('Alertmanager', {
  channelTo: (url) =>
    channelFrom(
      alertmanager,
      { urls: [`${url.replace('//', '//operator:p4ssw0rd@')}/pr3fix-route`] },
      { timeoutMs: 1_000 },
    ),
  confirmation: { status: 200, body: '' },
  secrets: ['p4ssw0rd', 'pr3fix-route'],
  expectInert: ({ json }) => {
    const [alert] = Object.values(json ?? {}) as {
      readonly labels: object;
      readonly annotations: object;
    }[];
    for (const name of [...Object.keys(alert?.labels ?? {}), ...Object.keys(alert?.annotations ?? {})]) {
      expect(name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
    }
    expect(Object.values(alert?.labels ?? {})).not.toContain('');
  },
});

describe('AlertmanagerChannel', () => {
  let first: ProviderServer;
  let second: ProviderServer;
  beforeEach(async () => {
    first = (await startProviderServer()).answer(200);
    second = (await startProviderServer()).answer(200);
  });
  afterEach(() => Promise.all([first.close(), second.close()]));

  const channel = (options: { urls?: string[]; endsAfter?: number | string; generatorUrl?: string } = {}) =>
    channelFrom(alertmanager, { urls: [`${first.url}/am/`], ...options }, { clock: { now: () => NOW } });

  async function alertsOf(given: Partial<AlertNotification>, options = {}): Promise<AlertmanagerAlert[]> {
    await channel(options).send(notification(given), stop);
    return lastAlerts();
  }

  const lastAlerts = (): AlertmanagerAlert[] =>
    JSON.parse(first.requests.at(-1)?.body ?? '[]') as AlertmanagerAlert[];

  const severities = () =>
    lastAlerts().map(({ labels, endsAt }) => [
      labels['severity'],
      Date.parse(endsAt) > NOW ? 'open' : 'ended',
    ]);

  it('posts an open alert that ends in minutes unless it is sent again', async () => {
    const alerts = await alertsOf({}, { generatorUrl: 'https://desk.example/alerts' });

    expect(first.requests).toMatchObject([{ method: 'POST', path: '/am/api/v2/alerts' }]);
    expect(alerts).toEqual([
      {
        labels: { alertname: 'circuit_breaker_trip', severity: 'critical', scope: 'BTCUSDT' },
        annotations: {
          summary: '🔴 CRITICAL · Circuit breaker tripped: BTCUSDT',
          alert_id: '0192f0c1',
          description: 'Drawdown reached 6 % (limit 5 %). Trading is stopped.',
          scope: 'BTCUSDT',
          threshold: '5 %',
        },
        startsAt: '2026-11-24T03:12:07.000Z',
        endsAt: '2026-11-24T03:20:00.000Z',
        generatorURL: 'https://desk.example/alerts',
      },
    ]);
  });

  it.each([
    ['2m', '2026-11-24T03:17:00.000Z'],
    ['24h', '2026-11-24T03:20:00.000Z'],
  ])('lets an open alert end after %s, five minutes at most', async (endsAfter, endsAt) => {
    expect(await alertsOf({}, { endsAfter })).toMatchObject([{ endsAt }]);
  });

  it('sends open alerts again to every instance, each as it was', async () => {
    const alertmanager = channel({ urls: [first.url, second.url] });
    await alertmanager.refresh?.(
      [notification(), notification({ labels: { scope: 'ETHUSDT' }, level: 'WARNING' })],
      stop,
    );

    expect(lastAlerts()).toMatchObject([
      { labels: { scope: 'BTCUSDT', severity: 'critical' }, endsAt: '2026-11-24T03:20:00.000Z' },
      { labels: { scope: 'ETHUSDT', severity: 'warning' }, endsAt: '2026-11-24T03:20:00.000Z' },
    ]);
    expect(second.requests).toHaveLength(1);
  });

  it('does not raise again, with the rest of a refresh, an alert that ended meanwhile', async () => {
    const alertmanager = channel({ urls: [first.url] });
    const about = (n: number) => ({ alertId: `a${n}`, fingerprint: `f${n}`, labels: { scope: `S${n}` } });
    const open = Array.from({ length: 250 }, (_, n) => notification(about(n)));
    const refreshed = alertmanager.refresh?.(open, stop);
    await Promise.all([
      refreshed,
      ...[20, 240].map((n) => alertmanager.send(notification({ kind: 'resolved', ...about(n) }), stop)),
    ]);

    const sent = first.requests.flatMap(({ body }) => JSON.parse(body) as AlertmanagerAlert[]);
    const last = (scope: string) => sent.findLast(({ labels }) => labels['scope'] === scope);
    expect(sent.length).toBeGreaterThan(250);
    for (const scope of ['S20', 'S240']) expect(last(scope)).not.toHaveProperty('startsAt');
    expect(last('S241')).toHaveProperty('startsAt');
  });

  it('is delivered by one instance while another hangs, and leaves that one out of the next message', async () => {
    const hanging = (await startProviderServer()).hang();
    const alertmanager = channel({ urls: [hanging.url, first.url] });
    expect(await failureOfSending(alertmanager)).toBeUndefined();
    await hanging.received(1);
    expect(await failureOfSending(alertmanager)).toBeUndefined();

    expect(first.requests).toHaveLength(2);
    expect(hanging.requests).toHaveLength(1);
    await hanging.close();
  });

  it('ends an alert at an instance that is being refreshed, too, after it', async () => {
    const alertmanager = channel({ urls: [first.url, second.url] });
    const refreshed = alertmanager.refresh?.([notification()], stop);
    await alertmanager.send(notification({ kind: 'resolved' }), stop);
    await refreshed;

    for (const instance of [first, second]) {
      await instance.received(2);
      const alerts = instance.requests.map(({ body }) => JSON.parse(body) as AlertmanagerAlert[]);
      expect(alerts[0]?.[0]).toHaveProperty('startsAt');
      expect(alerts[1]?.[0]).not.toHaveProperty('startsAt');
    }
  });

  it('ends an alert that is resolved, in the past of a clock that is behind', async () => {
    const alertmanager = channel();
    await alertmanager.send(notification(), stop);
    await alertmanager.send(notification({ kind: 'resolved' }), stop);

    const [ended, ...others] = lastAlerts();
    expect(others).toEqual([]);
    expect(ended).toMatchObject({
      endsAt: '2026-11-24T03:14:00.000Z',
      labels: { alertname: 'circuit_breaker_trip', scope: 'BTCUSDT', severity: 'critical' },
    });
    expect(ended).not.toHaveProperty('startsAt');
  });

  it('ends the severity that an escalation leaves behind: to Alertmanager it is another alert', async () => {
    const alertmanager = channel();
    await alertmanager.send(notification({ level: 'WARNING' }), stop);
    await alertmanager.send(notification({ level: 'ERROR', kind: 'escalated' }), stop);
    expect(severities()).toEqual([
      ['error', 'open'],
      ['warning', 'ended'],
    ]);

    const resolved = notification({ level: 'ERROR', kind: 'resolved' });
    for (const _attempt of [1, 2]) {
      await alertmanager.send(resolved, stop);
      expect(severities()).toEqual([
        ['warning', 'ended'],
        ['error', 'ended'],
      ]);
    }
  });

  it('ends every severity that an alert of an earlier process may have had', async () => {
    await alertsOf({ kind: 'escalated', level: 'ERROR' });
    expect(severities()).toEqual([
      ['error', 'open'],
      ['info', 'ended'],
      ['warning', 'ended'],
    ]);

    await alertsOf({ kind: 'resolved', level: 'ERROR' });
    expect(severities()).toEqual([
      ['info', 'ended'],
      ['warning', 'ended'],
      ['error', 'ended'],
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

  it('notifies every instance of the cluster', async () => {
    expect(await failureOfSending(channel({ urls: [first.url, second.url] }))).toBeUndefined();
    await Promise.all([first.received(1), second.received(1)]);

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
});
