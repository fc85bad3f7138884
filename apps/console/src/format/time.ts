import { count } from './decimal';

const two = (value: number) => String(value).padStart(2, '0');

/** `03:20:19`, UTC. */
export function clock(at: number): string {
  const date = new Date(at);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
}

/** `03:20:19.110`, UTC. */
export const clockWithMs = (at: number): string =>
  `${clock(at)}.${String(new Date(at).getUTCMilliseconds()).padStart(3, '0')}`;

/** `2026-01-01`, UTC. */
export const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** `2026-01-01 03:20:19`, UTC. */
export const dateAndClock = (at: number): string => `${dateOf(at)} ${clock(at)}`;

/** The clock alone where both lie on one day, else with the date. */
export function clockNear(at: number, now: number): string {
  return Math.floor(at / 86_400_000) === Math.floor(now / 86_400_000) ? clock(at) : dateAndClock(at);
}

/** At most two units: `856 ms`, `4.1 s`, `3 min 52 s`, `50 min`, `3 h 40 min`, `2 d 4 h`. */
export function duration(ms: number): string {
  const value = Math.max(0, ms);
  if (value < 1000) return `${Math.round(value)} ms`;
  if (value < 10_000) return `${(Math.floor(value / 100) / 10).toFixed(1)} s`;
  return whole(Math.floor(value / 1000));
}

/** As `duration`, in whole seconds: `0 s`, `52 s`. */
export const seconds = (ms: number): string => whole(Math.floor(Math.max(0, ms) / 1000));

function whole(total: number): string {
  const [days, hours, minutes] = [total / 86_400, total / 3600, total / 60].map(Math.floor) as [
    number,
    number,
    number,
  ];
  if (total < 60) return `${total} s`;
  if (minutes < 10) return pair(minutes, 'min', total % 60, 's');
  if (hours < 1) return `${minutes} min`;
  if (days < 1) return pair(hours, 'h', minutes % 60, 'min');
  return pair(days, 'd', hours % 24, 'h');
}

const pair = (first: number, unit: string, second: number, smaller: string) =>
  second === 0 ? `${first} ${unit}` : `${first} ${unit} ${second} ${smaller}`;

/** Milliseconds as an operator writes them: `0.12`, `3.4`, `36`. */
export const milliseconds = (ms: number): string =>
  ms < 1 ? ms.toFixed(2) : ms < 10 ? ms.toFixed(1) : count(ms);

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30m` or `1h30m` in milliseconds; null where it is no duration above zero. */
export function parseDuration(text: string): number | null {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)/g)];
  if (
    parts.length === 0 ||
    parts.map(([part]) => part).join('') !== text.trim().replace(/(?<=[a-z])\s+/g, '')
  )
    return null;
  const total = parts.reduce((sum, [, value, unit]) => sum + Number(value) * (UNITS[unit ?? ''] ?? 0), 0);
  return total > 0 ? total : null;
}

/** Reads `2026-01-01 03:20[:19]`, or a clock time alone on the day of `day`, as UTC; null where it is neither. */
export function parseTime(text: string, day: number): number | null {
  const match = /^(?:(\d{4}-\d{2}-\d{2})[ T])?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$/.exec(text.trim());
  if (!match) return null;
  const [, date = dateOf(day), hours = '0', minutes, secs = '00'] = match;
  const at = Date.parse(`${date}T${hours.padStart(2, '0')}:${minutes}:${secs}Z`);
  return Number.isNaN(at) ? null : at;
}
