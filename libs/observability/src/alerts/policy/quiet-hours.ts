import type { EpochMs } from '@opensqt/trading-events';
import type { QuietHours } from '../../options/routes.options';

const DAY_MINUTES = 24 * 60;
const MINUTE = 60_000;

/**
 * The end of the quiet hours that `now` falls into; undefined outside of them. On the night when the clocks change the end may
 * be an hour off.
 *
 * @example
 * quietUntil({ from: '22:00', to: '07:00', timeZone: 'UTC' }, Date.UTC(2026, 0, 1, 23)); // 07:00 on January 2nd
 */
export function quietUntil({ from, to, timeZone }: QuietHours, now: EpochMs): EpochMs | undefined {
  const minute = localMinute(now, timeZone);
  const start = minuteOf(from);
  const length = (minuteOf(to) - start + DAY_MINUTES) % DAY_MINUTES;
  const into = (minute - start + DAY_MINUTES) % DAY_MINUTES;
  return into < length ? now - (now % MINUTE) + (length - into) * MINUTE : undefined;
}

function localMinute(now: EpochMs, timeZone: string): number {
  const text = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(now);
  return minuteOf(text);
}

function minuteOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}
