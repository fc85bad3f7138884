import type { DeliveryFailure } from '@opensqt/trading-events';
import type { AlertChannel } from '../alerts/alert-channel';
import { SlackChannel } from './slack.channel';
import { TelegramChannel } from './telegram.channel';
import { failureOfSending } from './testing/failure-of-sending';
import { type ProviderServer, TELEGRAM_OK, startProviderServer } from './testing/provider-server';

const ALL_STATUSES = Array.from({ length: 400 }, (_, n) => 200 + n);

/** The classes of every status; 2xx are delivered when the body is the promised one. */
function expectedOutcome(status: number): DeliveryFailure {
  if (status < 300) return 'ambiguous';
  if (status < 400 || [401, 403, 404, 410].includes(status)) return 'broken';
  if (status === 408 || status >= 500) return 'transient';
  if (status === 413) return 'too_large';
  return status === 429 ? 'rate_limited' : 'rejected';
}

const providers: readonly {
  readonly name: string;
  readonly confirmation: string;
  readonly channelTo: (server: ProviderServer) => AlertChannel;
}[] = [
  {
    name: 'Slack',
    confirmation: 'ok',
    channelTo: ({ url }) =>
      new SlackChannel({ webhookUrl: `${url}/services/T0AAA/B0BBB/s3cr3t`, timeoutMs: 300 }),
  },
  {
    name: 'Telegram',
    confirmation: TELEGRAM_OK,
    channelTo: ({ url }) =>
      new TelegramChannel({ botToken: '123456789:AAsecret', chatId: '42', apiRoot: url, timeoutMs: 300 }),
  },
];

describe.each(providers)('$name', ({ confirmation, channelTo }) => {
  let server: ProviderServer;
  beforeEach(async () => (server = await startProviderServer()));
  afterEach(() => server.close());

  it('gives every status its outcome', async () => {
    const channel = channelTo(server);
    const outcomes: (readonly [number, DeliveryFailure | undefined])[] = [];
    for (const status of ALL_STATUSES) {
      server.answer(status, 'something else');
      outcomes.push([status, (await failureOfSending(channel))?.outcome]);
    }

    expect(outcomes).toEqual(ALL_STATUSES.map((status) => [status, expectedOutcome(status)]));
  });

  it('is delivered when the body is the promised one', async () => {
    server.answer(200, confirmation);

    expect(await failureOfSending(channelTo(server))).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  it("does not take a captive portal's page for a confirmation", async () => {
    server.answer(200, '<html>Log in to the hotel</html>', { 'content-type': 'text/html' });

    const failure = await failureOfSending(channelTo(server));

    expect(failure).toMatchObject({ outcome: 'ambiguous' });
    expect(failure?.message).toContain('captive portal');
  });

  it('does not follow a redirect', async () => {
    server.answer(302, '', { location: `${server.url}/elsewhere` });

    expect(await failureOfSending(channelTo(server))).toMatchObject({ outcome: 'broken' });
    expect(server.requests).toHaveLength(1);
  });

  it('may be tried again after a 502 with an HTML page', async () => {
    server.answer(502, '<html>Bad Gateway</html>');

    expect(await failureOfSending(channelTo(server))).toMatchObject({ outcome: 'transient' });
  });

  it.each([
    ['hangs', (to: ProviderServer) => to.hang()],
    ['resets the connection after it read the request', (to: ProviderServer) => to.reset()],
    ['closes the connection without an answer', (to: ProviderServer) => to.hangUp()],
    ['begins a confirmation and never ends it', (to: ProviderServer) => to.stall(200, confirmation)],
  ])('is ambiguous when the provider %s', async (_, misbehave) => {
    misbehave(server);

    expect(await failureOfSending(channelTo(server))).toMatchObject({ outcome: 'ambiguous' });
    expect(server.requests).toHaveLength(1);
  });

  it('goes by the status when a refusal never ends', async () => {
    server.stall(403, 'no');

    expect(await failureOfSending(channelTo(server))).toMatchObject({ outcome: 'broken' });
  });

  it('is transient when nothing listens, and delivers once something does', async () => {
    const { port } = server;
    const channel = channelTo(server);
    await server.close();

    expect(await failureOfSending(channel)).toMatchObject({ outcome: 'transient' });

    server = await startProviderServer(port);
    server.answer(200, confirmation);
    expect(await failureOfSending(channel)).toBeUndefined();
  });

  it('is ambiguous when it is stopped with the request under way', async () => {
    const stopping = new AbortController();
    server.hang();
    const sending = failureOfSending(channelTo(server), stopping.signal);
    await server.received(1);
    stopping.abort();

    expect(await sending).toMatchObject({ outcome: 'ambiguous' });
  });

  it('sends nothing when it is stopped before', async () => {
    expect(await failureOfSending(channelTo(server), AbortSignal.abort())).toMatchObject({
      outcome: 'transient',
    });
    expect(server.requests).toHaveLength(0);
  });

  it.each([
    ['in the header', { 'retry-after': '7' }, '', 7_000],
    ['in the body only', {}, '{"retry_after":9,"parameters":{"retry_after":9}}', 9_000],
    ['absurd', { 'retry-after': '99999999' }, '', 3_600_000],
    ['missing', {}, '', 5_000],
  ] as const)('pauses after a 429 whose time is %s', async (_, headers, body, retryAfterMs) => {
    server.answer(429, body, headers);

    expect(await failureOfSending(channelTo(server))).toMatchObject({
      outcome: 'rate_limited',
      retryAfterMs,
    });
  });

  it('reads no more than 64 KiB of an answer', async () => {
    server.answer(200, confirmation.padEnd(70_000));

    expect(await failureOfSending(channelTo(server))).toMatchObject({ outcome: 'ambiguous' });
  });
});
