import type { ScenarioChannel, Subject } from './scenario';

const MINUTE = 60_000;

const DAY = 24 * 60 * MINUTE;

/** What a clock on the wall shows, as text: `2026-03-29 02:30`. Slow to find out, so that answers are kept. */
const formats = new Map<string, Intl.DateTimeFormat>();
const instants = new Map<string, number>();

function shown(timeZone: string, at: number): string {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  formats.set(timeZone, format);
  return format.format(at);
}

/** The first time that a clock shows that time of that day; of a time that it leaves out, as much later as it was put forward. */
function instantOf(timeZone: string, date: string, time: string): number {
  const key = `${timeZone} ${date} ${time}`;
  const known = instants.get(key);
  if (known !== undefined) return known;
  const utc = Date.parse(`${date}T${time}Z`);
  const [hour, minute] = time.split(':');
  const later = `${String(Number(hour) + 1).padStart(2, '0')}:${minute ?? ''}`;
  for (const wanted of [time, later]) {
    for (let at = utc - 15 * 60 * MINUTE; at <= utc + 15 * 60 * MINUTE; at += MINUTE) {
      if (shown(timeZone, at) !== `${date} ${wanted}`) continue;
      instants.set(key, at);
      return at;
    }
  }
  throw new Error(`No clock in ${timeZone} shows ${time} on ${date}.`);
}

const dates = new Map<string, string>();

/** The date that a clock shows, or so many days later. */
function dateOf(timeZone: string, at: number, days: number): string {
  const key = `${timeZone} ${Math.floor(at / (15 * MINUTE))}`;
  const date = dates.get(key) ?? shown(timeZone, at).slice(0, 10);
  dates.set(key, date);
  return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
}

/** True from the first time on that the clock of the channel's time zone shows `from` on a day until it next shows `to`. */
export function isQuiet({ quietHours }: ScenarioChannel, at: number): boolean {
  if (!quietHours) return false;
  const { from, to, timeZone } = quietHours;
  const days = [-1, 0, 1].map((day) => dateOf(timeZone, at, day));
  return days.slice(0, 2).some((date, index) => {
    const lastDate = from < to ? date : (days[index + 1] ?? date);
    return instantOf(timeZone, date, from) <= at && at < instantOf(timeZone, lastDate, to);
  });
}

/** The first moment after `after`, up to `limit`, at which quiet hours of the channel begin or end. */
export function nextQuietChange(channel: ScenarioChannel, after: number, limit: number): number | undefined {
  if (!channel.quietHours) return undefined;
  const { from, to, timeZone } = channel.quietHours;
  const before = isQuiet(channel, after);
  return [-1, 0, 1, 2, 3]
    .map((days) => dateOf(timeZone, after, days))
    .flatMap((date) => [instantOf(timeZone, date, from), instantOf(timeZone, date, to)])
    .sort((a, b) => a - b)
    .find((at) => after < at && at <= limit && isQuiet(channel, at) !== before);
}

/** Applies one matcher (`symbol=BTCUSDT`, `condition!=x`, `symbol=~BTC.*`, `bot!~test-.*`) to an alert of a bot. */
export function matches(matcher: string, bot: string, subject: Subject): boolean {
  const [, key, operator, wanted] = /^(bot|symbol|condition)(=~|!~|!=|=)(.*)$/s.exec(matcher) ?? [];
  if (key === undefined || wanted === undefined) throw new Error(`Not a matcher: ${matcher}`);
  const value = key === 'bot' ? bot : key === 'symbol' ? subject.symbol : subject.condition;
  const equal = operator?.endsWith('~') ? new RegExp(`^(?:${wanted})$`, 's').test(value) : value === wanted;
  return operator?.startsWith('!') ? !equal : equal;
}
