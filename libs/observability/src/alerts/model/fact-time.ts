import type { EpochMs } from '@opensqt/trading-events';
import type { AlertsState } from './alerts.state';

/**
 * The time of a fact that a person or a channel causes. A market's clock stands at zero until it begins: until then it is that of
 * the newest open or undelivered alert, and the wall clock's where there is none.
 *
 * @param now of the clock that decisions run on
 * @param wallNow of the wall clock
 */
export function factTime(
  { open, pending }: Pick<AlertsState, 'open' | 'pending'>,
  now: EpochMs,
  wallNow: EpochMs,
): EpochMs {
  if (now > 0) return now;
  let newest = 0;
  for (const { updatedAt } of open.values()) newest = Math.max(newest, updatedAt);
  for (const { notice } of pending.values()) newest = Math.max(newest, notice.timestamp);
  return newest > 0 ? newest : wallNow;
}
