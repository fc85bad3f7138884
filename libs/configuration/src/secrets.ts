import type { Configuration } from './configuration-schema';

/** Shorter parts of a URL, such as `/`, would also be found where they are no secret. */
const SHORTEST_PART = 4;

/**
 * Every value that must not be printed: tokens, keys, the webhooks' URLs and the parts of them that let others post, passwords
 * in URLs. Longest first, so that a whole URL is replaced before its parts are.
 */
export function secretsOf({ server, event_log: log, alerts }: Configuration): readonly string[] {
  const { slack, telegram, webhook, pagerduty, discord, alertmanager, email, heartbeat } = alerts;
  const webhooks = [slack.webhook_url, webhook.url, discord.webhook_url, heartbeat.url, heartbeat.fail_url];
  const apis = [slack.api_root, telegram.api_root, pagerduty.api_root, ...alertmanager.urls];
  const secrets = [
    server.token,
    log.url,
    ...passwordOf(log.url ?? ''),
    slack.bot_token,
    telegram.bot_token,
    webhook.secret,
    ...Object.values(webhook.headers ?? {}).flatMap(credentialsOf),
    pagerduty.routing_key,
    email.password,
    ...webhooks.flatMap((address) => [address, ...partsOf(address)]),
    ...apis.flatMap(passwordOf),
  ].filter((secret) => secret !== undefined);
  return [...new Set(secrets)].toSorted((a, b) => b.length - a.length);
}

/** A header's value, and what of it is more than the name of a scheme: of `Bearer abc` also `abc`. */
function credentialsOf(value: string): readonly string[] {
  return [value, ...value.split(' ').slice(1)].filter((part) => part.length >= SHORTEST_PART);
}

function partsOf(address: string | undefined): readonly string[] {
  const url = address === undefined ? null : URL.parse(address);
  if (url === null) return [];
  const parts = [`${url.pathname}${url.search}`, url.pathname, url.search];
  return [...parts.filter((part) => part.length >= SHORTEST_PART), ...passwordOf(url.href)];
}

function passwordOf(address: string): readonly string[] {
  const url = URL.parse(address);
  const passwords = [url?.password, url?.searchParams.get('password')];
  return passwords.flatMap((password) => (password ? [password, decoded(password)] : []));
}

/** A password with a stray % is no URL encoding. */
function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}
