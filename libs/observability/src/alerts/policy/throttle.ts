import { type EpochMs, AlertLevel, formatDuration } from '@opensqt/trading-events';
import type { ResolvedAlerts } from '../../options/alerts.options';
import type { ChannelTraffic, Throttled } from '../model/alerts.state';
import type { AlertText } from '../rules/alert-rule';
import { LOG_CHANNEL, compareLevels } from './route';
import { formatCode } from '../../format/format';

/** The most requests whose times are remembered: the largest `burst` there can be. */
export const MAX_BURST = 100;

/**
 * True when a message waits for the digest: its channel was sent `burst` others within the group window. (Those of a
 * clock that has been set back since lie ahead.) CRITICAL never waits, and the log gets everything.
 */
export function isThrottled(
  traffic: ChannelTraffic | undefined,
  { channel, level, now }: { readonly channel: string; readonly level: AlertLevel; readonly now: EpochMs },
  { burst, groupWindow }: ResolvedAlerts,
): boolean {
  if (traffic === undefined || level === AlertLevel.Critical || channel === LOG_CHANNEL) return false;
  if (traffic.held !== undefined) return true;
  const recent = traffic.requestedAt.filter((requestedAt) => Math.abs(now - requestedAt) < groupWindow);
  return recent.length >= burst;
}

/** The time at which the digest of held alerts is due. */
export function digestDueAt(held: Throttled, { groupWindow }: ResolvedAlerts): EpochMs {
  return held.since + groupWindow;
}

/** The text of a digest. */
export function digestOf(
  held: Throttled,
  { burst, groupWindow }: ResolvedAlerts,
): AlertText & { readonly level: AlertLevel } {
  const rows = [...held.counts].sort(([, a], [, b]) => compareLevels(b.level, a.level) || b.count - a.count);
  const total = rows.reduce((sum, [, { count }]) => sum + count, 0);
  return {
    level: rows.reduce<AlertLevel>(
      (loudest, [, { level }]) => (compareLevels(level, loudest) > 0 ? level : loudest),
      AlertLevel.Info,
    ),
    title: `${total} more alerts within ${formatDuration(groupWindow)}`,
    message: `${rows.map(([condition, { count }]) => `${count} × ${formatCode(condition)}`).join(', ')}. More than ${burst} alerts within ${formatDuration(groupWindow)} are sent as one digest; the log has each of them.`,
    fields: Object.fromEntries(
      rows.map(([condition, { level, count }]) => [formatCode(condition), `${count} (up to ${level})`]),
    ),
  };
}

/** The traffic after one more message was requested. */
export function afterRequest(traffic: ChannelTraffic | undefined, at: EpochMs): ChannelTraffic {
  const requestedAt = [...(traffic?.requestedAt ?? []), at].slice(-MAX_BURST);
  return { requestedAt, held: traffic?.held };
}

/** The traffic after one more alert was held back. */
export function afterThrottling(
  traffic: ChannelTraffic | undefined,
  { condition, level, at }: { readonly condition: string; readonly level: AlertLevel; readonly at: EpochMs },
): ChannelTraffic {
  const { since = at, counts = new Map() } = traffic?.held ?? {};
  const before = counts.get(condition);
  const loudest = before !== undefined && compareLevels(before.level, level) > 0 ? before.level : level;
  const changed = new Map(counts).set(condition, { level: loudest, count: (before?.count ?? 0) + 1 });
  return { requestedAt: traffic?.requestedAt ?? [], held: { since, counts: changed } };
}
