import { once } from 'node:events';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { freePort } from '@opensqt/event-log/testing';
import { type ProviderServer, startProviderServer } from '@opensqt/observability/testing';
import { type MarketMakerProcess, Workplace } from '../testing/market-maker-process';
import { limitDescriptors } from './testing/attacked-process';

const TOKEN = 'for-operators';
/** More than the process has descriptors. */
const MANY = 250;

interface Sent {
  readonly port: number;
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers?: RequestOptions['headers'];
  /** The address that it is sent from. */
  readonly from?: string;
}

/** Sends a request with headers that a browser would set, each on a connection of its own. */
async function answerTo({ from, headers, ...to }: Sent): Promise<{ status?: number; body: string }> {
  const local = from === undefined ? {} : { localAddress: from };
  const sent = request({ host: '127.0.0.1', agent: false, ...local, ...to, headers });
  sent.end(to.method === 'POST' ? JSON.stringify({ channel: 'webhook' }) : undefined);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await text(response) };
}

const withToken = (token = TOKEN) => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
});

describe('a market maker of 200 descriptors, and somebody else’s page or program', () => {
  const workplace = new Workplace();
  let desk: ProviderServer;
  let metricsPort: number;
  let marketMaker: MarketMakerProcess;

  beforeAll(async () => {
    desk = await startProviderServer();
    metricsPort = await freePort();
    marketMaker = await workplace.start({
      exchange: { speed: 1 }, // no alert of its own leaves meanwhile
      telemetry: { metrics_port: metricsPort },
      alerts: { webhook: { enabled: true, url: desk.url, min_level: 'CRITICAL' } },
      server: { tokens: [{ name: 'eve', token: TOKEN, role: 'operate' }] },
    });
    const health = () => marketMaker.get('/health/live').catch(() => undefined);
    await marketMaker.eventually(async () => (await health())?.status === 200, { what: 'it answers' });
    limitDescriptors(marketMaker);
  });
  afterAll(async () => {
    await workplace.clear();
    await desk.close();
  });

  const testMessage = (headers: Sent['headers'], from?: string) =>
    answerTo({
      ...{ port: marketMaker.port, method: 'POST' as const, path: '/alerts/test', headers },
      ...(from === undefined ? {} : { from }),
    });

  /** The operator's test message leaves, at once, and none has before. */
  async function expectTheOperatorIn(from?: string): Promise<void> {
    const before = desk.requests.length;
    const { status, body } = await testMessage(withToken(), from);
    expect({ status, delivered: (JSON.parse(body) as { delivered: boolean }).delivered }).toEqual({
      status: 200,
      delivered: true,
    });
    expect(desk.requests.length - before).toBe(1);
  }

  it('shows nothing under a name that was made to point to it, on either port, whatever the token', async () => {
    const before = desk.requests.length;
    const paths = ['/', '/metrics', '/health', '/alerts', '/api/v1/overview', '/api/v1/events'];
    for (const port of [marketMaker.port, metricsPort]) {
      for (let sent = 0; sent < MANY; sent++) {
        const path = paths[sent % paths.length] ?? '';
        const answer = await answerTo({
          port,
          path,
          headers: { host: `evil.example:${port}`, ...withToken() },
        });
        expect({ path, status: answer.status }).toEqual({ path, status: 403 });
        expect(answer.body).not.toMatch(/market_maker_|BTCUSDT/);
      }
    }
    expect((await testMessage({ host: 'evil.example', ...withToken() })).status).toBe(403);
    expect(desk.requests.length).toBe(before);
    expect((await answerTo({ port: metricsPort, path: '/metrics' })).status).toBe(200);
    await expectTheOperatorIn();
  });

  it.each([
    { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
  ])('changes nothing for a page of another site, whatever the token: %j', async (page) => {
    const before = desk.requests.length;
    const { port } = marketMaker;
    for (let sent = 0; sent < MANY / 4; sent++)
      expect((await testMessage({ ...page, ...withToken(sent % 2 === 0 ? TOKEN : 'guess') })).status).toBe(
        403,
      );
    const silence = { port, path: '/alerts/silences', headers: { ...page, ...withToken() } };
    expect((await answerTo({ ...silence, method: 'POST' })).status).toBe(403);
    expect((await answerTo({ ...silence, method: 'DELETE', path: '/alerts/silences/a' })).status).toBe(403);
    expect(desk.requests.length).toBe(before);
    await expectTheOperatorIn();
    expect((await testMessage(withToken('typo'))).status).toBe(401); // none of it has slowed this source
  });

  it('slows wrong tokens of one source, and lets the right one pass from there and from elsewhere', async () => {
    const statuses = new Set<number | undefined>();
    for (let guess = 0; guess < MANY; guess++)
      statuses.add((await testMessage(withToken(`guess-${guess}`))).status);
    expect([...statuses].sort()).toEqual([401, 429]);
    await expectTheOperatorIn();
    expect((await testMessage(withToken('typo'), '127.0.0.2')).status).toBe(401);
    await expectTheOperatorIn('127.0.0.2');
  });
});
