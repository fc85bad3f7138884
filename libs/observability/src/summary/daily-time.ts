import type { EpochMs } from '@opensqt/trading-events';
import { formatOf } from '../format/time';

/** A time of every day, in some place's local time. */
export interface DailyTime {
  /** `HH:MM` */
  readonly at: string;
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

const DAY = 24 * 60 * 60_000;

/**
 * The last time it was that time of day, at `now` or before. Once per local day, whatever its clocks do: a time that they leave out is taken
 * as much later as they were put forward, of one that they show twice the first is taken.
 *
 * @example
 * lastTime({ at: '08:00', timeZone: 'UTC' }, Date.UTC(2026, 0, 2, 3)); // 08:00 on January 1st
 */
export function lastTime(time: DailyTime, now: EpochMs): EpochMs {
  for (let day = localMidnight(now, time.timeZone); ; day -= DAY) {
    const instant = instantOf(day + sinceMidnight(time.at), time.timeZone);
    if (instant <= now) return instant;
  }
}

/** The next time it will be that time of day, after `then`. */
export function nextTime(time: DailyTime, then: EpochMs): EpochMs {
  for (let day = localMidnight(then, time.timeZone); ; day += DAY) {
    const instant = instantOf(day + sinceMidnight(time.at), time.timeZone);
    if (instant > then) return instant;
  }
}

/** The end of the part of every day that `now` falls into; undefined when it falls into none. Both of its ends are times as of {@link lastTime}. */
export function endOfSpan(
  { from, to, timeZone }: { readonly from: string; readonly to: string; readonly timeZone: string },
  now: EpochMs,
): EpochMs | undefined {
  const midnight = localMidnight(now, timeZone);
  for (const day of [midnight - DAY, midnight]) {
    const start = instantOf(day + sinceMidnight(from), timeZone);
    const end = instantOf((from < to ? day : day + DAY) + sinceMidnight(to), timeZone);
    if (start <= now && now < end) return end;
  }
  return undefined;
}

function localMidnight(instant: EpochMs, timeZone: string): number {
  const local = localTime(instant, timeZone);
  return local - (((local % DAY) + DAY) % DAY);
}

/** A local date and time, as if it were UTC, of that instant. */
export function localTime(instant: EpochMs, timeZone: string): number {
  const parts = formatOf(timeZone).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}

/** The instant of a local date and time; see {@link lastTime} for those that are none or two. */
function instantOf(local: number, timeZone: string): EpochMs {
  const [before, after] = [local - DAY, local + DAY].map(
    (instant) => local - (localTime(instant, timeZone) - instant),
  ) as [number, number];
  const isEarlier = localTime(before, timeZone) === local;
  return !isEarlier && localTime(after, timeZone) === local ? after : before;
}

function sinceMidnight(at: string): number {
  const [hours = 0, minutes = 0] = at.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}
