import type { ScenarioChannel, Subject } from './scenario';

const MINUTE = 60_000;

/** Minute of the day by the clock of a time zone, for each minute that was asked for: a fact of the calendar, kept because looking it up is slow. */
const clocks = new Map<
  string,
  { readonly format: Intl.DateTimeFormat; readonly minutes: Map<number, number> }
>();

function clockOf(timeZone: string) {
  const known = clocks.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const clock = { format, minutes: new Map<number, number>() };
  clocks.set(timeZone, clock);
  return clock;
}

const minuteOf = (text: string): number => {
  const [hour, minute] = text.split(':').map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
};

/** The clock of a time zone: the minute of the day at any time. */
function minutesOfDay(timeZone: string): (at: number) => number {
  const { format, minutes } = clockOf(timeZone);
  return (at) => {
    const minute = Math.floor(at / MINUTE);
    const read = minutes.get(minute) ?? minuteOf(format.format(minute * MINUTE));
    minutes.set(minute, read);
    return read;
  };
}

/** A predicate of time: the wall clock of the channel's time zone reads `from` or later and has not reached `to`. */
function quietness({ quietHours }: ScenarioChannel): (at: number) => boolean {
  if (!quietHours) return () => false;
  const [from, to] = [minuteOf(quietHours.from), minuteOf(quietHours.to)];
  const now = minutesOfDay(quietHours.timeZone);
  return from <= to ? (at) => from <= now(at) && now(at) < to : (at) => from <= now(at) || now(at) < to;
}

export const isQuiet = (channel: ScenarioChannel, at: number): boolean => quietness(channel)(at);

/** The first minute after `after`, up to `limit`, at which quiet hours of the channel begin or end. */
export function nextQuietChange(channel: ScenarioChannel, after: number, limit: number): number | undefined {
  if (!channel.quietHours) return undefined;
  const quiet = quietness(channel);
  const before = quiet(after);
  for (let at = (Math.floor(after / MINUTE) + 1) * MINUTE; at <= limit; at += MINUTE) {
    if (quiet(at) !== before) return at;
  }
  return undefined;
}

/** Applies one matcher (`symbol=BTCUSDT`, `condition!=x`, `symbol=~BTC.*`, `bot!~test-.*`) to an alert of a bot. */
export function matches(matcher: string, bot: string, subject: Subject): boolean {
  const [, key, operator, wanted] = /^(bot|symbol|condition)(=~|!~|!=|=)(.*)$/s.exec(matcher) ?? [];
  if (key === undefined || wanted === undefined) throw new Error(`Not a matcher: ${matcher}`);
  const value = key === 'bot' ? bot : key === 'symbol' ? subject.symbol : subject.condition;
  const equal = operator?.endsWith('~') ? new RegExp(`^(?:${wanted})$`, 's').test(value) : value === wanted;
  return operator?.startsWith('!') ? !equal : equal;
}
