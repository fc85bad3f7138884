import type { DurationMs } from '@opensqt/trading-events';

/**
 * Waits for the log, but no longer than that (wall clock).
 *
 * @param flushed resolves when everything published so far is on disk
 * @returns what is wrong, in words; undefined when it is on disk
 */
export async function failureWithin(
  patienceMs: DurationMs,
  flushed: () => Promise<void>,
): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`it took longer than ${patienceMs} ms`), patienceMs);
  });
  const failure = await Promise.race([flushed().then(() => undefined, String), late]);
  clearTimeout(timer);
  return failure;
}
