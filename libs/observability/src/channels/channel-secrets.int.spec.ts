import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { BUILT_IN_CHANNELS } from './testing/built-in-channels';
import { everythingOf } from './testing/everything-of';
import { failureOfSending } from './testing/failure-of-sending';
import { type ProviderServer, startProviderServer } from './testing/provider-server';

async function expectNoSecret(url: string, outcome: string): Promise<void> {
  for (const { channelTo, secrets } of Object.values(BUILT_IN_CHANNELS)) {
    const channel = channelTo(url);
    const failure = await failureOfSending(channel);

    expect(failure).toMatchObject({ outcome });
    const shown = everythingOf(failure) + everythingOf(channel);
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
  }
}

describe('21: a failed delivery shows neither token nor address nor key', () => {
  let server: ProviderServer;
  beforeEach(async () => (server = await startProviderServer()));
  afterEach(() => server.close());

  it('after a hang', async () => {
    server.hang();
    await expectNoSecret(server.url, 'ambiguous');
  });

  it('after a reset', async () => {
    server.reset();
    await expectNoSecret(server.url, 'ambiguous');
  });

  it('after a refused connection', async () => {
    const { url } = server;
    await server.close();
    await expectNoSecret(url, 'transient');
    server = await startProviderServer();
  });

  it('after a name that does not resolve', () => expectNoSecret('http://alerts.invalid', 'transient'));

  it('after a TLS handshake that nobody answers: nothing was written, so it may be tried again', async () => {
    const silent = net.createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    try {
      await expectNoSecret(`https://127.0.0.1:${(silent.address() as AddressInfo).port}`, 'transient');
    } finally {
      silent.close();
    }
  });

  it('after a server that speaks no TLS', () =>
    expectNoSecret(server.url.replace('http:', 'https:'), 'transient'));

  it('after a server that speaks no HTTP', async () => {
    const babbling = net
      .createServer((socket) => void socket.end('220 ready for mail\r\n'))
      .listen(0, '127.0.0.1');
    await once(babbling, 'listening');
    try {
      await expectNoSecret(`http://127.0.0.1:${(babbling.address() as AddressInfo).port}`, 'ambiguous');
    } finally {
      babbling.close();
    }
  });
});
