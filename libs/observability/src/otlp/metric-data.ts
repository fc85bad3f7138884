import { type Attributes, ValueType } from '@opentelemetry/api';
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import type { Sample, Samples } from '../metrics/registry/metric-view';

/** The time that a metric is of, and the labels that all of its series have. Times are epoch milliseconds. */
export interface Moment {
  /** The time from which on counters count. */
  readonly start: number;
  readonly now: number;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * A metric of Prometheus as OpenTelemetry has it, under the same names: of a summary, which it does not have, the quantiles are a gauge
 * beside the sum and the count. The unit is part of the name already: a collector would write it there once more.
 */
export function metricDataOf({ name, help, type, values }: Samples, moment: Moment): readonly MetricData[] {
  const metric = (suffix: string) => ({
    descriptor: { name: `${name}${suffix}`, description: help, unit: '', valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  });
  const points = (suffix: string) =>
    values
      .filter(({ metricName = name }) => metricName === `${name}${suffix}`)
      .map(({ labels, value }) => pointOf(labels, value, moment));
  const gauge = (): MetricData => ({
    ...metric(''),
    dataPointType: DataPointType.GAUGE,
    dataPoints: points(''),
  });
  const sum = (suffix: string): MetricData => ({
    ...metric(suffix),
    ...{ dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints: points(suffix) },
  });
  switch (type) {
    case 'counter':
      return [sum('')];
    case 'histogram':
      return [
        {
          ...metric(''),
          dataPointType: DataPointType.HISTOGRAM,
          dataPoints: histogramsIn(name, values).map(({ labels, ...value }) =>
            pointOf(labels, value, moment),
          ),
        },
      ];
    case 'summary':
      return [gauge(), sum('_sum'), sum('_count')];
    default:
      return [gauge()];
  }
}

function pointOf<Value>(
  own: Sample['labels'],
  value: Value,
  { start, now, labels }: Moment,
): DataPoint<Value> {
  const attributes: Attributes = { ...labels };
  for (const [label, text] of Object.entries(own)) attributes[label] = String(text);
  return { attributes, value, startTime: hrTime(start), endTime: hrTime(now) };
}

function hrTime(ms: number): [seconds: number, nanoseconds: number] {
  return [Math.floor(ms / 1_000), Math.round((ms % 1_000) * 1e6)];
}

interface HistogramSeries {
  readonly labels: Sample['labels'];
  readonly buckets: { readonly boundaries: number[]; readonly counts: number[] };
  sum: number;
  count: number;
}

/** The series of a histogram; its lines count what is in a bucket and in all those below it. */
function histogramsIn(name: string, values: readonly Sample[]): readonly HistogramSeries[] {
  const series = new Map<string, HistogramSeries>();
  for (const { labels: all, value, metricName } of values) {
    const { le, ...labels } = all;
    const key = JSON.stringify(labels);
    const one = series.get(key) ?? { labels, buckets: { boundaries: [], counts: [] }, sum: 0, count: 0 };
    series.set(key, one);
    if (metricName === `${name}_sum`) one.sum = value;
    else if (metricName === `${name}_count`) one.count = value;
    else {
      const { boundaries, counts } = one.buckets;
      counts.push(counts.reduce((rest, count) => rest - count, value));
      if (le !== '+Inf') boundaries.push(Number(le));
    }
  }
  return [...series.values()];
}
