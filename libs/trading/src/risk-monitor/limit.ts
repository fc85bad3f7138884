/** How badly a limit is exceeded. */
export type Severity = 'warning' | 'error';

/** Exceeded by half counts as an error. */
const ERROR_RATIO = 1.5;
/** A breach ends only below this, so that a value at the limit does not flap. */
const CLEAR_RATIO = 0.9;

/**
 * The state of a soft limit after a new measurement. A breach may grow worse; it gets better only by ending.
 *
 * @param ratio measured value ÷ threshold
 */
export function nextSeverity(current: Severity | undefined, ratio: number): Severity | undefined {
  if (ratio >= ERROR_RATIO) return 'error';
  if (ratio >= 1) return current ?? 'warning';
  return ratio < CLEAR_RATIO ? undefined : current;
}
