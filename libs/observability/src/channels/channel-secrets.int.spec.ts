import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { SlackChannel } from './slack.channel';
import { TelegramChannel } from './telegram.channel';
import { failureOfSending } from './testing/failure-of-sending';
import { type ProviderServer, startProviderServer } from './testing/provider-server';

const TOKEN = '123456789:AAF-q8w7_e6r5';
const WEBHOOK_PATH = '/services/T0AAAAAA/B0BBBBBB/x1y2z3';
const SECRETS = /123456789|q8w7|T0AAAAAA|B0BBBBBB|x1y2z3/i;

const channelsTo = (url: string): readonly (SlackChannel | TelegramChannel)[] => [
  new SlackChannel({ webhookUrl: url + WEBHOOK_PATH, timeoutMs: 300 }),
  new TelegramChannel({ botToken: TOKEN, chatId: '42', apiRoot: url, timeoutMs: 300 }),
];

/** Everything of an error that a logger, a debugger or an HTTP answer might show. */
function everythingOf(error: Error): string {
  return [
    String(error),
    error.stack,
    String(error.cause),
    JSON.stringify(error, Object.getOwnPropertyNames(error)),
    inspect(error, { depth: null, showHidden: true }),
  ].join('\n');
}

async function expectNoSecret(url: string, outcome: string): Promise<void> {
  for (const channel of channelsTo(url)) {
    const failure = await failureOfSending(channel);

    expect(failure).toMatchObject({ outcome });
    if (failure !== undefined) expect(everythingOf(failure)).not.toMatch(SECRETS);
  }
}

describe('a failed delivery shows neither token nor webhook', () => {
  let server: ProviderServer;
  beforeEach(async () => (server = await startProviderServer()));
  afterEach(() => server.close());

  it.each([
    [200, 'ambiguous'],
    [302, 'broken'],
    [400, 'rejected'],
    [404, 'broken'],
    [429, 'rate_limited'],
    [500, 'transient'],
  ])('after a %d that echoes them', async (status, outcome) => {
    const echo = `no ${WEBHOOK_PATH} nor /bot${TOKEN}/sendMessage nor ${encodeURIComponent(TOKEN)}`;
    for (const body of [echo, JSON.stringify({ ok: false, description: echo }), JSON.stringify(echo)]) {
      server.answer(status, body, { location: server.url + WEBHOOK_PATH });
      const [slack, telegram] = channelsTo(server.url);

      for (const channel of [slack, telegram]) {
        const failure = channel && (await failureOfSending(channel));
        expect(failure).toMatchObject({ outcome });
        const own = channel?.name === 'slack' ? /T0AAAAAA|B0BBBBBB|x1y2z3/i : /123456789|q8w7/i;
        if (failure !== undefined) expect(everythingOf(failure)).not.toMatch(own);
      }
    }
  });

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

  it('when a channel itself is printed', () => {
    for (const channel of channelsTo(server.url)) {
      expect(inspect(channel, { depth: null, showHidden: true }) + JSON.stringify(channel)).not.toMatch(
        SECRETS,
      );
    }
  });
});
