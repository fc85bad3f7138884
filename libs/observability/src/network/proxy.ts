import { BlockList, isIP } from 'node:net';
import { isHttpUrl } from '@opensqt/trading-events/options';

/** The port of a proxy whose address has none, as with curl. */
const DEFAULT_PROXY_PORT = '1080';

/** Finds the proxy of an address; undefined when it is reached directly. */
export type ProxyOf = (url: URL) => URL | undefined;

/**
 * The proxies of the configuration, or those of the environment where it names none: `HTTPS_PROXY`, `HTTP_PROXY`, else
 * `ALL_PROXY`, lower case first, except for the hosts of `NO_PROXY`, in the way that curl reads them.
 *
 * @param setting `alerts.proxy`: an address, or '' for none
 * @throws TypeError when one is not the address of an HTTP proxy; the message does not repeat it
 */
export function proxiesOf(setting: string | undefined, env: NodeJS.ProcessEnv): ProxyOf {
  if (setting === '') return () => undefined;
  const variable = (name: string): string | undefined =>
    env[name.toLowerCase()]?.trim() || env[name]?.trim() || undefined;
  const excluded = excludedBy(variable('NO_PROXY') ?? '');
  if (setting !== undefined) {
    const proxy = proxyUrl(setting, 'alerts.proxy');
    return (url) => (excluded(hostOf(url)) ? undefined : proxy);
  }
  const named = (name: string): URL | undefined => {
    const written = variable(name);
    return written === undefined ? undefined : proxyUrl(written, name);
  };
  const all = named('ALL_PROXY');
  const proxies = { 'http:': named('HTTP_PROXY') ?? all, 'https:': named('HTTPS_PROXY') ?? all };
  return (url) =>
    excluded(hostOf(url)) ? undefined : proxies[url.protocol === 'https:' ? 'https:' : 'http:'];
}

/** The host of a URL as it is connected to: without the brackets of IPv6. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

export function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

function proxyUrl(written: string, key: string): URL {
  const text = written.includes('://') ? written : `http://${written}`;
  if (!isHttpUrl(text)) {
    throw new TypeError(
      `${key} is not the address of an HTTP proxy, such as http://proxy.example:3128 (not shown: it may hold a password). Correct it; alerts.proxy: '' uses none.`,
    );
  }
  const url = new URL(text);
  // A port that is the scheme's own is not in `url.port`.
  if (url.protocol === 'http:' && !/:\d+\/?$/.test(text)) url.port = DEFAULT_PROXY_PORT;
  return url;
}

/** Hosts by name, with all below it, or by address or network; `*` alone is every host. */
function excludedBy(list: string): (host: string) => boolean {
  if (list.trim() === '*') return () => true;
  const networks = new BlockList();
  const names: string[] = [];
  for (const entry of list.split(/[\s,]+/).filter(Boolean)) {
    const [address = '', prefix] = entry.replace(/^\[(.*)\]$/, '$1').split('/');
    const family = familyOf(address);
    if (family === undefined) names.push(plainName(entry).replace(/^\./, ''));
    else if (prefix === undefined) networks.addAddress(address, family);
    else if (isPrefix(prefix, family)) networks.addSubnet(address, Number(prefix), family);
  }
  return (host) => {
    const family = familyOf(host);
    if (family !== undefined) return networks.check(host, family);
    const name = plainName(host);
    return names.some((excluded) => name === excluded || name.endsWith(`.${excluded}`));
  };
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6';
}

function isPrefix(text: string, family: 'ipv4' | 'ipv6'): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) <= (family === 'ipv4' ? 32 : 128);
}
