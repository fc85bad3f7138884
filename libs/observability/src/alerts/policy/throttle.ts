import { type EpochMs, AlertLevel, formatDuration } from '@opensqt/trading-events';
import type { ResolvedAlerts } from '../../options/alerts.options';
import type { AlertWords } from '../rules/alert-rule';
import { LOG_CHANNEL, compareLevels } from './route';
import { formatCode } from '../../format/format';

/** What a digest has for a condition. */
export const DIGEST = 'digest';

/** The most requests whose times are remembered: the largest `burst` there can be. */
export const MAX_BURST = 100;

/** What a channel was told lately, and what was held back since it was told too much. */
export interface ChannelTraffic {
  /** When messages were last requested, oldest first. */
  readonly requestedAt: readonly EpochMs[];
  readonly held: Throttled | undefined;
}

/** Alerts that wait for a digest. */
export interface Throttled {
  readonly since: EpochMs;
  /** By condition. */
  readonly counts: Map<string, { readonly level: AlertLevel; readonly count: number }>;
}

/**
 * Whether a message waits for the digest: its channel was told of `burst` others within the group window. (Those of a
 * clock that has been set back since lie ahead.) CRITICAL never waits, and the log is told everything.
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

/** When the digest of what is held back is due. */
export function digestDueAt(held: Throttled, { groupWindow }: ResolvedAlerts): EpochMs {
  return held.since + groupWindow;
}

/** What a digest says. */
export function digestOf(
  held: Throttled,
  { groupWindow }: ResolvedAlerts,
): AlertWords & { readonly level: AlertLevel } {
  const rows = [...held.counts].sort(([, a], [, b]) => compareLevels(b.level, a.level) || b.count - a.count);
  const total = rows.reduce((sum, [, { count }]) => sum + count, 0);
  return {
    level: rows.reduce<AlertLevel>(
      (loudest, [, { level }]) => (compareLevels(level, loudest) > 0 ? level : loudest),
      AlertLevel.Info,
    ),
    title: `${total} more alerts within ${formatDuration(groupWindow)}`,
    message: `They were too many to be told one by one: ${rows.map(([condition, { count }]) => `${count} × ${formatCode(condition)}`).join(', ')}. The log has each of them.`,
    fields: Object.fromEntries(
      rows.map(([condition, { level, count }]) => [formatCode(condition), `${count} (${level} at most)`]),
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
