import { nextQuietChange } from './reference-clock';
import { escalationOf } from './reference-episodes';
import type { History } from './reference-history';

/**
 * The first moment after `now`, up to `limit`, at which an answer can change though nothing is stated: whatever happened, plus each of the durations,
 * and the ends of silences and quiet hours. A moment too many changes nothing.
 */
export function nextMoment(history: History, now: number, limit: number): number | undefined {
  const { repeatInterval, groupWindow, flapping, incidentGrace } = history.settings;
  const waits = history.channels.flatMap(({ unacknowledgedAfter }) => unacknowledgedAfter ?? []);
  const risen = history.alerts.flatMap((alert) => [
    ...alert.levels.map(({ at }) => at),
    escalationOf(history, alert) ?? alert.raised.at,
  ]);
  const changed = history.alerts.flatMap(({ raised, resolved }) => [raised.at, resolved?.at ?? raised.at]);
  const stable = changed.map((at) => at + flapping.stableFor);
  const next = [
    ...risen,
    ...risen.flatMap((at) => waits.map((wait) => at + wait)),
    ...stable,
    ...[...changed, ...stable].map((at) => at + incidentGrace),
    ...history.messages.map(({ at }) => at + repeatInterval),
    ...history.throttled.map(({ at }) => at + groupWindow),
    ...history.silences.flatMap(({ startsAt, endsAt }) => [startsAt, endsAt]),
  ]
    .filter((at) => now < at && at <= limit)
    .reduce((a, b) => Math.min(a, b), Infinity);
  const quiet = history.channels.map(
    (channel) => nextQuietChange(channel, now, Math.min(next, limit)) ?? Infinity,
  );
  const first = Math.min(next, ...quiet);
  return first === Infinity ? undefined : first;
}
