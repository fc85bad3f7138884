import type { EpochMs } from '@opensqt/trading-events';

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 5 * 60_000;
/** Having run this long, a strategy has recovered and its next panic counts as the first. */
const RUNS_WELL_AFTER_MS = 10 * 60_000;

/** How often a strategy has been restarted since it last ran well. */
export interface RestartState {
  readonly attempt: number;
  readonly restartedAt: EpochMs;
}

/** What to do after a panic: which attempt the next restart is, and how long to wait for it. */
export function nextRestart(
  state: RestartState | undefined,
  now: EpochMs,
): { readonly attempt: number; readonly delayMs: number } {
  const ranWell = state === undefined || now - state.restartedAt >= RUNS_WELL_AFTER_MS;
  const attempt = ranWell ? 1 : state.attempt + 1;
  return { attempt, delayMs: Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1)) };
}
