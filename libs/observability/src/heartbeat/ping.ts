import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';

/** The HTTP method of the request. */
export type HeartbeatMethod = 'GET' | 'HEAD' | 'POST';

/** One request to a dead-man's switch. */
export interface Ping {
  /** A secret: it is in no result. */
  readonly url: URL;
  readonly method: HeartbeatMethod;
  /** Milliseconds for all of it, the answer's body included. */
  readonly timeoutMs: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/** An answer that goes on for longer is not read to its end: 64 KiB. */
const BODY_LIMIT = 64 * 1_024;

/**
 * Requests an address once, on a connection of its own. Redirects are not followed: a login page that answers for the switch
 * would pass for it.
 *
 * @returns undefined when it answered 2xx, otherwise why not, in words that an operator may see. Never throws.
 */
export async function ping({ url, method, timeoutMs, signal }: Ping): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const request = (url.protocol === 'https:' ? https : http).request(url, {
      method,
      agent: false,
      signal: AbortSignal.any([timeout, signal]),
      headers: { 'user-agent': 'opensqt', ...(method === 'POST' ? { 'content-length': 0 } : {}) },
    });
    const answered = once(request, 'response');
    // One that breaks while the answer is read is reported by the answer; without a listener it would end the process.
    request.on('error', () => undefined);
    request.end();
    const [response] = (await answered) as [IncomingMessage];
    await drain(response);
    return faultOf(response.statusCode ?? 0);
  } catch (error) {
    return timeout.aborted ? `no answer within ${timeoutMs} ms` : unreachable(error);
  }
}

async function drain(response: IncomingMessage): Promise<void> {
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > BODY_LIMIT) break;
  }
}

function faultOf(status: number): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400) return `it answered ${status}, a redirect, which is not followed`;
  return `it answered ${status}`;
}

/** Only the code: messages of the network's errors carry addresses. */
function unreachable(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return `it could not be reached (${code !== undefined && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : 'connection failed'})`;
}
