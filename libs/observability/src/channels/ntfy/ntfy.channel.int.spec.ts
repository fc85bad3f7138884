import { AlertLevel } from '@opensqt/trading-events';
import { describeChannelContract } from '../testing/channel.contract';
import { channelFrom } from '../testing/channel-from';
import { failureOfSending } from '../testing/failure-of-sending';
import { notification } from '../testing/notification';
import { type ProviderServer, startProviderServer } from '../testing/provider-server';
import { type NtfyMessage, ntfyMessage } from './ntfy-message';
import { ntfy } from './ntfy.channel';

const OK = '{"id":"hwQ2YpKdmg","time":1768892527,"event":"message","topic":"desk-9f2c","message":"x"}';
const TOPIC = 'desk-9f2c-zq81';
const TOKEN = 'tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2';

describeChannelContract('ntfy', {
  channelTo: (url) => channelFrom(ntfy, { topic: TOPIC, token: TOKEN, url }, { timeoutMs: 1_000 }),
  confirmation: { status: 200, body: OK },
  secrets: [TOPIC, TOKEN],
  expectInert: ({ json }) => {
    const { title, message } = json as unknown as NtfyMessage;
    expect(title.length).toBeLessThanOrEqual(200);
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4_096);
    expect(title + message).not.toMatch(/\p{Cs}/u);
    expect(json).not.toHaveProperty('markdown');
  },
});

describe('NtfyChannel', () => {
  let server: ProviderServer;
  beforeEach(async () => (server = await startProviderServer()).answer(200, OK));
  afterEach(() => server.close());

  it('publishes to the topic, with the token, and rings for CRITICAL', async () => {
    const channel = channelFrom(ntfy, { topic: TOPIC, token: TOKEN, url: server.url });
    expect(await failureOfSending(channel)).toBeUndefined();
    expect(server.requests[0]?.headers).toMatchObject({ authorization: `Bearer ${TOKEN}` });
    expect(server.requests[0]?.json).toEqual({
      topic: TOPIC,
      title: 'CRITICAL · Circuit breaker tripped: BTCUSDT',
      message:
        'Drawdown reached 6 % (limit 5 %). Trading is stopped.\nScope: BTCUSDT\nThreshold: 5 %\n2026-11-24 03:12:07 UTC · alert 0192f0c1',
      priority: 5,
      tags: ['red_circle', 'circuit_breaker_trip'],
    });
  });

  it('sends no token where none is configured', async () => {
    await failureOfSending(channelFrom(ntfy, { topic: TOPIC, url: server.url }));
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  it('says who may have forbidden it', async () => {
    const refusing = (await startProviderServer()).answer(
      403,
      '{"code":40301,"http":403,"error":"forbidden"}',
    );
    const failure = await failureOfSending(channelFrom(ntfy, { topic: TOPIC, url: refusing.url }));
    expect(failure?.message).toBe(
      'ntfy refuses this channel (403 forbidden): check alerts.ntfy.topic and alerts.ntfy.token, and who may write to the topic.',
    );
    await refusing.close();
  });
});

describe('ntfyMessage', () => {
  it('does not ring for what is over, and opens the runbook', () => {
    const runbookUrl = 'https://desk.example/runbooks/circuit_breaker_trip';
    const over = ntfyMessage({ ...notification(), kind: 'resolved', runbookUrl }, TOPIC);
    expect(over).toMatchObject({
      priority: 2,
      tags: ['green_circle', 'circuit_breaker_trip'],
      click: runbookUrl,
      actions: [{ action: 'view', label: 'Runbook', url: runbookUrl }],
    });
  });

  it.each([
    [AlertLevel.Info, 2],
    [AlertLevel.Warning, 3],
    [AlertLevel.Error, 4],
    [AlertLevel.Critical, 5],
  ])('has for %s the priority %i', (level, priority) => {
    expect(ntfyMessage({ ...notification(), level }, TOPIC).priority).toBe(priority);
  });
});
