import { once } from 'node:events';
import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import net, { type Socket, isIP } from 'node:net';
import tls from 'node:tls';
import { basicLogin } from './login';
import type { Network } from './network';
import { hostOf, portOf } from './proxy';

/**
 * The time after which the next address of a name is tried (ms). Node's 250 ms give up on an address whose first packet was lost and
 * is sent again after 1 s, then 3 s: beside a dead IPv6 no connection would ever be made (https://github.com/nodejs/node/issues/54359).
 */
const ATTEMPT_PER_ADDRESS_MS = 3_500;

/** The proxy does not let the request through. */
export class ProxyRefusal extends Error {
  override readonly name = 'ProxyRefusal';

  constructor(readonly status: number) {
    super(`the proxy answered ${status}`);
  }
}

/** A connection that stands. `proxy` is set where its requests are the proxy's to pass on. */
export interface Connection {
  readonly socket: Socket;
  readonly proxy: URL | undefined;
}

/** Connects to a host by all its addresses in turn. The caller has to destroy the socket. */
export async function connectTcp(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const options = {
    host,
    port,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ATTEMPT_PER_ADDRESS_MS,
  };
  return standing(net.connect(options), 'connect', signal);
}

/**
 * Connects to where a URL is served, directly or through its proxy, up to the end of the TLS handshake: whatever fails here, nothing of
 * a request has been written.
 *
 * @throws ProxyRefusal, or an error of the network
 */
export async function connectTo(url: URL, network: Network, signal: AbortSignal): Promise<Connection> {
  const proxy = network.proxyOf(url);
  const first = proxy ?? url;
  let socket = await connectTcp(hostOf(first), portOf(first), signal);
  if (first.protocol === 'https:') socket = await secured(socket, first, network, signal);
  if (proxy === undefined || url.protocol !== 'https:') return { socket, proxy };
  await openTunnel(socket, proxy, url, signal);
  return { socket: await secured(socket, url, network, signal), proxy: undefined };
}

/** The header with a proxy's login, where its address has one. */
export function proxyLogin(proxy: URL): OutgoingHttpHeaders {
  const login = basicLogin(proxy);
  return login === undefined ? {} : { 'proxy-authorization': login };
}

function secured(socket: Socket, url: URL, { ca }: Network, signal: AbortSignal): Promise<Socket> {
  const host = hostOf(url);
  const options = {
    socket,
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca: [...ca] }),
  };
  return standing(tls.connect(options), 'secureConnect', signal);
}

async function standing(socket: Socket, event: string, signal: AbortSignal): Promise<Socket> {
  // One that breaks between two steps shows in the next one; without a listener it would end the process.
  socket.on('error', () => undefined);
  try {
    const closed = once(socket, 'close', { signal }).then(() => Promise.reject(new Error('closed')));
    await Promise.race([once(socket, event, { signal }), closed]);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Source: RFC 9110, section 9.3.6 */
async function openTunnel(socket: Socket, proxy: URL, url: URL, signal: AbortSignal): Promise<void> {
  const target = `${url.hostname}:${portOf(url)}`;
  const request = http.request({
    method: 'CONNECT',
    path: target,
    headers: { host: target, ...proxyLogin(proxy) },
    createConnection: () => socket,
    signal,
  });
  const answered = once(request, 'connect');
  request.on('error', () => undefined);
  request.end();
  try {
    const [{ statusCode = 0 }] = (await answered) as [IncomingMessage];
    if (statusCode < 200 || statusCode > 299) throw new ProxyRefusal(statusCode);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
