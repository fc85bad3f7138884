import type { AlertLevel } from '@opensqt/trading-events';
import { type Alert, type Happened, type History, rank, worst } from './reference-history';
import type { Subject } from './scenario';

/** A time during which a condition flaps: from the change that made it so until it was quiet for long enough. */
export interface Flapping {
  readonly began: Happened;
  /** The first of the changes that were counted, unless an earlier flapping ended after it. */
  readonly from: number;
  readonly end: number;
}

/** A unit of notification: an alert, or the alerts of one condition that flapped, oldest first. */
export interface Episode {
  readonly alerts: readonly Alert[];
  readonly first: Alert;
  readonly current: Alert;
}

/** Every time that a condition flapped, the last of which may go on. */
export const flappings = (history: History, subject: Subject): readonly Flapping[] =>
  history.once(`flappings of ${subject.condition} ${subject.symbol}`, () =>
    deriveFlappings(history, subject),
  );

function deriveFlappings(history: History, subject: Subject): readonly Flapping[] {
  const { changes, window, stableFor } = history.settings.flapping;
  const times = history
    .about(subject)
    .filter((alert) => !alert.oneOff)
    .flatMap((alert) => (alert.resolved ? [alert.raised, alert.resolved] : [alert.raised]));
  const found: Flapping[] = [];
  times.forEach((change, index) => {
    const last = found.at(-1);
    if (last && change.at < last.end) {
      found[found.length - 1] = { ...last, end: change.at + stableFor };
      return;
    }
    const counted = times.slice(0, index + 1).filter(({ at }) => at > change.at - window);
    if (counted.length < changes) return;
    const from = Math.max(counted[0]?.at ?? change.at, last?.end ?? 0);
    found.push({ began: change, from, end: change.at + stableFor });
  });
  return found;
}

const isWithin = (alert: Alert, { from, end }: Flapping): boolean =>
  !alert.oneOff && alert.raised.at < end && (alert.resolved?.at ?? Infinity) >= from;

/** All that can be notified, oldest first. */
export const episodes = (history: History): readonly Episode[] =>
  history.once('episodes', () => deriveEpisodes(history));

function deriveEpisodes(history: History): readonly Episode[] {
  const found: Alert[][] = [];
  for (const alert of history.alerts) {
    const flapped = flappings(history, alert.subject).filter((flapping) => isWithin(alert, flapping));
    const before = history
      .about(alert.subject)
      .filter((other) => !other.oneOff && other.id < alert.id)
      .at(-1);
    const joined = before && flapped.some((flapping) => isWithin(before, flapping));
    const episode = joined ? found.find((alerts) => alerts.includes(before)) : undefined;
    if (episode) episode.push(alert);
    else found.push([alert]);
  }
  return found.flatMap((alerts) => {
    const [first, current] = [alerts[0], alerts.at(-1)];
    return first && current ? [{ alerts, first, current }] : [];
  });
}

/** Each alert on its own, as the log knows them. */
export const singles = (history: History): readonly Episode[] =>
  history.alerts.map((alert) => ({ alerts: [alert], first: alert, current: alert }));

/** True of an alert that was open, or began or ended, while its condition flapped. */
const flapped = (alert: Alert, { began, end }: Flapping): boolean =>
  !alert.oneOff && alert.raised.at < end && (alert.resolved?.order ?? Infinity) >= began.order;

/** The flapping that goes on at a time. */
export function flappingAt(history: History, { current }: Episode, at: number): Flapping | undefined {
  const last = flappings(history, current.subject).at(-1);
  return last && flapped(current, last) && last.began.at <= at && at < last.end ? last : undefined;
}

/** The time at which an alert becomes an ERROR by its age, or by the time that its condition was down over all flaps. */
export const escalationOf = (history: History, alert: Alert): number | undefined =>
  history.once(`escalation of ${alert.id}`, () => deriveEscalation(history, alert));

function deriveEscalation(history: History, alert: Alert): number | undefined {
  if (alert.escalatesAfter === undefined || alert.oneOff) return undefined;
  const { escalatesAfter } = alert;
  const end = alert.resolved?.at ?? Infinity;
  const bySum = flappings(history, alert.subject)
    .filter(({ began }) => (alert.resolved?.order ?? Infinity) > began.order)
    .filter((flapping) => isWithin(alert, flapping))
    .map((flapping) => {
      const before = history
        .about(alert.subject)
        .filter((other) => !other.oneOff && other.id < alert.id && isWithin(other, flapping))
        .map((other) => (other.resolved?.at ?? 0) - Math.max(other.raised.at, flapping.from))
        .reduce((sum, time) => sum + time, 0);
      const reached = Math.max(alert.raised.at, flapping.from) + Math.max(0, escalatesAfter - before);
      return { at: Math.max(flapping.began.at, reached), end: flapping.end };
    })
    .filter((sum) => sum.at < sum.end)
    .map((sum) => sum.at);
  const at = Math.min(alert.raised.at + escalatesAfter, ...bySum);
  return at <= end ? at : undefined;
}

/** The level that an alert has reached, by what was stated up to then. */
export function levelOf(history: History, alert: Alert, at: number, order = Infinity): AlertLevel {
  const stated = alert.levels
    .filter((level) => level.at <= at && level.order <= order)
    .map(({ level }) => level);
  return (escalationOf(history, alert) ?? Infinity) <= at ? worst([...stated, 'ERROR']) : worst(stated);
}

/** The time at which an alert first exceeded a level. */
function exceeded(history: History, alert: Alert, level: AlertLevel): number {
  const stated = alert.levels.filter((other) => rank(other.level) > rank(level)).map(({ at }) => at);
  const escalation = rank('ERROR') > rank(level) ? escalationOf(history, alert) : undefined;
  return Math.min(...stated, escalation ?? Infinity);
}

/** Every acknowledgement of an episode that counts for its present alert, with the time at which a rise of the level ended it. */
function acknowledgements(history: History, { alerts, current }: Episode) {
  const last = flappings(history, current.subject)
    .filter((flapping) => isWithin(current, flapping))
    .at(-1);
  return alerts.flatMap((alert) =>
    alert.acknowledgements
      .filter(() => alert === current || (last !== undefined && flapped(alert, last)))
      .map((acknowledgement) => ({
        ...acknowledgement,
        ended: Math.min(
          ...alerts
            .filter(({ id }) => id >= alert.id)
            .map((other) => exceeded(history, other, acknowledgement.level)),
        ),
      })),
  );
}

/** The acknowledgement that is in force at a time. */
export const acknowledgementAt = (
  history: History,
  episode: Episode,
  at: number,
): (Happened & { readonly by: string }) | undefined =>
  acknowledgements(history, episode)
    .filter(({ ended }) => ended > at)
    .at(-1);

/** The time since which the present alert of an episode has been CRITICAL; absent while it is not. */
export function criticalSince({ current }: Episode): number | undefined {
  return current.levels.find(({ level }) => level === 'CRITICAL')?.at;
}

/** The alert that has been open, or flapped, ever since it was raised, and that the present one goes on. */
export function oldest(history: History, { current }: Episode): Alert {
  if (current.oneOff) return current;
  const joins = ({ raised }: Alert): boolean =>
    flappings(history, current.subject).some(
      ({ began, end }) => began.order < raised.order && raised.at < end,
    );
  return (
    history
      .about(current.subject)
      .filter((alert) => !alert.oneOff && alert.id <= current.id)
      .findLast((alert) => !joins(alert)) ?? current
  );
}

/** Of what flapped, what had come and gone before it did: the alerts that went on as one another are one. */
export const endedBefore = (history: History): readonly Episode[] =>
  history.once('ended before', () => episodes(history).flatMap((episode) => livesBefore(history, episode)));

function livesBefore(history: History, episode: Episode): readonly Episode[] {
  const lives = new Map<number, Episode>();
  for (const alert of episode.alerts) {
    const { id } = oldest(history, { alerts: [alert], first: alert, current: alert });
    const { alerts = [], first = alert } = lives.get(id) ?? {};
    lives.set(id, { alerts: [...alerts, alert], first, current: alert });
  }
  return [...lives.values()].slice(0, -1);
}

export const isOpen = ({ current }: Episode): boolean => !current.oneOff && !current.resolved;

/** The time at which an episode was over; absent while it is open or flaps. */
export function endOf(history: History, episode: Episode, at: number): number | undefined {
  const { current } = episode;
  if (current.oneOff) return current.raised.at;
  if (!current.resolved || flappingAt(history, episode, at)) return undefined;
  const ends = flappings(history, current.subject)
    .filter((flapping) => flapped(current, flapping) && flapping.end <= at)
    .map(({ end }) => end);
  return Math.max(current.resolved.at, ...ends);
}
