import type { IncomingHttpHeaders } from 'node:http';
import { parsedObject } from './parsed-object';

/** Pause after a 429 that states none, which Slack and Telegram themselves always do: our choice. */
export const DEFAULT_PAUSE_MS = 5_000;
/** A stated 0, or a date that is past, would ask again at once, without end. */
const MIN_PAUSE_MS = 1_000;
/** A longer pause is a mistake of the provider's or of a proxy's, and would silence the channel for it. */
export const MAX_PAUSE_MS = 3_600_000;

/**
 * The pause that a provider asks for: the longest of the `Retry-After` header (seconds or an HTTP date), Discord's
 * `X-RateLimit-Reset-After` (seconds), and the body's `retry_after` (Slack, Discord) or `parameters.retry_after` (Telegram), in
 * milliseconds from 1 s to 1 h. Undefined when it states none of them, or nothing that makes sense.
 *
 * An HTTP date is measured against the answer's own `Date` header where there is one: clocks may differ.
 *
 * @param now epoch milliseconds
 */
export function statedPause(headers: IncomingHttpHeaders, body: string, now: number): number | undefined {
  const stated = [fromHeader(headers, now), resetAfter(headers), fromBody(body)].filter(
    (ms) => ms !== undefined,
  );
  if (stated.length === 0) return undefined;
  return Math.min(Math.max(...stated, MIN_PAUSE_MS), MAX_PAUSE_MS);
}

function fromHeader(headers: IncomingHttpHeaders, now: number): number | undefined {
  const header = headers['retry-after']?.trim();
  if (header === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(header)) return Number(header) * 1_000;
  const at = httpDate(header);
  return at === undefined ? undefined : at - (httpDate(headers.date) ?? now);
}

/**
 * Milliseconds until Discord's limit starts afresh; undefined when the answer does not say.
 *
 * Source: https://discord.com/developers/docs/topics/rate-limits#header-format
 */
export function resetAfter(headers: IncomingHttpHeaders): number | undefined {
  const [seconds = ''] = [headers['x-ratelimit-reset-after'] ?? ''].flat();
  return /^\d+(\.\d+)?$/.test(seconds) ? Number(seconds) * 1_000 : undefined;
}

/** Only the form that RFC 9110 asks for: `Date.parse` makes a date of almost anything. */
function httpDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [\d:]{8} GMT$/.test(text))
    return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

interface PauseInBody {
  readonly retry_after?: unknown;
  readonly parameters?: { readonly retry_after?: unknown } | null;
}

function fromBody(body: string): number | undefined {
  const reply = parsedObject(body) as PauseInBody | undefined;
  const stated = reply?.parameters?.retry_after ?? reply?.retry_after;
  const seconds = typeof stated === 'string' ? Number.parseFloat(stated) : stated;
  return typeof seconds === 'number' && seconds >= 0 ? seconds * 1_000 : undefined;
}
