import type { EpochMs } from '@opensqt/trading-events';
import { endOfSpan, nextTime } from '../../../summary/daily-time';

/** A part of every day, in some place's local time, in which a channel is not to be disturbed. */
export interface QuietHours {
  /** `HH:MM`; may be later than `to`, over midnight. */
  readonly from: string;
  readonly to: string;
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

interface Stretch {
  readonly since: EpochMs;
  readonly until: EpochMs;
  readonly quietUntil: EpochMs | undefined;
}

/** The answer for as long as it stays the same: time zones are slow, and alerts are many. */
const known = new WeakMap<QuietHours, Stretch>();

/**
 * The end of the quiet hours that `now` falls into; undefined outside of them. Exact over changes of the clocks: they begin and end
 * when a clock on the wall first shows it.
 *
 * @example
 * quietUntil({ from: '22:00', to: '07:00', timeZone: 'UTC' }, Date.UTC(2026, 0, 1, 23)); // 07:00 on January 2nd
 */
export function quietUntil(hours: QuietHours, now: EpochMs): EpochMs | undefined {
  let stretch = known.get(hours);
  if (stretch === undefined || now < stretch.since || now >= stretch.until) {
    stretch = stretchAt(hours, now);
    known.set(hours, stretch);
  }
  return stretch.quietUntil;
}

function stretchAt({ from, to, timeZone }: QuietHours, now: EpochMs): Stretch {
  const quietUntil = endOfSpan({ from, to, timeZone }, now);
  return { since: now, until: quietUntil ?? nextTime({ at: from, timeZone }, now), quietUntil };
}
