import type { Configuration } from './configuration-schema';

/** Shorter parts of a URL, such as `/`, would also be found where they are no secret. */
const SHORTEST_PART = 4;

/**
 * Every value that must not be printed: tokens, the webhook's URL and the parts of it that let others post, passwords in
 * URLs. Longest first, so that a whole URL is replaced before its parts are.
 */
export function secretsOf({ server, event_log: log, alerts }: Configuration): readonly string[] {
  const { slack, telegram } = alerts;
  const secrets = [
    server.token,
    log.url,
    ...passwordOf(log.url ?? ''),
    telegram.bot_token,
    slack.webhook_url,
    ...partsOf(slack.webhook_url),
    ...passwordOf(telegram.api_root),
  ].filter((secret) => secret !== undefined);
  return [...new Set(secrets)].toSorted((a, b) => b.length - a.length);
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
