import { isHttpUrl } from '@opensqt/trading-events/options';

/** Aborts when the caller's signal does, or when the request has taken too long. */
export function attemptSignal(signal: AbortSignal, timeoutMs: number): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
}

/**
 * Reads a URL of the configuration.
 *
 * @param key the configuration's key, for the message
 * @throws TypeError when it is no http(s) URL; without the URL, which is a secret, and so without a cause
 */
export function httpUrl(text: string, key: string): URL {
  if (!isHttpUrl(text)) {
    throw new TypeError(
      `${key} is not a complete http:// or https:// URL (not shown: it is a secret). Correct it.`,
    );
  }
  return new URL(text);
}
