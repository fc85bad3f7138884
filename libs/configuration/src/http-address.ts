/** Addresses that listen on every interface, and the one of them that a program on this machine reaches. */
const REACHABLE: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * The URL of a listener as a browser on this machine opens it: IPv6 addresses in brackets.
 *
 * @example
 * httpAddress('::', 8080); // 'http://[::1]:8080'
 */
export function httpAddress(host: string, port: number): string {
  const reachable = REACHABLE[host] ?? host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
