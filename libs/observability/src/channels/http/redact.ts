import { oneLine } from '../../format/plain-text';
import { shorten } from '../message/shorten';

const EXCERPT = 200;
const MIN_SECRET = 4;
/** `hooks`, `services`: hidden in a path, and not where a provider's sentence has the word. */
const WORD = /^[a-z]{1,12}$/i;
/** Schemes of the `Authorization` header. */
const SCHEME = /^(basic|bearer|digest|token|apikey)$/i;

/** The secrets of a URL: all of it but its scheme and host, whole and in parts. */
export function secretsOf(url: URL): readonly string[] {
  return withEncodings([
    url.href,
    url.pathname + url.search,
    ...url.pathname.split('/').map((segment) => (WORD.test(segment) ? `/${segment}` : segment)),
    ...url.searchParams.values(),
    url.username,
    url.password,
  ]);
}

/** The secrets of a bot token: the token, the bot's id and the secret after it. */
export function secretsOfToken(token: string): readonly string[] {
  return withEncodings([token, ...token.split(':')]);
}

/** The secrets in the value of a header: all of it, and its parts but for the scheme before a token. */
export function secretsOfHeader(value: string): readonly string[] {
  return [value, ...value.split(' ').filter((part) => !SCHEME.test(part))].flatMap(secretsOfToken);
}

/**
 * A line of what a provider said, to be shown to the operator: without control characters, without the secrets it may have
 * echoed, at most 200 UTF-16 units. Empty when it said nothing readable.
 */
export function excerpt(text: string, secrets: readonly string[]): string {
  const line = oneLine(text);
  if (line.startsWith('<')) return 'an HTML page';
  return shorten(redact(line, secrets), EXCERPT);
}

function redact(text: string, secrets: readonly string[]): string {
  const longestFirst = [...secrets].sort((a, b) => b.length - a.length).map(literal);
  return longestFirst.length === 0
    ? text
    : text.replace(new RegExp(longestFirst.join('|'), 'gi'), '[redacted]');
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** Shorter parts are left out: they are no secrets, and hiding them would hide ordinary words. */
function withEncodings(parts: readonly string[]): readonly string[] {
  const forms = parts.flatMap((part) => [part, encodeURIComponent(part), decoded(part)]);
  return [...new Set(forms)].filter((form) => form.length >= MIN_SECRET);
}

/** The text without its URL encoding; as it is where that is none. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
