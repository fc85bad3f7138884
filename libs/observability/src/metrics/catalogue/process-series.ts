import { EVENT_TYPES } from '@opensqt/trading-events';
import type { MetricsSource } from './metrics-source';
import type { Numbers } from './shown-symbols';

export function* eventsRejected({ rejections }: MetricsSource): Numbers {
  for (const { type, reason, count } of rejections) yield { labels: { type, reason }, value: count };
}

export function* eventAge({ state, now }: MetricsSource): Numbers {
  for (const type of EVENT_TYPES) {
    const at = state.lastOccurred.get(type)?.at;
    if (at !== undefined) yield { labels: { type }, value: Math.max(0, now - at) / 1_000 };
  }
}
