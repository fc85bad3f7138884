import {
  acknowledgementAt,
  endedBefore,
  endOf,
  type Episode,
  episodes,
  levelOf,
  oldest,
  singles,
} from './reference-episodes';
import { type Alert, type History, rank, type Reason, worst } from './reference-history';
import {
  type Answer,
  ask,
  type Hold,
  holdsOf,
  isAbout,
  messagesAbout,
  owed,
  type Owed,
  silencesOn,
} from './reference-stages';
import type { Held, ScenarioChannel, Sent, Subject } from './scenario';

/** The window of a channel's throttle that is open: what it put aside, and when the digest is due. */
interface Window {
  readonly alerts: readonly Alert[];
  readonly endsAt: number;
}

function windowOf(history: History, { name }: ScenarioChannel): Window | undefined {
  const closed = history.closings.filter(({ channel }) => channel === name).at(-1)?.order ?? 0;
  const aside = history.throttled.filter(({ channel, order }) => channel === name && order > closed);
  const [first] = aside;
  return (
    first && { alerts: aside.map(({ alert }) => alert), endsAt: first.at + history.settings.groupWindow }
  );
}

const ENDS_WAITING: ReadonlySet<Reason | undefined> = new Set([
  'silence',
  'match',
  'min_level',
  'acknowledged',
]);

/** True of what waits for the digest. What was silenced or acknowledged since it was put aside, or fell below the level, does not, also when that is over. */
function isAside(
  history: History,
  { name }: ScenarioChannel,
  window: Window | undefined,
  episode: Episode,
): boolean {
  const { alerts } = episode;
  if (!alerts.some((alert) => window?.alerts.includes(alert))) return false;
  const isOfIt = (one: { readonly channel: string; readonly alert: Alert }): boolean =>
    one.channel === name && alerts.includes(one.alert);
  const aside = history.throttled.filter(isOfIt).at(-1)?.order ?? 0;
  return !history.holds.some((hold) => isOfIt(hold) && hold.order > aside && ENDS_WAITING.has(hold.reason));
}

function isThrottled(history: History, channel: ScenarioChannel, now: number): boolean {
  const { burst, groupWindow } = history.settings;
  const sent = history.messages.filter(
    ({ channel: to, at }) => to === channel.name && at > now - groupWindow,
  );
  return windowOf(history, channel) !== undefined || sent.length >= burst;
}

/** True of the end of what had a message of its own on the channel, since it began: no throttle holds it. */
const isOwnEnd = (history: History, { name }: ScenarioChannel, episode: Episode, owed: Owed): boolean =>
  owed === 'resolved' &&
  messagesAbout(history, name, episode, Infinity).reduce((own, { sent, statements }) => {
    const isOver = statements.filter((said) => isAbout(history, episode, said)).at(-1)?.over === true;
    return !isOver && (own || sent.kind !== 'digest');
  }, false);

const isCritical = (history: History, { current }: Episode, now: number): boolean =>
  levelOf(history, current, now) === 'CRITICAL';

const says = (history: History, episode: Episode, owed: Owed, now: number) => ({
  alert: episode.current,
  level: levelOf(history, episode.current, now),
  over: owed === 'resolved' || owed === 'line' || episode.current.oneOff,
  line: owed === 'line',
  flapping: owed === 'flapping',
});

function send(history: History, channel: string, episode: Episode, kind: Sent['kind'], now: number): void {
  const statement = says(history, episode, kind, now);
  const { subject } = episode.current;
  const by = kind === 'acknowledged' ? acknowledgementAt(history, episode, now)?.by : undefined;
  const base = { bot: history.bot, channel, at: now, kind, subject, level: statement.level };
  const sent: Sent = by === undefined ? base : { ...base, by };
  history.messages.push({ ...history.happened(now), channel, sent, statements: [statement] });
}

const isSame = (a: Subject, b: Subject): boolean => a.condition === b.condition && a.symbol === b.symbol;

function sendDigest(
  history: History,
  channel: ScenarioChannel,
  lines: readonly { readonly episode: Episode; readonly owed: Owed }[],
  now: number,
): void {
  const statements = lines.map(({ episode, owed }) => says(history, episode, owed, now));
  const subjects = lines
    .map(({ episode }) => ({
      level: levelOf(history, episode.current, now),
      age: oldest(history, episode).id,
      episode,
    }))
    .sort((a, b) => rank(b.level) - rank(a.level) || a.age - b.age)
    .map(({ episode }) => episode.current.subject)
    .filter((subject, index, all) => all.findIndex((other) => isSame(other, subject)) === index);
  const level = worst(statements.map((statement) => statement.level));
  const digest = { named: subjects.slice(0, 10), others: Math.max(0, subjects.length - 10) };
  const sent: Sent = { bot: history.bot, channel: channel.name, at: now, kind: 'digest', level, digest };
  history.messages.push({ ...history.happened(now), channel: channel.name, sent, statements });
}

/** Sends what is due to the log: everything. */
function decideLog(history: History, now: number): void {
  const due = singles(history).flatMap((episode) => {
    const kind = owed(history, episode, undefined, now);
    return kind === undefined || kind === 'line' ? [] : [{ episode, kind }];
  });
  const order = inOrder(history, now);
  due
    .sort((a, b) => order(a.episode, b.episode))
    .forEach(({ episode, kind }) => send(history, 'log', episode, kind, now));
}

/** The order in which what is over ended: by time; at one moment what became stable before what was resolved. */
function byEnd(history: History, now: number) {
  const keyOf = (episode: Episode): readonly [number, number, string, number] | undefined => {
    const { oneOff, raised, resolved, subject } = episode.current;
    if (oneOff) return [raised.at, 1, '', raised.order];
    const end = endOf(history, episode, now);
    if (end === undefined || resolved === undefined) return undefined;
    return end > resolved.at
      ? [end, 0, `${subject.condition} ${subject.symbol}`, 0]
      : [end, 1, '', resolved.order];
  };
  return (a: Episode, b: Episode): number => {
    const [endA, endB] = [keyOf(a), keyOf(b)];
    if (endA === undefined || endB === undefined)
      return Number(endA === undefined) - Number(endB === undefined);
    return (
      endA[0] - endB[0] ||
      endA[1] - endB[1] ||
      (endA[2] < endB[2] ? -1 : Number(endA[2] > endB[2])) ||
      endA[3] - endB[3]
    );
  };
}

/** Orders what happens at one moment: what is over, as it ended; then the worst, of equal ones the one raised first. */
function inOrder(history: History, now: number) {
  const ends = byEnd(history, now);
  return (a: Episode, b: Episode): number =>
    ends(a, b) ||
    rank(levelOf(history, b.current, now)) - rank(levelOf(history, a.current, now)) ||
    oldest(history, a).id - oldest(history, b).id;
}

/** All that a channel is owed: about each episode, and lines about what had come and gone before it flapped. */
function answers(
  history: History,
  channel: ScenarioChannel,
  now: number,
): readonly { readonly episode: Episode; readonly answer: Answer }[] {
  const answer = (episode: Episode) => {
    const given = ask(history, channel, episode, now);
    return given === undefined ? [] : [{ episode, answer: given }];
  };
  return [
    ...episodes(history).flatMap(answer),
    ...endedBefore(history)
      .flatMap(answer)
      .filter(({ answer }) => answer.owed === 'line'),
  ];
}

const leaves = ({ held }: Answer): boolean => held === undefined;

/** All that may leave now for a channel, apart from what its throttle put aside. */
function leaving(history: History, channel: ScenarioChannel, now: number) {
  const window = windowOf(history, channel);
  return answers(history, channel, now).flatMap(({ episode, answer }) => {
    if (!leaves(answer)) return [];
    const aside =
      isAside(history, channel, window, episode) &&
      !isCritical(history, episode, now) &&
      !isOwnEnd(history, channel, episode, answer.owed);
    return aside ? [] : { episode, owed: answer.owed };
  });
}

function closeWindow(history: History, channel: ScenarioChannel, window: Window, now: number): void {
  const lines = answers(history, channel, now).flatMap(({ episode, answer }) => {
    const joins = isAside(history, channel, window, episode) || answer.owed === 'line';
    const alone =
      (isCritical(history, episode, now) && answer.owed !== 'line') ||
      isOwnEnd(history, channel, episode, answer.owed);
    return leaves(answer) && joins && !alone ? { episode, owed: answer.owed } : [];
  });
  dropSilenced(history, channel, window, now);
  history.closings.push({ ...history.happened(now), channel: channel.name });
  dropLines(history, channel, now);
  if (lines.length > 0) sendDigest(history, channel, lines, now);
}

/** An alert that came and went and is silenced when its digest is due leaves it, also where quiet hours would hold it now. */
function dropSilenced(history: History, channel: ScenarioChannel, window: Window, now: number): void {
  for (const { episode, answer } of answers(history, channel, now)) {
    const isLine = answer.owed === 'line' && isAside(history, channel, window, episode);
    if (!isLine || silencesOn(history, episode, now).length === 0) continue;
    const reason = 'silence';
    history.holds.push({ ...history.happened(now), channel: channel.name, alert: episode.current, reason });
  }
}

/** Drops what came and went and is held by something other than quiet hours by then: it leaves with a digest, or never. */
function dropLines(history: History, channel: ScenarioChannel, now: number): void {
  const window = windowOf(history, channel);
  for (const { episode, answer } of answers(history, channel, now)) {
    const waits = answer.held?.reason === 'quiet_hours' || isAside(history, channel, window, episode);
    if (answer.owed !== 'line' || answer.held === undefined || waits) continue;
    const { reason } = answer.held;
    history.holds.push({ ...history.happened(now), channel: channel.name, alert: episode.current, reason });
  }
}

function putAside(history: History, channel: ScenarioChannel, episode: Episode, now: number): void {
  history.throttled.push({ ...history.happened(now), channel: channel.name, alert: episode.current });
}

/** The one thing that is next for a channel, sent or put aside; absent when nothing is due any more. */
function nextDue(history: History, channel: ScenarioChannel, now: number): (() => void) | undefined {
  const window = windowOf(history, channel);
  if (window && window.endsAt <= now) return () => closeWindow(history, channel, window, now);
  const order = inOrder(history, now);
  const singles = leaving(history, channel, now).flatMap(({ episode, owed }) =>
    owed === 'line' ? [] : [{ episode, owed }],
  );
  const [next] = singles.sort((a, b) => order(a.episode, b.episode));
  if (!next) return undefined;
  const { episode, owed } = next;
  const alone = isCritical(history, episode, now) || isOwnEnd(history, channel, episode, owed);
  return isThrottled(history, channel, now) && !alone
    ? () => putAside(history, channel, episode, now)
    : () => send(history, channel.name, episode, owed, now);
}

function decideChannel(history: History, channel: ScenarioChannel, now: number): void {
  let due = nextDue(history, channel, now);
  while (due) {
    due();
    due = nextDue(history, channel, now);
  }
  const lines = leaving(history, channel, now);
  if (lines.length > 0 && isThrottled(history, channel, now)) {
    lines.forEach(({ episode }) => putAside(history, channel, episode, now));
  } else if (lines.length > 0) {
    sendDigest(history, channel, lines, now);
  }
  dropLines(history, channel, now);
  for (const episode of episodes(history)) {
    if (ask(history, channel, episode, now)?.owed === 'line') continue;
    const reason = holdOf(history, channel, episode, now)?.reason;
    const about = holdsOf(history, channel.name, episode);
    if (about.length > 0 && about.at(-1)?.reason === reason) continue;
    history.holds.push({ ...history.happened(now), channel: channel.name, alert: episode.current, reason });
  }
}

function holdOf(history: History, channel: ScenarioChannel, episode: Episode, now: number): Hold | undefined {
  const answer = ask(history, channel, episode, now);
  if (!answer || answer.held) return answer?.held;
  return { reason: 'throttle', until: windowOf(history, channel)?.endsAt };
}

/** Decides for every channel what leaves now. */
export function decide(history: History, now: number): void {
  decideLog(history, now);
  for (const channel of history.channels) decideChannel(history, channel, now);
}

/** All that the channels do not know yet and should: a repeat says nothing new. */
export function heldAt(history: History, now: number): readonly Held[] {
  return history.channels.flatMap((channel) =>
    episodes(history).flatMap((episode) => {
      if (owed(history, episode, channel, now) === 'repeated') return [];
      const hold = holdOf(history, channel, episode, now);
      if (!hold) return [];
      const held = {
        bot: history.bot,
        channel: channel.name,
        subject: episode.current.subject,
        reason: hold.reason,
      };
      return hold.until === undefined ? held : { ...held, until: hold.until };
    }),
  );
}
