import type { HeartbeatMethod } from './ping';

/** A dead-man's switch and how often it is told. */
export interface HeartbeatSettings {
  /** A secret, as is `failUrl`. */
  readonly url: URL;
  readonly failUrl: URL | undefined;
  readonly method: HeartbeatMethod;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** Which of the processes on one log this is. */
  readonly writer: string;
}

interface HeartbeatOptions {
  readonly url?: string;
  readonly failUrl?: string;
  readonly method?: HeartbeatMethod;
  readonly interval?: number;
  readonly timeout?: number;
}

/** Resolves the defaults; what is wrong goes to `violations`, without the addresses. */
export function heartbeatOf(
  options: HeartbeatOptions = {},
  writer: string | undefined,
  violations: string[],
): HeartbeatSettings | undefined {
  const { url, failUrl, method = 'GET', interval = 60_000, timeout = 10_000 } = options;
  const address = addressOf('url', url, violations);
  const failAddress = addressOf('failUrl', failUrl, violations);
  for (const [name, value] of Object.entries({ interval, timeout })) {
    if (Number.isFinite(value) && value >= 1) continue;
    violations.push(`alerts.heartbeat.${name} must be milliseconds, one or more, found ${value}`);
  }
  if (url === undefined && failUrl !== undefined)
    violations.push('alerts.heartbeat.failUrl needs alerts.heartbeat.url');
  if (address === undefined) return undefined;
  const timing = { intervalMs: interval, timeoutMs: timeout };
  return { url: address, failUrl: failAddress, method, ...timing, writer: writer ?? 'market-maker' };
}

function addressOf(name: string, text: string | undefined, violations: string[]): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  violations.push(`alerts.heartbeat.${name} must be an http(s) URL`);
  return undefined;
}
