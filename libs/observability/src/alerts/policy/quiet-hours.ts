import type { EpochMs } from '@opensqt/trading-events';
import { dailyTimeFault, endOfSpan, nextTime } from '../../summary/daily-time';

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
 * When the quiet hours that `now` falls into are over; undefined outside of them. Exact over changes of the clocks: they begin and end
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

/** What is wrong with quiet hours; undefined when nothing is. */
export function quietHoursFault({ from, to, timeZone }: QuietHours): string | undefined {
  const isTime = (at: string): boolean => dailyTimeFault({ at, timeZone: 'UTC' }) === undefined;
  if (!isTime(from) || !isTime(to)) return 'its times must be HH:MM';
  if (from === to) return 'it must end at another time than it begins';
  return dailyTimeFault({ at: from, timeZone }) === undefined
    ? undefined
    : `there is no time zone '${timeZone}'`;
}

function stretchAt({ from, to, timeZone }: QuietHours, now: EpochMs): Stretch {
  const quietUntil = endOfSpan({ from, to, timeZone }, now);
  return { since: now, until: quietUntil ?? nextTime({ at: from, timeZone }, now), quietUntil };
}
