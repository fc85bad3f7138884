import type { EpochMs } from '@opensqt/trading-events';

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 5 * 60_000;
/** Having run this long, a strategy has recovered and its next panic counts as the first. */
const RUNS_WELL_AFTER_MS = 10 * 60_000;

/** The restarts of a strategy since it last ran well. */
export interface RestartState {
  readonly attempt: number;
  readonly restartedAt: EpochMs;
}

/** The next restart after a panic: its number and the delay until then. */
export function nextRestart(
  state: RestartState | undefined,
  now: EpochMs,
): { readonly attempt: number; readonly delayMs: number } {
  const ranWell = state === undefined || now - state.restartedAt >= RUNS_WELL_AFTER_MS;
  const attempt = ranWell ? 1 : state.attempt + 1;
  return { attempt, delayMs: Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1)) };
}
