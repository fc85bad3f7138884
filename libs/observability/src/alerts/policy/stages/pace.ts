import { AlertLevel, type EpochMs } from '@opensqt/trading-events';
import type { AlertsState, Change, Notified } from '../../model/alerts.state';
import type { PolicySettings } from '../policy-settings';
import { type Stage, hold } from './stage';

/** A time during which a condition flaps: from the change that made it so until it was quiet for long enough. */
export interface FlappingPeriod {
  /** The first of the changes that were counted, unless an earlier period ended after it. */
  readonly from: EpochMs;
  readonly began: EpochMs;
  readonly end: EpochMs;
}

/** Holds the end of a condition that flaps until it was quiet for long enough, and repeats meanwhile. */
export const flapping: Stage = {
  name: 'flapping',
  judge({ state, alert, kind, now, settings }) {
    const { fingerprint } = alert;
    if (alert.status !== 'open') return 'pass';
    const changes = state.changes.get(fingerprint) ?? [];
    if (kind === 'repeated') {
      // Of a change by a clock that was set back since it can't be known how long ago it was.
      const period = isLater(changes.at(-1), now) ? undefined : flappingAt(changes, now, settings);
      return period === undefined ? 'pass' : hold('flapping', period.end);
    }
    if (kind !== 'resolved' || state.open.get(fingerprint)?.holds !== true) return 'pass';
    const period = flappingAt([...changes, { at: now, holds: false }], now, settings);
    return period === undefined ? 'pass' : hold('flapping', period.end);
  },
};

/** Holds repeats that are not due yet. */
export const repeat: Stage = {
  name: 'repeat',
  always: true,
  judge({ kind, notified, now, settings }) {
    if (kind !== 'repeated' || notified === undefined) return 'pass';
    const until = repeatAt(notified, now, settings);
    return now < until ? hold('not_due', until) : 'pass';
  },
};

/**
 * Holds what would be too many messages on the channel: they wait for a digest. CRITICAL never does, nor the end of what had a message of
 * its own: what that one opened at the receiver would stay open.
 */
export const throttle: Stage = {
  name: 'throttle',
  judge({ state, alert, channel, kind, notified, now, settings }) {
    if (alert.level === AlertLevel.Critical) return 'pass';
    if (kind === 'resolved' && notified?.onlyDigests !== true) return 'pass';
    const until = throttledUntil(state, channel.name, now, settings);
    return until === undefined ? 'pass' : hold('throttled', until);
  },
};

/** The time of the digest that one more message on the channel waits for; undefined when it may leave. */
export function throttledUntil(
  { digests, traffic }: Readonly<Pick<AlertsState, 'digests' | 'traffic'>>,
  channel: string,
  now: EpochMs,
  { burst, groupWindow }: PolicySettings,
): EpochMs | undefined {
  const digest = digests.get(channel);
  const waits = digest?.throttles === true && (digest.entries.size > 0 || now < digest.dueAt);
  if (waits) return digest.dueAt;
  const recent = (traffic.get(channel) ?? []).filter((at) => Math.abs(now - at) < groupWindow);
  return recent.length < burst ? undefined : now + groupWindow;
}

/** The time at which an alert is repeated that a channel was last notified of then. After the clock was set back, a whole interval from then on. */
export function repeatAt(
  { at, countedFrom = Infinity }: Pick<Notified, 'at' | 'countedFrom'>,
  now: EpochMs,
  { repeatInterval }: PolicySettings,
): EpochMs {
  return (at <= now ? at : Math.min(countedFrom, now)) + repeatInterval;
}

/** True where the clock was set back to before the last message, and the repeat does not count from then on yet. */
export function isAhead(
  { at, countedFrom = at }: Pick<Notified, 'at' | 'countedFrom'>,
  now: EpochMs,
): boolean {
  return at > now && countedFrom > now;
}

function isLater(change: Change | undefined, now: EpochMs): boolean {
  return change !== undefined && change.at > now;
}

/** The last period in which a condition flapped that changed like that; undefined when it never did. */
export function lastFlapping(
  changes: readonly Change[],
  { flapping: { changes: limit, window, stableFor } }: PolicySettings,
): FlappingPeriod | undefined {
  let last: FlappingPeriod | undefined;
  let oldest = 0;
  changes.forEach(({ at }, index) => {
    if (last !== undefined && at < last.end) {
      last = { ...last, end: at + stableFor };
      return;
    }
    while (oldest < index && (changes[oldest]?.at ?? at) <= at - window) oldest++;
    if (index - oldest + 1 < limit) return;
    const from = Math.max(changes[oldest]?.at ?? at, last?.end ?? -Infinity);
    last = { from, began: at, end: at + stableFor };
  });
  return last;
}

/** The period of flapping that a time falls into. What was timed by a clock that has been set back since ends a whole wait from now. */
export function flappingAt(
  changes: readonly Change[],
  now: EpochMs,
  settings: PolicySettings,
): FlappingPeriod | undefined {
  const last = lastFlapping(changes, settings);
  if (last === undefined || now >= last.end) return undefined;
  const end = Math.min(last.end, now + settings.flapping.stableFor);
  return { ...last, end };
}

/** The time that the condition held from then on, before the change at `now`, milliseconds: time down adds up over flaps. */
export function downSince(changes: readonly Change[], from: EpochMs, now: EpochMs): number {
  return changes.reduce((sum, { at, holds }, index) => {
    if (!holds || at >= now) return sum;
    const end = changes[index + 1]?.at ?? now;
    return sum + Math.max(0, Math.min(end, now) - Math.max(at, from));
  }, 0);
}
