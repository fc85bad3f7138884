import { z } from 'zod';
import type { ReceivedRequest } from '../../channels/testing/provider-server';

const nanos = z.string().regex(/^\d{19}$/);
const double = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]).transform(Number);
const count = z.int().nonnegative();
const attributes = z.array(
  z.strictObject({
    key: z.string().min(1),
    value: z
      .union([z.strictObject({ stringValue: z.string() }), z.strictObject({ intValue: z.int() })])
      .transform((value) => String(Object.values(value)[0])),
  }),
);
const point = { attributes, startTimeUnixNano: nanos, timeUnixNano: nanos };
const numbers = z.array(
  z
    .union([z.strictObject({ ...point, asDouble: double }), z.strictObject({ ...point, asInt: z.int() })])
    .transform((one) => ({ ...one, value: 'asInt' in one ? one.asInt : one.asDouble })),
);
const optional = { min: double.optional(), max: double.optional() };
const histograms = z.array(
  z.strictObject({
    ...{ ...point, ...optional, count, sum: double },
    ...{ bucketCounts: z.array(count), explicitBounds: z.array(z.number()) },
  }),
);
const named = { name: z.string().min(1), description: z.string(), unit: z.string() };
const cumulative = { aggregationTemporality: z.literal(2) };
const metric = z.union([
  z.strictObject({ ...named, gauge: z.strictObject({ dataPoints: numbers }) }),
  z.strictObject({
    ...named,
    sum: z.strictObject({ ...cumulative, isMonotonic: z.literal(true), dataPoints: numbers }),
  }),
  z.strictObject({ ...named, histogram: z.strictObject({ ...cumulative, dataPoints: histograms }) }),
]);
const scope = z.strictObject({ name: z.string(), version: z.string().optional() });
const message = z.strictObject({
  resourceMetrics: z.tuple([
    z.strictObject({
      resource: z.strictObject({ attributes, droppedAttributesCount: z.literal(0) }),
      scopeMetrics: z.array(z.strictObject({ scope, metrics: z.array(metric) })),
    }),
  ]),
});

/** A series as Prometheus would have it, a bucket or a sum of a histogram for itself. */
export interface ReceivedSeries {
  readonly value: number;
  readonly type: 'gauge' | 'counter' | 'histogram';
  /** Epoch milliseconds. */
  readonly start: number;
  readonly time: number;
}

/** The metrics of one request. */
export interface ReceivedMetrics {
  readonly resource: Readonly<Record<string, string>>;
  /** By name and labels, such as `volume_total{symbol="BTCUSDT"}`; labels in the order of their names. */
  readonly series: ReadonlyMap<string, ReceivedSeries>;
}

/** The scopes of metrics whose names and labels are those of `/metrics` already. */
const AS_THEY_ARE = ['@opensqt/observability', 'prom-client'];

/**
 * Decodes a request as a collector does that takes nothing else than OTLP 1.x in JSON says.
 *
 * @throws Error when it is anything else, or has a series twice
 */
export function receivedMetrics(request: ReceivedRequest): ReceivedMetrics {
  if (request.method !== 'POST' || request.headers['content-type'] !== 'application/json')
    throw new Error(`${request.method} of ${request.headers['content-type']}`);
  const [{ resource, scopeMetrics }] = message.parse(JSON.parse(request.body)).resourceMetrics;
  const series = new Map<string, ReceivedSeries>();
  for (const { scope, metrics } of scopeMetrics) {
    const isText = AS_THEY_ARE.includes(scope.name);
    for (const metric of metrics) {
      const name = isText || !('sum' in metric) ? metric.name : `${metric.name}_total`;
      const own = isText ? {} : { otel_scope_name: scope.name };
      for (const [key, one] of seriesOf(name, metric, own)) {
        if (series.has(key)) throw new Error(`${key} came twice.`);
        series.set(key, one);
      }
    }
  }
  return { resource: labelsOf(resource.attributes), series };
}

type Metric = z.output<typeof metric>;
type Labels = Readonly<Record<string, string>>;

function* seriesOf(name: string, metric: Metric, own: Labels): Iterable<readonly [string, ReceivedSeries]> {
  if ('histogram' in metric) {
    for (const { bucketCounts, explicitBounds, ...one } of metric.histogram.dataPoints) {
      if (bucketCounts.length !== explicitBounds.length + 1) throw new Error(`${name} has odd buckets.`);
      const labels = { ...labelsOf(one.attributes), ...own };
      const times = { ...timesOf(one), type: 'histogram' } as const;
      let value = 0;
      for (const [index, bound] of [...explicitBounds, '+Inf'].entries()) {
        value += bucketCounts[index] ?? 0;
        yield [seriesKey(`${name}_bucket`, { ...labels, le: String(bound) }), { ...times, value }];
      }
      if (value !== one.count) throw new Error(`${name} has ${one.count}, and ${value} in its buckets.`);
      yield [seriesKey(`${name}_sum`, labels), { ...times, value: one.sum }];
      yield [seriesKey(`${name}_count`, labels), { ...times, value: one.count }];
    }
    return;
  }
  const type = 'sum' in metric ? 'counter' : 'gauge';
  for (const one of ('sum' in metric ? metric.sum : metric.gauge).dataPoints)
    yield [
      seriesKey(name, { ...labelsOf(one.attributes), ...own }),
      { ...timesOf(one), type, value: one.value },
    ];
}

function timesOf(one: { readonly startTimeUnixNano: string; readonly timeUnixNano: string }) {
  const ms = (text: string): number => Number(BigInt(text) / 1_000_000n);
  return { start: ms(one.startTimeUnixNano), time: ms(one.timeUnixNano) };
}

function labelsOf(attributes: readonly { readonly key: string; readonly value: string }[]): Labels {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value]));
}

function seriesKey(name: string, labels: Labels): string {
  const sorted = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${name}${JSON.stringify(sorted)}`;
}

/** The samples of a page in the text format, in the same way. */
export function shownSeries(page: string): ReadonlyMap<string, number> {
  const samples = page.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', text = '']) => [
      label,
      text.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)),
    ]);
    const number = value === 'Nan' ? NaN : Number(value?.replace('Inf', 'Infinity'));
    return [[seriesKey(name, Object.fromEntries(pairs) as Labels), number] as const];
  });
  return new Map(samples);
}
