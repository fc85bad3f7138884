import { setTimeout as delay } from 'node:timers/promises';

const MIN_MS = 100;
const MAX_MS = 5_000;

/** The pause after that many failures in a row (1, 2, …): 100 ms, doubled each time, 5 s at most. */
export function backoffMs(failures: number): number {
  return Math.min(MIN_MS * 2 ** (failures - 1), MAX_MS);
}

/** Waits out the pause after that many failures; resolves early when the signal aborts. */
export async function backOff(failures: number, signal: AbortSignal): Promise<void> {
  await delay(backoffMs(failures), undefined, { signal }).catch(() => undefined);
}
