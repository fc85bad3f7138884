import { EVENT_TYPES } from '@opensqt/trading-events';
import type { Occurrence } from '../projection/metrics.state';
import type { MetricsSource } from './metrics-source';
import type { Numbers } from './shown-symbols';

/** An event that is dated further ahead of the clock than clocks differ would be of age 0 until then. */
const MAX_AHEAD_MS = 60_000;

export function* eventsRejected({ rejections }: MetricsSource): Numbers {
  for (const { type, reason, count } of rejections) yield { labels: { type, reason }, value: count };
}

export function* eventAge({ state, now }: MetricsSource): Numbers {
  for (const type of EVENT_TYPES) {
    const at = timeOf(state.lastOccurred.get(type), now);
    if (at !== undefined) yield { labels: { type }, value: Math.max(0, now - at) / 1_000 };
  }
}

function timeOf(last: Occurrence | undefined, now: number): number | undefined {
  return last !== undefined && last.at > now + MAX_AHEAD_MS ? last.other : last?.at;
}
