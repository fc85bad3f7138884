import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeliveryFailure } from '@opensqt/trading-events';
import type { AlertChannel } from '../channel';
import { everythingOf } from './everything-of';
import { failureOfSending } from './failure-of-sending';
import { HOSTILE_TEXTS } from './hostile-texts';
import { notification } from './notification';
import { type ProviderServer, type ReceivedRequest, startProviderServer } from './provider-server';

const ALL_STATUSES = Array.from({ length: 400 }, (_, n) => 200 + n);

/** A channel that posts to an HTTP provider, and what its provider promises. */
export interface ChannelContract {
  /** Makes the channel: everything goes to that URL, without a slash at its end, and an attempt takes half a second at most. */
  readonly channelTo: (url: string) => AlertChannel;
  /** The answer of the provider when it accepts a message. */
  readonly confirmation: { readonly status: number; readonly body: string };
  /** True where any 2xx confirms, whatever its body. */
  readonly anyBodyConfirms?: true;
  /** Every part of the URL, key and password that the channel was made with and that nobody may see. */
  readonly secrets: readonly string[];
  /** Fails unless what the request says is mere text to the provider. */
  readonly expectInert?: (request: ReceivedRequest) => void;
}

/** The classes of every status; 2xx are delivered when the body is the promised one. */
function expectedOutcome(status: number, anyBodyConfirms: true | undefined): DeliveryFailure | undefined {
  if (status < 300) return anyBodyConfirms ? undefined : 'ambiguous';
  if (status < 400 || [401, 403, 404, 407, 410].includes(status)) return 'broken';
  if (status === 408 || status >= 500) return 'transient';
  if (status === 413) return 'too_large';
  return status === 429 ? 'rate_limited' : 'rejected';
}

/**
 * Declares the tests that every channel over HTTP passes, in a Jest spec: the built-in ones, and those of an application's own. They
 * send to a real server on loopback: every status, hangs, resets, stalls, pauses, stops, hostile texts, echoed secrets. The channel
 * needs a URL that can be set, and a timeout; the tests need nothing but Jest.
 *
 * @example
 * // pushover.channel.spec.ts
 * import { describeChannelContract } from '@opensqt/observability/testing';
 *
 * describeChannelContract('Pushover', {
 *   channelTo: (url) => new PushoverChannel({ apiRoot: url, token: 's3cr3t-token', timeoutMs: 500 }),
 *   confirmation: { status: 200, body: '{"status":1}' },
 *   secrets: ['s3cr3t-token'],
 * });
 */
export function describeChannelContract(name: string, contract: ChannelContract): void {
  describe(name, () => contractTests(contract));
}

function contractTests({ channelTo, confirmation, anyBodyConfirms, secrets, expectInert }: ChannelContract) {
  const unconfirmed = anyBodyConfirms ? undefined : expect.objectContaining({ outcome: 'ambiguous' });
  let server: ProviderServer;
  beforeEach(async () => (server = await startProviderServer()));
  afterEach(() => server.close());

  it('30: gives every status its outcome', async () => {
    const channel = channelTo(server.url);
    const outcomes: (readonly [number, DeliveryFailure | undefined])[] = [];
    for (const status of ALL_STATUSES) {
      server.answer(status, 'something else');
      outcomes.push([status, (await failureOfSending(channel))?.outcome]);
    }

    expect(outcomes).toEqual(
      ALL_STATUSES.map((status) => [status, expectedOutcome(status, anyBodyConfirms)]),
    );
  });

  it('is delivered when the body is the promised one', async () => {
    server.answer(confirmation.status, confirmation.body);

    expect(await failureOfSending(channelTo(server.url))).toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  it(`${anyBodyConfirms ? 'takes any page' : "does not take a captive portal's page"} for a confirmation`, async () => {
    server.answer(200, '<html>Log in to the hotel</html>', { 'content-type': 'text/html' });

    const failure = await failureOfSending(channelTo(server.url));

    expect(failure).toEqual(unconfirmed);
    if (!anyBodyConfirms) expect(failure?.message).toContain('captive portal');
  });

  it('does not follow a redirect', async () => {
    server.answer(302, '', { location: `${server.url}/elsewhere` });

    expect(await failureOfSending(channelTo(server.url))).toMatchObject({ outcome: 'broken' });
    expect(server.requests).toHaveLength(1);
  });

  it('may be tried again after a 502 with an HTML page', async () => {
    server.answer(502, '<html>Bad Gateway</html>');

    expect(await failureOfSending(channelTo(server.url))).toMatchObject({ outcome: 'transient' });
  });

  it.each([
    ['hangs', (to: ProviderServer) => to.hang()],
    ['resets the connection after it read the request', (to: ProviderServer) => to.reset()],
    ['closes the connection without an answer', (to: ProviderServer) => to.hangUp()],
  ])('is ambiguous when the provider %s', async (_, misbehave) => {
    misbehave(server);

    expect(await failureOfSending(channelTo(server.url))).toMatchObject({ outcome: 'ambiguous' });
    expect(server.requests).toHaveLength(1);
  });

  it(`is ${anyBodyConfirms ? 'delivered' : 'ambiguous'} when a confirmation begins and never ends`, async () => {
    server.stall(confirmation.status, confirmation.body);

    expect(await failureOfSending(channelTo(server.url))).toEqual(unconfirmed);
    expect(server.requests).toHaveLength(1);
  });

  it('goes by the status when a refusal never ends', async () => {
    server.stall(403, 'no');

    expect(await failureOfSending(channelTo(server.url))).toMatchObject({ outcome: 'broken' });
  });

  it('is transient when nothing listens, and delivers once something does', async () => {
    const { port } = server;
    const channel = channelTo(server.url);
    await server.close();

    expect(await failureOfSending(channel)).toMatchObject({ outcome: 'transient' });

    server = await startProviderServer(port);
    server.answer(confirmation.status, confirmation.body);
    expect(await failureOfSending(channel)).toBeUndefined();
  });

  it('is ambiguous when it is stopped with the request under way', async () => {
    const stopping = new AbortController();
    server.hang();
    const sending = failureOfSending(channelTo(server.url), stopping.signal);
    await server.received(1);
    stopping.abort();

    expect(await sending).toMatchObject({ outcome: 'ambiguous' });
  });

  it('sends nothing when it is stopped before', async () => {
    expect(await failureOfSending(channelTo(server.url), AbortSignal.abort())).toMatchObject({
      outcome: 'transient',
    });
    expect(server.requests).toHaveLength(0);
  });

  it.each([
    ['in the header', { 'retry-after': '7' }, '', 7_000],
    ['in the body only', {}, '{"retry_after":9,"parameters":{"retry_after":9}}', 9_000],
    ['absurd', { 'retry-after': '99999999' }, '', 3_600_000],
    ['missing', {}, '', 5_000],
  ] as const)('8: pauses after a 429 whose time is %s', async (_, headers, body, retryAfterMs) => {
    server.answer(429, body, headers);

    expect(await failureOfSending(channelTo(server.url))).toMatchObject({
      outcome: 'rate_limited',
      retryAfterMs,
    });
  });

  it('reads no more than 64 KiB of an answer, and does not go by a part of one', async () => {
    server.answer(confirmation.status, confirmation.body.padEnd(70_000));

    expect(await failureOfSending(channelTo(server.url))).toEqual(unconfirmed);
  });

  it('shortens once what is too large, and gives up on what still is', async () => {
    const long = notification({ message: 'x'.repeat(20_000), fields: { Value: 'y'.repeat(3_000) } });
    server.answer(413).answer(confirmation.status, confirmation.body).answer(413);

    expect(await failureOfSending(channelTo(server.url), undefined, long)).toBeUndefined();
    const [first = 0, second = 0] = server.requests.map(({ body }) => body.length);
    expect(second).toBeLessThan(first);

    expect(await failureOfSending(channelTo(server.url), undefined, long)).toMatchObject({
      outcome: 'too_large',
    });
    expect(server.requests).toHaveLength(4);
  });

  it.each([
    ['a short message', notification()],
    ['a long one', notification({ message: 'x'.repeat(20_000), fields: { Value: 'y'.repeat(20_000) } })],
  ])('links the runbook in %s', async (_, alert) => {
    const runbookUrl = 'https://runbooks.example/a/circuit_breaker_trip.md';
    server.answer(confirmation.status, confirmation.body);

    expect(
      await failureOfSending(channelTo(server.url), undefined, { ...alert, runbookUrl }),
    ).toBeUndefined();
    const [request] = await server.received(1);
    expect(request?.body).toContain(runbookUrl);
  });

  it.each(HOSTILE_TEXTS)('19 and 20: sends %s as mere text', async (_, text) => {
    server.answer(confirmation.status, confirmation.body);
    const fields = {
      [text]: text,
      ...Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`f${n}`, text])),
    };
    const hostile = notification({
      title: text,
      message: text,
      fields,
      condition: text,
      labels: { scope: text, [text]: text },
      fingerprint: text,
    });

    expect(await failureOfSending(channelTo(server.url), undefined, hostile)).toBeUndefined();

    const [request] = await server.received(1);
    expect(request?.json).toBeDefined();
    expect(
      textsIn(request?.json).filter((said) => /(?!\n)\p{Cc}|\p{Cs}|[\u2028\u2029\u202a-\u202e]/u.test(said)),
    ).toEqual([]);
    if (request !== undefined) expectInert?.(request);
  });

  it.each([200, 302, 400, 401, 404, 413, 429, 500])(
    '21: shows no secret that a %d echoes',
    async (status) => {
      const echo = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]).join(' ');
      const forms = [
        echo,
        JSON.stringify({ ok: false, description: echo, message: echo }),
        JSON.stringify(echo),
      ];
      for (const body of forms) {
        server.answer(status, body, { location: `${server.url}/${encodeURI(echo)}` });
        const channel = channelTo(server.url);
        const shown = everythingOf(await failureOfSending(channel)) + everythingOf(channel);

        expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
      }
    },
  );

  describe('21: shows neither token nor address nor key', () => {
    const expectNoSecret = async (url: string, outcome: DeliveryFailure): Promise<void> => {
      const channel = channelTo(url);
      const failure = await failureOfSending(channel);

      expect(failure).toMatchObject({ outcome });
      const shown = everythingOf(failure) + everythingOf(channel);
      expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
    };

    it('after a hang', () => expectNoSecret(server.hang().url, 'ambiguous'));

    it('after a reset', () => expectNoSecret(server.reset().url, 'ambiguous'));

    it('after a refused connection', async () => {
      const { url } = server;
      await server.close();
      await expectNoSecret(url, 'transient');
      server = await startProviderServer();
    });

    it('after a name that does not resolve', () => expectNoSecret('http://alerts.invalid', 'transient'));

    it('after a TLS handshake that nobody answers: nothing was written, so it may be tried again', () =>
      withListener(
        () => undefined,
        (address) => expectNoSecret(`https://${address}`, 'transient'),
      ));

    it('after a server that speaks no TLS', () =>
      expectNoSecret(server.url.replace('http:', 'https:'), 'transient'));

    it('after a server that speaks no HTTP', () =>
      withListener(
        (socket) => void socket.end('220 ready for mail\r\n'),
        (address) => expectNoSecret(`http://${address}`, 'ambiguous'),
      ));
  });
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...textsIn(inner)]);
}

async function withListener(
  accept: (socket: net.Socket) => void,
  test: (address: string) => Promise<void>,
): Promise<void> {
  const listener = net.createServer(accept).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  try {
    await test(`127.0.0.1:${(listener.address() as AddressInfo).port}`);
  } finally {
    listener.close();
  }
}
