import { DELIVERY_LATENCY_BUCKETS, histogram } from '../projection/histogram';
import { entryOf } from '../projection/metrics.state';
import type { AlertsOverview, MetricsSource } from './metrics-source';
import type { Histograms, Numbers } from './shown-symbols';

const OUTCOMES = [
  'delivered',
  'ambiguous',
  'rate_limited',
  'transient',
  'rejected',
  'too_large',
  'broken',
  'abandoned',
] as const;
const NONE = histogram(DELIVERY_LATENCY_BUCKETS);

/** Counts by two labels, in the order in which they were begun. */
type Counts = Map<string, Map<string, number>>;

export function alertsRaised({ state, alerts }: MetricsSource): Numbers {
  const counts = zeros(alerts);
  for (const [condition, levels] of state.alertsRaised)
    for (const [level, value] of levels) add(counts, condition, level, value);
  return series(counts, 'condition', 'level');
}

export function alertsOpen({ alerts }: MetricsSource): Numbers {
  const counts = zeros(alerts);
  for (const { condition, level } of alerts?.open ?? []) add(counts, condition, level, 1);
  return series(counts, 'condition', 'level');
}

export function alertDeliveries({ state, alerts }: MetricsSource): Numbers {
  const counts: Counts = new Map();
  for (const channel of alerts?.channels ?? [])
    for (const outcome of OUTCOMES) add(counts, channel, outcome, 0);
  for (const [channel, outcomes] of state.deliveries)
    for (const [outcome, value] of outcomes) add(counts, channel, outcome, value);
  return series(counts, 'channel', 'outcome');
}

export const deliveriesPending = ({ alerts }: MetricsSource): Numbers => perChannel(alerts, 'pending');
export const deadLetters = ({ alerts }: MetricsSource): Numbers => perChannel(alerts, 'deadLetters');

export function* deliveryLatency({ state, alerts }: MetricsSource): Histograms {
  const channels = new Set([...(alerts?.channels ?? []), ...state.deliveryLatency.keys()]);
  for (const channel of channels)
    yield { labels: { channel }, value: state.deliveryLatency.get(channel) ?? NONE };
}

export function* alertingFailures({ alertingFailures = [] }: MetricsSource): Numbers {
  for (const { part, count } of alertingFailures) yield { labels: { part }, value: count };
}

function* perChannel(alerts: AlertsOverview | undefined, which: 'pending' | 'deadLetters'): Numbers {
  if (alerts === undefined) return;
  const counts = new Map(alerts.channels.map((channel) => [channel, 0]));
  for (const { channel } of alerts[which]) counts.set(channel, (counts.get(channel) ?? 0) + 1);
  for (const [channel, value] of counts) yield { labels: { channel }, value };
}

function zeros(alerts: AlertsOverview | undefined): Counts {
  const counts: Counts = new Map();
  for (const { condition, levels } of alerts?.conditions ?? [])
    for (const level of levels) add(counts, condition, level, 0);
  return counts;
}

function add(counts: Counts, first: string, second: string, value: number): void {
  const inner = entryOf(counts, first, () => new Map<string, number>());
  inner.set(second, (inner.get(second) ?? 0) + value);
}

function* series(counts: Counts, first: string, second: string): Numbers {
  for (const [one, inner] of counts)
    for (const [other, value] of inner) yield { labels: { [first]: one, [second]: other }, value };
}
