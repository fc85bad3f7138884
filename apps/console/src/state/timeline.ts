import type { Timeline } from '@opensqt/observability/console-api';

/** The next alert after a position, or the last before it; null: there is none. */
export function alertBeside(timeline: Timeline | null, at: number, direction: 1 | -1): number | null {
  const alerts = timeline?.alerts ?? [];
  return (direction === 1 ? alerts.find((one) => one > at) : alerts.findLast((one) => one < at)) ?? null;
}

/** The market time of a position, by the buckets around it; null where the log has none. */
export function timeAt({ buckets }: Timeline, at: number): number | null {
  const index = buckets.findLastIndex(({ from }) => from <= at);
  const bucket = buckets[index] ?? buckets[0];
  if (!bucket) return null;
  const next = buckets[index + 1];
  if (!next || next.from === bucket.from) return bucket.at;
  return bucket.at + ((next.at - bucket.at) * (at - bucket.from)) / (next.from - bucket.from);
}

/** The position at a market time, by the buckets around it; null where the log is empty. */
export function positionAt({ buckets, head }: Timeline, time: number): number | null {
  const index = buckets.findLastIndex(({ at }) => at <= time);
  const bucket = buckets[index];
  if (!bucket) return buckets[0]?.from ?? null;
  const next = buckets[index + 1];
  if (!next) return head;
  const part = next.at === bucket.at ? 0 : (time - bucket.at) / (next.at - bucket.at);
  return Math.round(bucket.from + (next.from - bucket.from) * part);
}

/** The next position while the past is played: so much market time on, at least one record. */
export function nextPlayed(timeline: Timeline, at: number, marketMs: number): number {
  const time = timeAt(timeline, at);
  const next = time === null ? null : positionAt(timeline, time + marketMs);
  return Math.min(timeline.head, Math.max(at + 1, next ?? at + 1));
}
