import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';

const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;
/** Headers of something that passes requests on. */
const FORWARDING = /^(x-forwarded-.+|forwarded|via|x-real-ip)$/;

/** The sender of a request, as far as it can be known. */
export interface Client {
  /** The address that wrong tokens are counted by. */
  readonly address: string;
  /** True for a program on this machine; false where it can't be known. */
  readonly isLocal: boolean;
  /** The host that it asked for, with its port. */
  readonly host: string;
  /** The path that a proxy serves us under, without a slash at its end; empty where it is none. */
  readonly prefix: string;
  /** True where a trusted proxy took it by HTTPS. */
  readonly isSecure: boolean;
}

/** A request of `node:http`, of Express and of Fastify. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly socket?: { readonly remoteAddress?: string | undefined };
}

/** Proxies whose word is taken. */
export type TrustedProxies = (address: string) => boolean;

/** @param ranges addresses, or ranges such as `10.0.0.0/8` */
export function trustedProxies(ranges: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
  }
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * The sender of a request. What proxies say about it (`X-Forwarded-For`, `-Host`, `-Prefix`, `-Proto`) is taken from trusted ones alone. Something on
 * this machine that passes on what others ask for makes nobody local: not a trusted proxy, nor anything else that says so.
 */
export function clientOf({ headers, socket }: Received, isTrusted: TrustedProxies): Client {
  const peer = plain(socket?.remoteAddress ?? '');
  if (isIP(peer) === 0 || !isTrusted(peer)) {
    const isLocal = isLoopback(peer) && !Object.keys(headers).some((name) => FORWARDING.test(name));
    return { address: peer, isLocal, host: headers.host ?? '', prefix: '', isSecure: false };
  }
  const address = forwardedFor(headers['x-forwarded-for'], isTrusted);
  const prefix = one(headers['x-forwarded-prefix']);
  return {
    address: address ?? peer,
    isLocal: address !== undefined && isLoopback(address) && isLoopback(peer),
    host: one(headers['x-forwarded-host']) ?? headers.host ?? '',
    prefix: prefix !== undefined && /^(\/[\w.-]+)+\/?$/.test(prefix) ? prefix.replace(/\/$/, '') : '',
    isSecure: one(headers['x-forwarded-proto'])?.toLowerCase() === 'https',
  };
}

/** The address nearest to us that is none of our proxies; undefined where none of them names one. */
function forwardedFor(header: string | string[] | undefined, isTrusted: TrustedProxies): string | undefined {
  for (const named of [header ?? []].flat().join(',').split(',').toReversed()) {
    const address = plain(named.trim());
    if (isIP(address) === 0) return undefined;
    if (!isTrusted(address)) return address;
  }
  return undefined;
}

function one(header: string | string[] | undefined): string | undefined {
  const [first = ''] = [header ?? []].flat().join(',').split(',');
  return first.trim() === '' ? undefined : first.trim();
}

function plain(address: string): string {
  return address.replace(MAPPED, '');
}

/** True for an address of this machine that nobody else can send from, and for the name of it. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address);
}
