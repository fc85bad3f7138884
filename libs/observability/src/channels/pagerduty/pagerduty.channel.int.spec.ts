import type { AlertLevel, NoticeKind } from '@opensqt/trading-events';
import { pagerDutyAction } from './pagerduty-event';
import { describeChannelContract } from '../testing/channel.contract';
import { channelFrom } from '../testing/channel-from';
import { failureOfSending } from '../testing/failure-of-sending';
import { notification } from '../testing/notification';
import { type ProviderServer, startProviderServer } from '../testing/provider-server';
import { pagerduty } from './pagerduty.channel';

const OK = '{"status":"success","message":"Event processed","dedup_key":"k"}';
const KEY = 'R0123456789abcdefABCDEF012345678';

describeChannelContract('PagerDuty', {
  channelTo: (apiRoot) => channelFrom(pagerduty, { routingKey: KEY, apiRoot }, { timeoutMs: 1_000 }),
  confirmation: { status: 202, body: OK },
  secrets: [KEY],
  expectInert: ({ body, json }) => {
    const { payload } = json as { readonly payload: { readonly summary: string; readonly source: string } };
    expect(payload.summary.length).toBeLessThanOrEqual(1_024);
    expect(payload.source).not.toBe('');
    expect(Buffer.byteLength(body)).toBeLessThan(512 * 1_024);
  },
});

describe('PagerDutyChannel', () => {
  let server: ProviderServer;
  beforeEach(async () => (server = (await startProviderServer()).answer(202, OK)));
  afterEach(() => server.close());

  const channel = () => channelFrom(pagerduty, { routingKey: KEY, apiRoot: `${server.url}/eu/` });

  it('triggers an incident', async () => {
    expect(await failureOfSending(channel())).toBeUndefined();

    expect(server.requests).toMatchObject([{ method: 'POST', path: '/eu/v2/enqueue' }]);
    expect(server.requests[0]?.json).toEqual({
      routing_key: KEY,
      event_action: 'trigger',
      dedup_key: expect.stringMatching(/^[0-9a-f]{64}$/),
      client: 'OpenSQT',
      payload: {
        summary: '🔴 CRITICAL · Circuit breaker tripped: BTCUSDT',
        source: 'BTCUSDT',
        severity: 'critical',
        timestamp: '2026-11-24T03:12:07.000Z',
        class: 'circuit_breaker_trip',
        group: '0192f0c1-2f0a-7c3e-9b1d-5a2f6f1e7c11',
        custom_details: {
          Message: 'Drawdown reached 6 % (limit 5 %). Trading is stopped.',
          Scope: 'BTCUSDT',
          Threshold: '5 %',
          Alert: '0192f0c1',
        },
      },
    });
  });

  it('has the bot as its source, and the subject beside it', async () => {
    const labels = { bot: 'mm-btc-1', scope: 'BTCUSDT' };
    await failureOfSending(channel(), undefined, notification({ labels }));
    await failureOfSending(channel(), undefined, notification({ labels: { bot: 'mm-btc-1' } }));
    const payloads = server.requests.map(({ json }) => json?.['payload']);
    expect(payloads).toMatchObject([{ source: 'mm-btc-1', component: 'BTCUSDT' }, { source: 'mm-btc-1' }]);
    expect(payloads[1]).not.toHaveProperty('component');
  });

  it('resolves the incident that the alert opened, and no other', async () => {
    await failureOfSending(channel());
    await failureOfSending(channel(), undefined, notification({ kind: 'resolved', title: 'Breaker reset' }));
    await failureOfSending(channel(), undefined, notification({ alertId: 'next week' }));

    const [trigger, resolve, another] = server.requests.map(({ json }) => json);
    expect(resolve).toEqual({ ...trigger, event_action: 'resolve', payload: undefined });
    expect(another?.['dedup_key']).not.toBe(trigger?.['dedup_key']);
  });

  it.each<[NoticeKind, string]>([
    ['raised', 'trigger'],
    ['escalated', 'trigger'],
    ['repeated', 'trigger'],
    ['test', 'trigger'],
    ['acknowledged', 'acknowledge'],
    ['resolved', 'resolve'],
  ])('takes %s for %s', (kind, action) => {
    expect(pagerDutyAction(kind)).toBe(action);
  });

  it.each<[AlertLevel, string]>([
    ['INFO', 'info'],
    ['WARNING', 'warning'],
    ['ERROR', 'error'],
    ['CRITICAL', 'critical'],
  ])('gives %s the severity %s', async (level, severity) => {
    await failureOfSending(channel(), undefined, notification({ level }));

    expect(server.requests[0]?.json).toMatchObject({ payload: { severity } });
  });

  it('loses no detail to another of the same name', async () => {
    const fields = { Message: 'mine', Note: 'mine too' };
    await failureOfSending(channel(), undefined, notification({ fields, possibleDuplicate: true }));

    expect(server.requests[0]?.json).toMatchObject({
      payload: {
        custom_details: {
          Message: expect.stringContaining('Drawdown'),
          Message_2: 'mine',
          Note: 'mine too',
          Note_2: 'possible duplicate',
        },
      },
    });
  });

  it('takes a 200 for no confirmation: PagerDuty promises 202', async () => {
    const other = await startProviderServer();
    other.answer(200, OK);
    const to = channelFrom(pagerduty, { routingKey: KEY, apiRoot: other.url });

    expect(await failureOfSending(to)).toMatchObject({ outcome: 'ambiguous' });
    await other.close();
  });

  it.each([
    ['broken', "Length of 'routing_key' is incorrect (should be 32 characters)"],
    ['rejected', "'payload.summary' is too long"],
  ])('is %s by a 400 that says: %s', async (outcome, error) => {
    const refusing = await startProviderServer();
    const body = { status: 'invalid event', message: 'Event object is invalid', errors: [error] };
    refusing.answer(400, JSON.stringify(body));
    const failure = await failureOfSending(
      channelFrom(pagerduty, { routingKey: KEY, apiRoot: refusing.url }),
    );
    await refusing.close();

    expect(failure).toMatchObject({ outcome });
    expect(failure?.message).toContain(`400 Event object is invalid: ${error}`);
  });
});
