import { spawn } from 'node:child_process';
import { once } from 'node:events';
import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { runSource } from '@opensqt/event-log/testing';
import { eventually } from '@opensqt/trading-events/testing';
import { selfSignedCertificate } from '../channels/email/testing/self-signed-certificate';
import { type ProviderServer, startProviderServer } from '../channels/testing/provider-server';
import { type HttpAnswer, exchange } from './http-exchange';
import { networkOf } from './network';

const SCRIPT = join(__dirname, 'testing/request.ts');
const CONNECTED = 'HTTP/1.1 200 Connection established\r\n\r\n';

/** A proxy on loopback that passes everything on, or answers as it is given. */
async function startProxy(answer?: string) {
  const requests: { line: string; authorization: string | undefined }[] = [];
  const keep = ({ method, url, headers }: http.IncomingMessage): void =>
    void requests.push({ line: `${method} ${url}`, authorization: headers['proxy-authorization'] });
  const server = http.createServer((request, response) => {
    keep(request);
    const { method, headers } = request;
    request.pipe(
      http.request(request.url ?? '', { method, headers }, (from) => {
        response.writeHead(from.statusCode ?? 0, from.headers);
        from.pipe(response);
      }),
    );
  });
  server.on('connect', (request, client: net.Socket) => {
    keep(request);
    if (answer !== undefined) return void client.end(answer);
    const [host, port] = (request.url ?? '').split(':');
    const target = net.connect(Number(port), host, () => {
      client.write(CONNECTED);
      target.pipe(client).pipe(target);
    });
    for (const socket of [client, target]) socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://eve:p%40ss@127.0.0.1:${port}`, requests, close };
}

const SERVER = `
  const server = require('node:http').createServer((request, response) => response.end('late'));
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => process.send(server.address().port));`;

/** A server that is stopped while the queue of its socket is full: the kernel drops a first SYN, which comes again after a second. */
async function startDeafServer() {
  const child = spawn(process.execPath, ['-e', SERVER], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [port] = (await once(child, 'message')) as [number];
  child.kill('SIGSTOP');
  const queued = Array.from({ length: 6 }, () =>
    net.connect({ port, host: '127.0.0.1' }).on('error', () => undefined),
  );
  await eventually(() => expect(queued.filter(({ connecting }) => !connecting)).toHaveLength(2));
  return {
    port,
    isDeaf: () => queued.some(({ connecting }) => connecting),
    listen: () => void child.kill('SIGCONT'),
    close: () => {
      for (const socket of queued) socket.destroy();
      child.kill('SIGKILL');
    },
  };
}

const post = (url: string, settings: Parameters<typeof networkOf>[0]): Promise<HttpAnswer> =>
  exchange(networkOf(settings, {}), {
    url: new URL(url),
    method: 'POST',
    body: Buffer.from('{}'),
    signal: AbortSignal.timeout(8_000),
  });

describe('a request', () => {
  let provider: ProviderServer;
  const { cert, key } = selfSignedCertificate();
  let secure: https.Server;
  let secureUrl: string;
  beforeAll(async () => {
    provider = await startProviderServer();
    secure = https.createServer({ cert, key }, (request, response) => {
      request.resume();
      response.end('secret ok');
    });
    secure.listen(0, '127.0.0.1');
    await once(secure, 'listening');
    secureUrl = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/hook`;
  });
  afterAll(async () => {
    await provider.close();
    secure.closeAllConnections();
    secure.close();
  });

  it('for http is the proxy’s to pass on, with its login', async () => {
    const proxy = await startProxy();

    expect(await post(`${provider.url}/a?b=c`, { proxy: proxy.url })).toMatchObject({ status: 200 });
    expect(proxy.requests).toEqual([
      {
        line: `POST ${provider.url}/a?b=c`,
        authorization: `Basic ${Buffer.from('eve:p@ss').toString('base64')}`,
      },
    ]);
    expect(provider.requests.at(-1)).toMatchObject({ path: '/a?b=c', body: '{}' });
    proxy.close();
  });

  it('logs in with what the address has, also where a % encodes nothing', async () => {
    const proxy = await startProxy();
    const withLogin = (url: string) => `http://eve:50%off%20é@${new URL(url).host}`;
    const login = `Basic ${Buffer.from('eve:50%off é').toString('base64')}`;

    expect(await post(withLogin(provider.url), { proxy: withLogin(proxy.url) })).toMatchObject({
      status: 200,
    });
    expect(proxy.requests[0]?.authorization).toBe(login);
    expect(provider.requests.at(-1)?.headers['authorization']).toBe(login);
    proxy.close();
  });

  it('for https goes through a tunnel that the proxy can not read, to an authority that is trusted', async () => {
    const proxy = await startProxy();

    expect(await post(secureUrl, { proxy: proxy.url, ca: cert })).toMatchObject({ body: 'secret ok' });
    expect(proxy.requests.map(({ line }) => line)).toEqual([`CONNECT ${new URL(secureUrl).host}`]);
    proxy.close();
  });

  it('reaches nobody whose authority is not trusted', async () => {
    await expect(post(secureUrl, {})).rejects.toMatchObject({ isWritten: false });
    expect(await post(secureUrl, { ca: cert })).toMatchObject({ status: 200 });
  });

  it('reaches whom the environment trusts, also with an authority of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'opensqt-ca-'));
    const file = join(folder, 'ca.pem');
    await writeFile(file, cert);
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: file };
    const other = selfSignedCertificate().cert;
    expect(await runSource(SCRIPT, [secureUrl, other], { env })).toMatchObject({ stdout: '200\n' });
    await rm(folder, { recursive: true });
  });

  it.each([
    ['HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', 407],
    ['HTTP/1.1 502 Bad Gateway\r\n\r\n', 502],
    ['', undefined],
  ])('is not written when the proxy answers %j to the tunnel', async (answer, proxyStatus) => {
    const proxy = await startProxy(answer);

    await expect(post(secureUrl, { proxy: proxy.url })).rejects.toMatchObject({
      isWritten: false,
      proxyStatus,
    });
    proxy.close();
  });

  it('is not written when the proxy is gone', async () => {
    const proxy = await startProxy();
    proxy.close();

    await expect(post(secureUrl, { proxy: proxy.url })).rejects.toMatchObject({
      isWritten: false,
      reason: 'ECONNREFUSED',
    });
  });

  describe('to a name with an address of a dead family', () => {
    const DEAD = { address: '2001:db8::1', family: 6 };
    const ALIVE = { address: '127.0.0.1', family: 4 };
    let server: Awaited<ReturnType<typeof startDeafServer>> | undefined;
    afterEach(() => {
      server?.close();
      jest.restoreAllMocks();
    });

    function resolveTo(...addresses: readonly dns.LookupAddress[]): void {
      const lookup = jest.spyOn(dns, 'lookup') as unknown as jest.SpyInstance<
        void,
        [string, dns.LookupAllOptions, (error: null, addresses: readonly dns.LookupAddress[]) => void]
      >;
      lookup.mockImplementation((_host, _options, done) => process.nextTick(() => done(null, addresses)));
    }

    it.each([
      ['first', [DEAD, ALIVE]],
      ['last', [ALIVE, DEAD]],
    ])(
      'tries them in turn, and has time for one whose first packet is lost, the dead one %s',
      async (_, all) => {
        server = await startDeafServer();
        resolveTo(...all);
        const answer = post(`http://hooks.example:${server.port}/x`, {});
        await setTimeout(400);
        expect(server.isDeaf()).toBe(true);
        server.listen();
        expect(await answer).toMatchObject({ body: 'late' });
      },
    );
  });
});
