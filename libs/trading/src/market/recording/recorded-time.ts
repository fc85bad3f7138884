import { type EpochMs, FIRST_TIME, LAST_TIME } from '@opensqt/trading-events';

/** Milliseconds per unit. The ranges of the years 2000 to 2200 do not overlap, so the value itself says which it is in. */
const UNITS = [1_000, 1, 1e-3, 1e-6];

/** A recorded time in seconds, milli-, micro- or nanoseconds; undefined when it is none between 2000 and 2200 in any of them. */
export function recordedTime(written: number): EpochMs | undefined {
  for (const unit of UNITS) {
    const time = Math.floor(written * unit);
    if (time >= FIRST_TIME && time < LAST_TIME) return time;
  }
  return undefined;
}
