import type { IncomingHttpHeaders } from 'node:http';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** The host of a `Host` header: without its port, in lower case. */
export function hostName(header: string): string {
  return header.replace(/:\d+$/, '').toLowerCase().slice(0, 256);
}

/**
 * True for a name that a listener on this machine is known by. A page whose name was made to point here (DNS rebinding) has another,
 * and could read everything.
 *
 * @param header as {@link hostName} reads it
 * @param own address of the listener
 * @param allowed names besides
 */
export function isKnownHost(header: string, own: string, allowed: readonly string[]): boolean {
  const name = hostName(header);
  const known = [...LOOPBACK, own.includes(':') ? `[${own}]` : own, ...allowed];
  return known.some((one) => one.toLowerCase() === name);
}

/**
 * True where a web page of somebody else has made a browser send the request.
 *
 * @param host that it is for, with its port
 */
export function isCrossSite(
  { origin, 'sec-fetch-site': site }: Pick<IncomingHttpHeaders, 'origin' | 'sec-fetch-site'>,
  host: string,
): boolean {
  if (site !== undefined && site !== 'none') return site !== 'same-origin';
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host.toLowerCase());
}
