import { type ProviderServer, startProviderServer } from '../channels/testing/provider-server';
import { networkOf } from '../network/network';
import { ping } from './ping';
import type { HeartbeatMethod } from './proof';

const refused = (reason: string) => ({ proof: 'refused', reason });

describe('a ping', () => {
  let service: ProviderServer;
  beforeEach(async () => {
    service = await startProviderServer();
  });
  afterEach(() => service.close());

  const send = (given: { method?: HeartbeatMethod; timeoutMs?: number; signal?: AbortSignal } = {}) =>
    ping({
      url: new URL(`${service.url}/s3cret-uuid?key=k3y`),
      method: 'GET',
      timeoutMs: 5_000,
      signal: new AbortController().signal,
      network: networkOf(),
      ...given,
    });

  it.each(['GET', 'HEAD', 'POST'] as const)('is a %s of the address, without a body', async (method) => {
    expect(await send({ method })).toEqual({ proof: 'proved' });
    expect(service.requests).toMatchObject([{ method, path: '/s3cret-uuid?key=k3y', body: '' }]);
  });

  it.each([
    [302, 'it answered 302, a redirect, which is not followed'],
    [404, 'it answered 404'],
    [429, 'it answered 429'],
    [503, 'it answered 503'],
  ])('that is answered with %i: %s', async (status, expected) => {
    service.answer(status, '', { location: `${service.url}/elsewhere` });
    expect(await send()).toEqual(refused(expected));
    expect(service.requests).toHaveLength(1);
  });

  it('reads an answer to its end, and gives up on one that never ends', async () => {
    service.stall(200, 'x');
    expect(await send({ timeoutMs: 200 })).toEqual(refused('no answer within 200 ms'));
  });

  it('has a timeout', async () => {
    service.hang();
    expect(await send({ timeoutMs: 200 })).toEqual(refused('no answer within 200 ms'));
  });

  it('says what broke, and never the address', async () => {
    service.reset();
    expect(await send()).toEqual(refused('it could not be reached (ECONNRESET)'));
    const { port } = service;
    await service.close();
    const late = await ping({
      url: new URL(`http://127.0.0.1:${port}/s3cret-uuid`),
      method: 'GET',
      timeoutMs: 5_000,
      signal: new AbortController().signal,
      network: networkOf(),
    });
    expect(late).toEqual(refused('it could not be reached (ECONNREFUSED)'));
    service = await startProviderServer();
  });

  it('ends when the process stops', async () => {
    service.hang();
    const stopping = new AbortController();
    const sent = send({ signal: stopping.signal });
    await service.received(1);
    stopping.abort();
    expect(await sent).toEqual(refused('it could not be reached (the attempt was stopped)'));
  });
});
