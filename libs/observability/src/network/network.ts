import { getCACertificates, rootCertificates } from 'node:tls';
import { type ProxyOf, proxiesOf } from './proxy';

/** The way out: proxies, and the authorities that are trusted. */
export interface Network {
  readonly proxyOf: ProxyOf;
  /** PEM certificates of all trusted authorities; undefined: Node's own, with `NODE_EXTRA_CA_CERTS`. */
  readonly ca: readonly string[] | undefined;
}

/** The settings of {@link Network}. */
export interface NetworkSettings {
  /** The proxy's address; '' for none. Absent: as the environment says. */
  readonly proxy?: string | undefined;
  /** PEM certificates to trust besides Node's own and those of `NODE_EXTRA_CA_CERTS`. */
  readonly ca?: string | undefined;
}

/** @throws TypeError when a proxy's address is none; the message does not repeat it */
export function networkOf(
  { proxy, ca }: NetworkSettings = {},
  env: NodeJS.ProcessEnv = process.env,
): Network {
  // The default ones are those of NODE_EXTRA_CA_CERTS, too, and under --use-openssl-ca none of Node's own.
  const authorities =
    ca === undefined ? undefined : [...new Set([...rootCertificates, ...getCACertificates(), ca])];
  return { proxyOf: proxiesOf(proxy, env), ca: authorities };
}
