import { Logger } from '@nestjs/common';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { HistogramMetric, MetricDefinition } from '../catalogue/metric-definition';
import type { MetricsSource } from '../catalogue/metrics-source';

/** One line of a metric, as prom-client gives it. */
export interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** Absent where it is the metric's. */
  readonly metricName?: string;
}

/** A metric's samples, as prom-client's `get()` gives them. */
export interface Samples {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly Sample[];
}

const logger = new Logger('Metrics');
const views = new WeakSet<object>();

/**
 * A Prometheus metric that is a view: {@link Counter.get} reads what the state says at that moment. Calls that would change it
 * (`inc()`, `dec()`, `set()`, `observe()`, timers) have no effect; the first one is warned of. It is in no registry yet.
 *
 * @param read gives the source of that moment
 */
export function metricView(
  definition: MetricDefinition,
  read: () => MetricsSource,
): Counter | Gauge | Histogram {
  const metric = emptyMetric(definition);
  const get = async (): Promise<Samples & { readonly aggregator: 'sum' }> => {
    // A registry that writes OpenMetrics takes the suffix off the name.
    const { name = definition.name } = metric as Partial<Samples>;
    return { ...samplesOf(definition, read), name, aggregator: 'sum' };
  };
  const ignore = ignoring(definition.name);
  Object.assign(metric, { get, ...(metric instanceof Histogram ? histogramCalls(metric, get, ignore) : {}) });
  for (const call of ['inc', 'dec', 'set', 'setToCurrentTime', 'observe'])
    if (call in metric) Object.assign(metric, { [call]: () => ignore(call) });
  views.add(metric);
  return metric;
}

/** True for what {@link metricView} has made, for whichever application of this process. */
export function isMetricView(metric: object): boolean {
  return views.has(metric);
}

function emptyMetric(definition: MetricDefinition): Counter | Gauge | Histogram {
  const { name, help } = definition;
  const configuration = { name, help, labelNames: [...definition.labels], registers: [] };
  switch (definition.type) {
    case 'counter':
      return new Counter(configuration);
    case 'gauge':
      return new Gauge(configuration);
    case 'histogram':
      return new Histogram({ ...configuration, buckets: [...definition.buckets] });
  }
}

/** A histogram's children observe past `observe()`, and since 15.1 a registry asks a histogram for its values by another name. */
function histogramCalls(
  metric: Histogram,
  get: () => Promise<Samples>,
  ignore: (call: string) => void,
): Readonly<Record<string, unknown>> {
  const labels = () => ({
    observe: () => ignore('observe'),
    startTimer: () => metric.startTimer(),
  });
  return { getForPromString: get, labels };
}

function ignoring(name: string): (call: string) => void {
  let warned = false;
  return (call) => {
    if (warned) return;
    warned = true;
    logger.warn(
      `${name} is a view of what the events say: ${call}() on it has no effect. State an event instead; said once.`,
    );
  };
}

/** A metric's samples at that moment; none where it can't be read, which is logged. */
export function samplesOf(definition: MetricDefinition, read: () => MetricsSource): Samples {
  const { name, help, type } = definition;
  return { name, help, type, values: valuesOf(definition, read) };
}

function valuesOf(definition: MetricDefinition, read: () => MetricsSource): readonly Sample[] {
  try {
    return [...(definition.type === 'histogram' ? buckets(definition, read()) : definition.series(read()))];
  } catch (error) {
    logger.error(`${definition.name} could not be read and is shown without samples: ${String(error)}`);
    return [];
  }
}

function* buckets({ name, series }: HistogramMetric, source: MetricsSource): Iterable<Sample> {
  for (const { labels, value } of series(source)) {
    let cumulative = 0;
    for (const [index, bound] of value.bounds.entries()) {
      cumulative += value.counts[index] ?? 0;
      yield { labels: { le: bound, ...labels }, value: cumulative, metricName: `${name}_bucket` };
    }
    yield { labels: { le: '+Inf', ...labels }, value: value.count, metricName: `${name}_bucket` };
    yield { labels, value: value.sum, metricName: `${name}_sum` };
    yield { labels, value: value.count, metricName: `${name}_count` };
  }
}
