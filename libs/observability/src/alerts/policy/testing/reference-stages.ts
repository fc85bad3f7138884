import { isQuiet, matches, nextQuietChange } from './reference-clock';
import {
  acknowledgementAt,
  endedBefore,
  endOf,
  type Episode,
  episodes,
  flappingAt,
  isOpen,
  levelOf,
  oldest,
  criticalSince,
} from './reference-episodes';
import {
  type Alert,
  type History,
  type Message,
  rank,
  type Reason,
  type Statement,
  worst,
} from './reference-history';
import type { AlertLevel } from '@opensqt/trading-events';
import type { ScenarioChannel, Sent, Subject } from './scenario';

const DAY = 86_400_000;

const isSame = (a: Subject, b: Subject): boolean => a.condition === b.condition && a.symbol === b.symbol;

/** A kind of message, or one line of a digest about what came and went while it was held. */
export type Owed = Sent['kind'] | 'line';

/** The answer for an episode and a channel: what is owed to the channel, and what holds it. */
export interface Answer {
  readonly owed: Owed;
  readonly held?: Hold;
}

export interface Hold {
  readonly reason: Reason;
  readonly until?: number | undefined;
}

interface Question {
  readonly history: History;
  readonly channel: ScenarioChannel;
  readonly episode: Episode;
  readonly at: number;
  readonly owed: Owed;
  readonly level: AlertLevel;
}

type Stage = (question: Question) => Hold | undefined;

/** A line about what had come and gone before an episode flapped says nothing of the episode. */
export const isAbout = (history: History, episode: Episode, { alert, line }: Statement): boolean =>
  episode.alerts.includes(alert) && !(line && alert.id < oldest(history, episode).id);

export const messagesAbout = (
  history: History,
  channel: string,
  episode: Episode,
  at: number,
): readonly Message[] =>
  history.messages.filter(
    (message) =>
      message.channel === channel &&
      message.at <= at &&
      message.statements.some((said) => isAbout(history, episode, said)),
  );

/** The level at which a channel believes an episode to be open, from the messages that it was sent; absent when it knows of nothing open. */
const believed = (history: History, messages: readonly Message[], episode: Episode): AlertLevel | undefined =>
  messages
    .flatMap(({ statements }) => statements.filter((said) => isAbout(history, episode, said)))
    .reduce<AlertLevel | undefined>(
      (level, said) => (said.over ? undefined : worst([level ?? 'INFO', said.level])),
      undefined,
    );

function owedWhileOpen(
  history: History,
  episode: Episode,
  channel: ScenarioChannel | undefined,
  at: number,
): Owed | undefined {
  const messages = messagesAbout(history, channel?.name ?? 'log', episode, at);
  const last = messages.at(-1);
  const flapping = channel && flappingAt(history, episode, at);
  const saidToFlap = messages.some(
    ({ order, statements }) =>
      flapping && order > flapping.began.order && statements.some((said) => said.flapping),
  );
  if (flapping && !saidToFlap) return 'flapping';
  if (!isOpen(episode)) return undefined;
  const level = levelOf(history, episode.current, at);
  const known = believed(history, messages, episode);
  if (!last || known === undefined) return 'raised';
  if (rank(level) > rank(known)) return 'escalated';
  const knowsCurrent = messages.some(({ statements }) =>
    statements.some(({ alert }) => alert === episode.current),
  );
  if (flapping && level === 'CRITICAL' && !knowsCurrent) return 'raised';
  const acknowledged = acknowledgementAt(history, episode, at);
  if (acknowledged && acknowledged.order > last.order && (channel?.acknowledgements ?? true))
    return 'acknowledged';
  return at - last.at >= history.settings.repeatInterval ? 'repeated' : undefined;
}

/** A channel that was notified of a later alert of the subject need not know any more that the one before is over. */
function isSuperseded(history: History, channel: string, { current }: Episode): boolean {
  return history.messages.some(
    (message) =>
      message.channel === channel &&
      message.statements.some(
        ({ alert, over }) =>
          !over && !alert.oneOff && alert.id > current.id && isSame(alert.subject, current.subject),
      ),
  );
}

/** Reasons for which an episode was held from a channel; not those of what had come and gone before it flapped. */
export const holdsOf = (history: History, channel: string, episode: Episode): History['holds'] =>
  history.holds.filter(
    (hold) =>
      hold.channel === channel &&
      episode.alerts.includes(hold.alert) &&
      hold.alert.id >= oldest(history, episode).id,
  );

/** Compares what a channel should know of an episode with what it was sent; no channel is the log. */
export function owed(
  history: History,
  episode: Episode,
  channel: ScenarioChannel | undefined,
  at: number,
): Owed | undefined {
  const name = channel?.name ?? 'log';
  const holds = holdsOf(history, name, episode);
  const messages = messagesAbout(history, name, episode, at);
  if (episode.current.oneOff && holds.length === 0 && messages.length === 0) return 'raised';
  const over = channel ? endOf(history, episode, at) !== undefined : !isOpen(episode);
  if (!over) return owedWhileOpen(history, episode, channel, at);
  if (believed(history, messages, episode) !== undefined)
    return isSuperseded(history, name, episode) ? undefined : 'resolved';
  const hold = holds.at(-1);
  const unsaid = (hold?.order ?? 0) > (messages.at(-1)?.order ?? 0);
  return unsaid && (hold?.reason === 'quiet_hours' || hold?.reason === 'throttle') ? 'line' : undefined;
}

/** The silences that are about an episode at that time. */
export const silencesOn = (history: History, episode: Episode, at: number): History['silences'] =>
  history.silences.filter(
    ({ matchers, startsAt, endsAt }) =>
      startsAt <= at &&
      at < endsAt &&
      matchers.every((matcher) => matches(matcher, history.bot, episode.current.subject)),
  );

const silence: Stage = ({ history, episode, at, owed }) => {
  const active = silencesOn(history, episode, at);
  if (owed === 'resolved' || active.length === 0) return undefined;
  return { reason: 'silence', until: Math.max(...active.map(({ endsAt }) => endsAt)) };
};

const match: Stage = ({ history, channel, episode, owed }) =>
  owed === 'resolved' ||
  channel.match.every((matcher) => matches(matcher, history.bot, episode.current.subject))
    ? undefined
    : { reason: 'match' };

const minLevel: Stage = ({ channel, level, owed }) =>
  owed === 'resolved' || rank(level) >= rank(channel.minLevel) ? undefined : { reason: 'min_level' };

const acknowledged: Stage = ({ history, channel, episode, at, owed, level }) => {
  if (owed === 'resolved' || owed === 'line' || owed === 'acknowledged') return undefined;
  const waits = channel.unacknowledgedAfter !== undefined;
  if (waits && episode.current.oneOff) return { reason: 'acknowledged' };
  if (acknowledgementAt(history, episode, at)) {
    return waits || owed === 'repeated' ? { reason: 'acknowledged' } : undefined;
  }

  if (!waits || believed(history, messagesAbout(history, channel.name, episode, at), episode))
    return undefined;
  const since = level === 'CRITICAL' ? criticalSince(episode) : undefined;
  if (since === undefined) return { reason: 'acknowledged' };
  const until = since + (channel.unacknowledgedAfter ?? 0);
  return at < until ? { reason: 'acknowledged', until } : undefined;
};

const quietHours: Stage = ({ channel, at, level }) =>
  level !== 'CRITICAL' && isQuiet(channel, at)
    ? { reason: 'quiet_hours', until: nextQuietChange(channel, at, at + 2 * DAY) }
    : undefined;

const incident: Stage = ({ history, channel, episode, at, level, owed }) => {
  const first = owed === 'raised' || owed === 'flapping' || owed === 'line';
  if (
    !first ||
    level === 'CRITICAL' ||
    believed(history, messagesAbout(history, channel.name, episode, at), episode)
  )
    return undefined;
  const { raised, resolved } = episode.current;
  const then = owed === 'line' ? (endOf(history, episode, at) ?? at) : at;
  const over = resolved ?? raised;
  const overOrder = then > over.at ? Infinity : over.order; // what flapped is over later than it was resolved
  const covers = (alert: Alert): boolean =>
    !alert.oneOff &&
    alert.incident === episode.current.incident &&
    !isSame(alert.subject, episode.current.subject) &&
    rank(levelOf(history, alert, then, owed === 'line' ? overOrder : undefined)) >= rank(level);
  const known = (other: Episode) =>
    messagesAbout(history, channel.name, other, then).filter(
      ({ order }) => owed !== 'line' || order < overOrder,
    );
  const openThen = episodes(history).filter((other) => {
    const end = endOf(history, other, then);
    return end === undefined || end > then;
  });
  const joinedSince = endedBefore(history).filter(
    ({ current: { raised, resolved } }) =>
      owed === 'line' && raised.order < overOrder && (resolved?.order ?? Infinity) > overOrder,
  );
  const currentThen = ({ alerts, current }: Episode): Alert =>
    (owed === 'line'
      ? alerts.filter(({ raised }) => raised.at <= then && raised.order < overOrder).at(-1)
      : current) ?? current;
  const open = [...openThen, ...joinedSince].filter(
    (other) => covers(currentThen(other)) && believed(history, known(other), other),
  );
  if (open.length > 0) return { reason: 'incident' };
  const ended = [
    ...episodes(history).map((other) => ({ other, end: endOf(history, other, then) })),
    ...endedBefore(history).map((other) => ({ other, end: other.current.resolved?.at })),
  ];
  const ends = ended.flatMap(({ other, end }) => {
    const isKnown = known(other).some(({ statements }) =>
      statements.some((said) => isAbout(history, other, said) && !said.line),
    );
    return end !== undefined && end <= then && covers(other.current) && isKnown ? [end] : [];
  });
  const until = Math.max(-Infinity, ...ends) + history.settings.incidentGrace;
  return then < until ? { reason: 'incident', until } : undefined;
};

const flapping: Stage = ({ history, episode, at, owed }) =>
  owed === 'repeated' && flappingAt(history, episode, at)
    ? { reason: 'flapping', until: flappingAt(history, episode, at)?.end }
    : undefined;

/** All but the throttle, which depends on what else leaves. */
const stages: readonly Stage[] = [silence, match, minLevel, acknowledged, quietHours, incident, flapping];

/** A line leaves when quiet hours are over, and is dropped for good by what holds it then. */
const stagesOfLine: readonly Stage[] = [quietHours, silence, match, minLevel, incident];

/** Asks what a channel is owed about an episode, and the stages before the throttle whether it may leave. */
export function ask(
  history: History,
  channel: ScenarioChannel,
  episode: Episode,
  at: number,
): Answer | undefined {
  const what = owed(history, episode, channel, at);
  if (what === undefined) return undefined;
  const question = {
    history,
    channel,
    episode,
    at,
    owed: what,
    level: levelOf(history, episode.current, at),
  };
  for (const stage of what === 'line' ? stagesOfLine : stages) {
    const held = stage(question);
    if (held) return { owed: what, held };
  }
  return { owed: what };
}
