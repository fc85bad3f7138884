import { endOf, type Episode, episodes, levelOf, singles } from './reference-episodes';
import { type Alert, type History, rank, worst } from './reference-history';
import { type Answer, ask, type Hold, owed, type Owed } from './reference-stages';
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

const isAside = (window: Window | undefined, { alerts }: Episode): boolean =>
  alerts.some((alert) => window?.alerts.includes(alert));

function isThrottled(history: History, channel: ScenarioChannel, now: number): boolean {
  const { burst, groupWindow } = history.settings;
  const sent = history.messages.filter(
    ({ channel: to, at }) => to === channel.name && at > now - groupWindow,
  );
  return windowOf(history, channel) !== undefined || sent.length >= burst;
}

const isCritical = (history: History, { current }: Episode, now: number): boolean =>
  levelOf(history, current, now) === 'CRITICAL';

const says = (history: History, episode: Episode, owed: Owed, now: number) => ({
  alert: episode.current,
  level: levelOf(history, episode.current, now),
  over: owed === 'resolved' || owed === 'line' || episode.current.oneOff,
  flapping: owed === 'flapping',
});

function send(history: History, channel: string, episode: Episode, kind: Sent['kind'], now: number): void {
  const statement = says(history, episode, kind, now);
  const { subject } = episode.current;
  const sent = { bot: history.bot, channel, at: now, kind, subject, level: statement.level };
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
      age: episode.current.id,
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

/** The order in which what is over ended. */
function endedAt(history: History, episode: Episode, now: number): number | undefined {
  const { oneOff, raised, resolved } = episode.current;
  if (oneOff) return raised.order;
  return endOf(history, episode, now) === undefined ? undefined : resolved?.order;
}

/** What happens first of several things at one moment: what is over, as it ended; then the worst, of equal ones the one raised first. */
function inOrder(history: History, now: number) {
  return (a: Episode, b: Episode): number => {
    const [overA, overB] = [endedAt(history, a, now), endedAt(history, b, now)];
    if (overA !== undefined && overB !== undefined) return overA - overB;
    if (overA !== undefined || overB !== undefined) return overA === undefined ? 1 : -1;
    const worse = rank(levelOf(history, b.current, now)) - rank(levelOf(history, a.current, now));
    return worse || a.current.id - b.current.id;
  };
}

const leaves = (answer: Answer | undefined): answer is Answer => answer !== undefined && !answer.held;

/** All that may leave now for a channel, apart from what its throttle put aside. */
function leaving(history: History, channel: ScenarioChannel, now: number) {
  const window = windowOf(history, channel);
  return episodes(history).flatMap((episode) => {
    const answer = ask(history, channel, episode, now);
    if (!leaves(answer)) return [];
    const aside = isAside(window, episode) && !isCritical(history, episode, now);
    return aside ? [] : { episode, owed: answer.owed };
  });
}

function closeWindow(history: History, channel: ScenarioChannel, window: Window, now: number): void {
  const lines = episodes(history).flatMap((episode) => {
    const answer = ask(history, channel, episode, now);
    const joins = isAside(window, episode) || answer?.owed === 'line';
    const critical = isCritical(history, episode, now) && answer?.owed !== 'line';
    return leaves(answer) && joins && !critical ? { episode, owed: answer.owed } : [];
  });
  history.closings.push({ ...history.happened(now), channel: channel.name });
  if (lines.length > 0) sendDigest(history, channel, lines, now);
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
  return isThrottled(history, channel, now) && !isCritical(history, episode, now)
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
  for (const episode of episodes(history)) {
    if (ask(history, channel, episode, now)?.owed === 'line') continue;
    const reason = holdOf(history, channel, episode, now)?.reason;
    const about = history.holds.filter(
      (hold) => hold.channel === channel.name && episode.alerts.includes(hold.alert),
    );
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
