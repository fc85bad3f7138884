import type { ScenarioChannel, Subject } from './scenario';

const MINUTE = 60_000;

const DAY = 24 * 60 * MINUTE;

/** Answers about clocks on the wall are slow to find out, and are kept. */
const formats = new Map<string, Intl.DateTimeFormat>();
const instants = new Map<string, number>();

/** The text of a clock on the wall: `2026-03-29 02:30`. */
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

/** Both ends of quiet hours around a time. */
function quietSpans({ from, to, timeZone }: NonNullable<ScenarioChannel['quietHours']>, at: number) {
  const days = [-1, 0, 1, 2, 3].map((day) => dateOf(timeZone, at, day));
  return days.slice(0, -1).map((date, index) => ({
    begin: instantOf(timeZone, date, from),
    end: instantOf(timeZone, from < to ? date : (days[index + 1] ?? date), to),
  }));
}

interface Quiet {
  readonly quiet: boolean;
  readonly next: number | undefined;
}

/** By quarter of an hour, on which quiet hours begin and end. */
const known = new WeakMap<ScenarioChannel, Map<number, Quiet>>();

function quietAt(channel: ScenarioChannel, at: number): Quiet {
  if (!channel.quietHours) return { quiet: false, next: undefined };
  const quarters = known.get(channel) ?? new Map<number, Quiet>();
  known.set(channel, quarters);
  const quarter = Math.floor(at / (15 * MINUTE));
  const found = quarters.get(quarter);
  if (found) return found;
  const spans = quietSpans(channel.quietHours, at);
  const isQuietAt = (time: number): boolean => spans.some(({ begin, end }) => begin <= time && time < end);
  const next = spans
    .flatMap(({ begin, end }) => [begin, end])
    .sort((a, b) => a - b)
    .find((time) => at < time && isQuietAt(time) !== isQuietAt(at));
  const quiet = { quiet: isQuietAt(at), next };
  quarters.set(quarter, quiet);
  return quiet;
}

/** True from the first time on that the clock of the channel's time zone shows `from` on a day until it next shows `to`. */
export const isQuiet = (channel: ScenarioChannel, at: number): boolean => quietAt(channel, at).quiet;

/** The first moment after `after`, up to `limit`, at which quiet hours of the channel begin or end. */
export function nextQuietChange(channel: ScenarioChannel, after: number, limit: number): number | undefined {
  const { next } = quietAt(channel, after);
  return next !== undefined && next <= limit ? next : undefined;
}

/** Applies one matcher (`symbol=BTCUSDT`, `condition!=x`, `symbol=~BTC.*`, `bot!~test-.*`) to an alert of a bot. */
export function matches(matcher: string, bot: string, subject: Subject): boolean {
  const [, key, operator, wanted] = /^(bot|symbol|condition)(=~|!~|!=|=)(.*)$/s.exec(matcher) ?? [];
  if (key === undefined || wanted === undefined) throw new Error(`Not a matcher: ${matcher}`);
  const value = key === 'bot' ? bot : key === 'symbol' ? subject.symbol : subject.condition;
  const equal = operator?.endsWith('~') ? new RegExp(`^(?:${wanted})$`, 's').test(value) : value === wanted;
  return operator?.startsWith('!') ? !equal : equal;
}
