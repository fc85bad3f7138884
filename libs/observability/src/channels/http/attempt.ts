import { isHttpUrl } from '@opensqt/trading-events/options';

/** The time that one `send()`, repairs included, may take unless it is given another. */
export const DEFAULT_ATTEMPT_TIMEOUT_MS = 10_000;

/** Aborts when the caller's signal does, or when the attempt has taken too long. */
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

/** The reason why an attempt failed, in a code or a few words: never the error's own message, which may hold the address. */
export function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return isTimeout(signal.reason) ? 'timed out' : 'the attempt was stopped';
  const { originalCode, code } = error as NodeJS.ErrnoException & { readonly originalCode?: string };
  const known = originalCode ?? code ?? '';
  return /^[A-Z][A-Z0-9_]*$/.test(known) ? known : 'connection failed';
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}
