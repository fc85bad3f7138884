import { once } from 'node:events';
import http, { type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { ProxyRefusal, connectTo, proxyLogin } from './connect';
import { basicLogin } from './login';
import type { Network } from './network';

/** No answer that matters is longer; a page of a proxy's may be. */
const BODY_LIMIT = 64 * 1_024;

export interface HttpRequest {
  readonly url: URL;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer;
  readonly signal: AbortSignal;
}

/** An answer. Every status counts as one. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The first 64 KiB. */
  readonly body: string;
  /** False when there was more than that, or the connection broke first. */
  readonly complete: boolean;
}

/** A request without an answer. It has no cause: errors of the network carry addresses and those of URLs carry secrets. */
export class HttpFailure extends Error {
  override readonly name = 'HttpFailure';

  /**
   * @param isWritten true when the request may have arrived
   * @param reason a code or a few words, without an address
   * @param proxyStatus the status with which the proxy refused
   */
  constructor(
    readonly isWritten: boolean,
    readonly reason: string,
    readonly proxyStatus?: number,
  ) {
    super(reason);
  }
}

/**
 * Makes one request and returns the answer. Redirects are not followed.
 *
 * Each request has a connection of its own: a kept one that the provider has closed meanwhile resets in the same way as one
 * that breaks after the request was written, and only the first may safely be tried again.
 *
 * @throws HttpFailure
 */
export async function exchange(network: Network, request: HttpRequest): Promise<HttpAnswer> {
  const { url, method, body, signal } = request;
  const { socket, proxy } = await connectTo(url, network, signal).catch((error: unknown) => {
    const status = error instanceof ProxyRefusal ? error.status : undefined;
    throw new HttpFailure(false, status === undefined ? reasonOf(error, signal) : String(error), status);
  });
  const path = url.pathname + url.search;
  const login = basicLogin(url);
  const sent = http.request({
    method,
    path: proxy === undefined ? path : `${url.protocol}//${url.host}${path}`,
    createConnection: () => socket,
    signal,
    headers: {
      host: url.host,
      ...(login === undefined ? {} : { authorization: login }),
      'user-agent': 'opensqt',
      ...(method === 'POST' ? { 'content-length': body?.byteLength ?? 0 } : {}),
      ...(proxy === undefined ? {} : proxyLogin(proxy)),
      ...request.headers,
    },
  });
  const answered = once(sent, 'response');
  // One that breaks while the answer is read shows in the answer; without a listener it would end the process.
  sent.on('error', () => undefined);
  sent.end(body);
  try {
    const [response] = (await answered) as [IncomingMessage];
    return { status: response.statusCode ?? 0, headers: response.headers, ...(await readBody(response)) };
  } catch (error) {
    // A connection that a server closes before it has accepted it breaks before anything is written.
    throw new HttpFailure(socket.bytesWritten > 0, reasonOf(error, signal));
  } finally {
    socket.destroy();
  }
}

/** The reason why a connection failed, in a code or a few words: never the error's own message, which may hold the address. */
export function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return isTimeout(signal.reason) ? 'timed out' : 'the attempt was stopped';
  const { originalCode, code } = error as NodeJS.ErrnoException & { readonly originalCode?: string };
  const known = originalCode ?? code ?? '';
  return /^[A-Z][A-Z0-9_]*$/.test(known) ? known : 'connection failed';
}

function isTimeout(reason: unknown): boolean {
  return (reason as { readonly name?: unknown } | undefined)?.name === 'TimeoutError';
}

async function readBody(response: IncomingMessage): Promise<Pick<HttpAnswer, 'body' | 'complete'>> {
  const chunks: Buffer[] = [];
  let size = 0;
  let whole = true;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > BODY_LIMIT) break;
    }
  } catch {
    whole = false;
  }
  const body = Buffer.concat(chunks).subarray(0, BODY_LIMIT).toString('utf8');
  return { body, complete: whole && size <= BODY_LIMIT };
}
