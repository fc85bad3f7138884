import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeChannelContract } from '../testing/channel.contract';
import { channelFrom } from '../testing/channel-from';
import { failureOfSending } from '../testing/failure-of-sending';
import { notification } from '../testing/notification';
import { type ProviderServer, type ReceivedRequest, startProviderServer } from '../testing/provider-server';
import type { AlertChannel } from '../channel';
import { webhook } from './webhook.channel';

const DOCUMENT = readFileSync(join(__dirname, '../../../../../docs/channels.md'), 'utf8');
const SECRET = 'a-shared-secret';
const NOW = Date.UTC(2026, 10, 24, 3, 12, 7);

const stop = new AbortController().signal;

/** The verdict of the documented snippet on a request. */
function verdictOf(header: string, body: string, secret: string, now: number): string {
  const [, snippet = ''] = /```js\n(.*?isAuthentic.*?)```/s.exec(DOCUMENT) ?? [];
  const call = `console.log(isAuthentic(...${JSON.stringify([secret, header, body, now])}));`;
  const { stdout, stderr } = spawnSync(process.execPath, [
    '--input-type=module',
    '-e',
    `${snippet}\n${call}`,
  ]);
  return `${stdout}${stderr}`.trim();
}

describeChannelContract('A webhook', {
  channelTo: (url) =>
    channelFrom(
      webhook,
      {
        url: `${url}/desk-4711/alerts-0815?key=q1w2e3r4`,
        secret: 'hmac-k3y-9876',
        headers: { Authorization: 'Bearer b3arer-5432' },
      },
      { timeoutMs: 1_000 },
    ),
  confirmation: { status: 200, body: '{}' },
  anyBodyConfirms: true,
  secrets: ['desk-4711', 'alerts-0815', 'q1w2e3r4', 'hmac-k3y-9876', 'b3arer-5432'],
});

describe('WebhookChannel', () => {
  let server: ProviderServer;
  beforeEach(async () => (server = await startProviderServer()));
  afterEach(() => server.close());

  const channel = (options: { url?: string; secret?: string; headers?: Record<string, string> } = {}) =>
    channelFrom(webhook, { url: `${server.url}/alerts`, ...options }, { clock: { now: () => NOW } });

  async function sentBy(sender: AlertChannel, given = {}): Promise<ReceivedRequest> {
    await sender.send(notification(given), stop);
    const request = server.requests.at(-1);
    if (request === undefined) throw new Error('nothing was sent');
    return request;
  }

  it('posts everything that is known of the alert, in the documented form', async () => {
    const { method, path, json } = await sentBy(channel(), { delayedMs: 90_000, possibleDuplicate: true });

    expect([method, path]).toEqual(['POST', '/alerts']);
    expect(json).toEqual({
      schema: 'opensqt.alert/1',
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      kind: 'raised',
      level: 'CRITICAL',
      alertId: '0192f0c1-2f0a-7c3e-9b1d-5a2f6f1e7c11',
      incidentId: null,
      fingerprint: 'circuit_breaker_trip{scope="BTCUSDT"}',
      condition: 'circuit_breaker_trip',
      labels: { scope: 'BTCUSDT' },
      title: 'Circuit breaker tripped: BTCUSDT',
      message: 'Drawdown reached 6 % (limit 5 %). Trading is stopped.',
      fields: [
        { name: 'Scope', value: 'BTCUSDT' },
        { name: 'Threshold', value: '5 %' },
      ],
      timestamp: '2026-11-24T03:12:07.000Z',
      possibleDuplicate: true,
      runbookUrl: null,
      delayedMs: 90_000,
    });
    for (const name of Object.keys(json ?? {})) expect(DOCUMENT).toContain(`\`${name}\``);
  });

  it('says which bot it is about', async () => {
    const { json } = await sentBy(channel(), { labels: { bot: 'mm-btc-1', scope: 'BTCUSDT' } });
    expect(json).toMatchObject({ bot: 'mm-btc-1', labels: { bot: 'mm-btc-1', scope: 'BTCUSDT' } });
    expect(DOCUMENT).toContain('`bot`');
  });

  it('is what the document shows', async () => {
    const [, example = ''] = /```json\n(.*?)```/s.exec(DOCUMENT) ?? [];
    const document = JSON.parse(example) as Partial<Record<'title' | 'message' | 'fingerprint', string>> & {
      readonly labels: Readonly<Record<string, string>>;
      readonly fields: readonly { readonly name: string; readonly value: string }[];
    };
    const { title, message, fingerprint, labels } = document;
    const fields = Object.fromEntries(document.fields.map(({ name, value }) => [name, value]));
    const { json } = await sentBy(channel(), { title, message, fingerprint, labels, fields });

    expect({ ...json, id: '' }).toEqual({ ...document, id: '' });
  });

  it('has the same idempotency key in each attempt at one message', async () => {
    const first = await sentBy(channel());
    const second = await sentBy(channel(), { possibleDuplicate: true, delayedMs: 70_000 });
    const resolve = await sentBy(channel(), { kind: 'resolved' });

    expect(first.headers['idempotency-key']).toBe(first.json?.['id']);
    expect(second.headers['idempotency-key']).toBe(first.headers['idempotency-key']);
    expect(resolve.headers['idempotency-key']).not.toBe(first.headers['idempotency-key']);
  });

  it('signs so that the documented snippet accepts it, and nothing else', async () => {
    const { headers, body } = await sentBy(channel({ secret: SECRET }), { message: 'Kurs: 1 €, 漢' });
    const signature = String(headers['x-opensqt-signature']);

    expect(signature).toMatch(/^t=1795489927,v1=[0-9a-f]{64}$/);
    expect(verdictOf(signature, body, SECRET, NOW + 60_000)).toBe('true');
    expect(verdictOf(signature, `${body} `, SECRET, NOW)).toBe('false');
    expect(verdictOf(signature, body, 'another-secret', NOW)).toBe('false');
    expect(verdictOf(signature.replace('t=1795489927', 't=1795489928'), body, SECRET, NOW)).toBe('false');
    expect(verdictOf(signature, body, SECRET, NOW + 600_000)).toBe('false');
    expect(verdictOf('', body, SECRET, NOW)).toBe('false');
  });

  it('is not signed without a secret, and has the headers that were asked for', async () => {
    const { headers } = await sentBy(channel({ headers: { 'X-Desk': 'seven', 'User-Agent': 'desk' } }));

    expect(headers).not.toHaveProperty('x-opensqt-signature');
    expect(headers).toMatchObject({ 'x-desk': 'seven', 'user-agent': 'desk' });
  });

  it.each(['X Desk', 'Host', 'content-length', 'x-desk\r\nx'])('refuses the header %j', (name) => {
    expect(() => channel({ headers: { [name]: 's3cr3t' } })).toThrow(/^(?![^]*s3cr3t)[^]*HTTP headers/);
  });

  it('refuses an address that is no URL without repeating it', () => {
    expect(() => channel({ url: 'desk/s3cr3t' })).toThrow(/^(?![^]*s3cr3t)[^]*http or https URL/);
  });

  it('says what the server complained of', async () => {
    server.answer(401, 'unknown key');

    expect((await failureOfSending(channel()))?.message).toBe(
      'The webhook refuses this channel (401 unknown key): check alerts.webhook.url, secret and headers, and what the server behind it says.',
    );
  });
});
