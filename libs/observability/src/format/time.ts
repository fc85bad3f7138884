/** IANA name of the time zone of times in messages, until another one is configured. */
export const DEFAULT_TIME_ZONE = 'UTC';

/** Instead of a time that is none, or none that a calendar has. */
const UNKNOWN = 'time unknown';

type Parts = Readonly<Partial<Record<Intl.DateTimeFormatPartTypes, string>>>;

/** Making one takes long; the time zones of a process are few. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** A time of day: `03:04:05 UTC`, `05:04:05 UTC+2`. */
export function formatTime(time: number, timeZone: string): string {
  const parts = partsOf(time, timeZone);
  return parts === undefined ? UNKNOWN : `${clockOf(parts)} ${zoneOf(parts)}`;
}

/** A date and a time of day: `2026-11-24 03:12:07 UTC`. */
export function formatDateTime(time: number, timeZone: string): string {
  const parts = partsOf(time, timeZone);
  if (parts === undefined) return UNKNOWN;
  return `${parts.year}-${parts.month}-${parts.day} ${clockOf(parts)} ${zoneOf(parts)}`;
}

function clockOf({ hour, minute, second }: Parts): string {
  return `${hour}:${minute}:${second}`;
}

/** The offset and not the name of the zone: of the hour that comes twice in autumn it says which one. */
function zoneOf({ timeZoneName = '' }: Parts): string {
  return timeZoneName.replace(/^GMT(?:\+0)?/, 'UTC').replace('-', '−');
}

function partsOf(time: number, timeZone: string): Parts | undefined {
  if (Number.isNaN(new Date(time).getTime())) return undefined;
  const parts = formatOf(timeZone).formatToParts(time);
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
}

/** The format of dates and times that every part of one can be read from. */
export function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'shortOffset',
    });
    formats.set(timeZone, format);
  }
  return format;
}
