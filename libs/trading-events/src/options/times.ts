import { scalar } from './scalar';
import { text } from './text';

/** An IANA time zone. */
export const timeZone = scalar<string>({
  allowed: 'UTC or the name of a time zone such as Europe/Berlin',
  hint: { title: 'time zone', type: 'string' },
  read: (raw) => (typeof raw === 'string' && isTimeZone(raw) ? raw : undefined),
});

/** True for a name that the system knows. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const CLOCK_TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** A time of day, `HH:MM`. */
export const clockTime = text({ allowed: 'a time of day such as "08:00"', pattern: CLOCK_TIME });

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/;

/** A point in time: in a file ISO 8601 in UTC, in code also epoch milliseconds; the latter once it is read. */
export const instant = scalar<number, number | string>({
  allowed: 'a time in UTC such as 2026-01-01T00:00:00Z',
  hint: { title: 'ISO time', kind: 'time', type: 'string' },
  read: (raw) => {
    const written = typeof raw === 'string' ? parsed(raw) : raw;
    return Number.isSafeInteger(written) ? (written as number) : undefined;
  },
});

/** Dates that the calendar does not have are refused, where `Date.parse` takes 30 February for 2 March. */
function parsed(written: string): number | undefined {
  const time = ISO_TIME.test(written) ? Date.parse(written) : NaN;
  if (Number.isNaN(time)) return undefined;
  return new Date(time).toISOString().startsWith(written.slice(0, 16)) ? time : undefined;
}
