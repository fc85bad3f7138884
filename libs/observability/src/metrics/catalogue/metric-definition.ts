import type { EventType } from '@opensqt/trading-events';
import type { HistogramState } from '../projection/histogram';
import type { MetricName } from './metric-names';
import type { MetricsSource, Series } from './metrics-source';

interface MetricEntry<Type extends string, Value> {
  readonly name: MetricName;
  readonly type: Type;
  readonly labels: readonly string[];
  readonly unit: string;
  readonly help: string;
  /** The event types that it is derived from, or words for a source that is no event. */
  readonly from: readonly (
    | EventType
    | 'the event log'
    | 'the boundary'
    | 'every event'
    | 'the build'
    | 'the heartbeat'
    | 'alerting itself'
  )[];
  readonly series: (source: MetricsSource) => Iterable<Series<Value>>;
}

export type NumberMetric = MetricEntry<'counter' | 'gauge', number>;
export type HistogramMetric = MetricEntry<'histogram', HistogramState> & {
  readonly buckets: readonly number[];
};

/** One of our metrics: its name, its meaning, and its series as the state gives them. */
export type MetricDefinition = NumberMetric | HistogramMetric;
