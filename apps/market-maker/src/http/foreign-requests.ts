import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { type Access, hostName, isCrossSite, isKnownHost, isLoopback } from '@opensqt/observability';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The listener that requests come to. */
export interface Listener {
  /** Address that is listened on. */
  readonly host: string;
  /** Names besides the listener's own that it is reached by. */
  readonly allowedHosts: readonly string[];
}

/** A request as its sender made it. */
export interface AskedRequest {
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** The host that it is for, also where a proxy passes it on under another name. */
  readonly host?: string | undefined;
  /** True where a program on this machine sent it. */
  readonly isLocal?: boolean;
}

/**
 * The reason to refuse a request that a web page of somebody else has made a browser send; undefined for any other. On loopback only
 * known names are answered: a page whose name was made to point here (DNS rebinding) could read everything.
 */
export function refusalOf(
  { method = 'GET', headers, host = headers.host ?? '', isLocal = false }: AskedRequest,
  listener: Listener,
): string | undefined {
  if ((isLocal || isLoopback(listener.host)) && !isKnownHost(host, listener.host, listener.allowedHosts)) {
    return `This address is not answered under the name '${hostName(host)}'. Add it to server.allowed_hosts if it is yours.`;
  }
  if (READING.has(method) || !isCrossSite(headers, host)) return undefined;
  return 'Requests of other web pages change nothing here.';
}

/** Middleware that answers 403 where {@link refusalOf} has a reason, before anything else is done. */
export function refuseForeignRequests(listener: Listener, access: Pick<Access, 'clientOf'>) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const { method, headers } = request;
    const { host, isLocal } = access.clientOf(request);
    const message = refusalOf({ method, headers, host, isLocal }, listener);
    if (message === undefined) return next();
    response.writeHead(403, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify({ statusCode: 403, error: 'Forbidden', message }));
  };
}
