import { EVENT_CATALOGUE } from '@opensqt/trading-events';
import type { MetricDefinition } from '../metrics/catalogue/metric-definition';

/** The times from which on there is anything to count, epoch milliseconds. */
export type CountedSince = Readonly<Record<'log' | 'live' | 'process', number>>;

/** The time from which on a metric of ours counts: a start that moved would make a collector add everything once more. */
export function beginOf({ from }: Pick<MetricDefinition, 'from'>, begins: CountedSince): number {
  const kept = from.map((source) => (source in EVENT_CATALOGUE ? keptOf(source) : 'process'));
  if (kept.includes('process')) return begins.process;
  return kept.includes('live') ? begins.live : begins.log;
}

function keptOf(source: string): 'live' | 'log' {
  return EVENT_CATALOGUE[source as keyof typeof EVENT_CATALOGUE].kept;
}
