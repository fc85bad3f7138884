import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { freePort } from '@opensqt/event-log/testing';
import { startProviderServer } from '@opensqt/observability/testing';
import { Workplace } from '../testing/market-maker-process';
import { limitDescriptors } from './testing/attacked-process';

const TOKEN = 'for-operators';
const HALVES = [
  '',
  'GET /metrics HTTP/1.1\r\nHost: a\r\n',
  'POST /alerts/test HTTP/1.1\r\nContent-Length: 9\r\n\r\n{',
];

describe('a market maker of 200 descriptors', () => {
  const workplace = new Workplace();
  const sockets: Socket[] = [];
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await workplace.clear();
  });

  async function open(port: number, sent: string): Promise<void> {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    await once(socket, 'connect');
    socket.write(sent);
  }

  it('lets the operator in and alerts out among 300 half-open connections to each of its ports', async () => {
    const desk = await startProviderServer();
    const metricsPort = await freePort();
    const marketMaker = await workplace.start({
      telemetry: { metrics_port: metricsPort },
      alerts: { webhook: { enabled: true, url: desk.url } },
      server: { tokens: [{ name: 'eve', token: TOKEN, role: 'operate' }] },
    });
    const health = () => marketMaker.get('/health/live').catch(() => undefined);
    await marketMaker.eventually(async () => (await health())?.status === 200, { what: 'it answers' });
    limitDescriptors(marketMaker);
    for (const port of [marketMaker.port, metricsPort]) {
      for (let i = 0; i < 300; i++) await open(port, HALVES[i % HALVES.length] ?? '');
    }
    const ask = async (path: string, body: object): Promise<unknown> => {
      const answer = await fetch(`http://127.0.0.1:${marketMaker.port}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return answer.json();
    };
    expect(await ask('/alerts/test', { channel: 'webhook' })).toMatchObject({ delivered: true });
    await ask('/alerts/drill', {});
    for (const level of ['WARNING', 'ERROR', 'CRITICAL']) {
      const isRaised = ({ json }: { json: Record<string, unknown> | undefined }): boolean =>
        json?.['kind'] === 'raised' && json['level'] === level;
      await marketMaker.eventually(() => desk.requests.some(isRaised), { what: `${level} arrives` });
    }
    expect((await marketMaker.get('/metrics', metricsPort)).status).toBe(200);
    await desk.close();
  });
});
