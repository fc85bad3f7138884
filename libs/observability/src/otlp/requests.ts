import { DataPointType, type MetricData, type ScopeMetrics } from '@opentelemetry/sdk-metrics';

/**
 * The metrics in parts of so many series at most: a part is written in one go, while which nothing else happens in the process.
 *
 * @param size at least 1
 */
export function* partsOf(scopes: readonly ScopeMetrics[], size: number): Iterable<ScopeMetrics[]> {
  let part: ScopeMetrics[] = [];
  let room = size;
  for (const { scope, metrics } of scopes) {
    let own: MetricData[] | undefined;
    for (const metric of metrics) {
      const { dataPoints } = writable(metric);
      for (let from = 0; from < dataPoints.length;) {
        if (own === undefined) part.push({ scope, metrics: (own = []) });
        const points = dataPoints.slice(from, from + room);
        own.push({ ...metric, dataPoints: points } as MetricData);
        from += points.length;
        room -= points.length;
        if (room > 0) continue;
        yield part;
        [part, own, room] = [[], undefined, size];
      }
    }
  }
  if (part.length > 0) yield part;
}

/** JSON has no numbers for what is none, or endless: OTLP writes them as text, which the serializer passes on. */
function writable(metric: MetricData): MetricData {
  const { dataPointType } = metric;
  if (dataPointType === DataPointType.SUM || dataPointType === DataPointType.GAUGE) {
    const dataPoints = metric.dataPoints.map((point) => ({ ...point, value: numberOf(point.value) }));
    return { ...metric, dataPoints };
  }
  return {
    ...metric,
    dataPoints: metric.dataPoints.map((point) => ({ ...point, value: withNumbers(point.value) })),
  } as MetricData;
}

function withNumbers<Value extends { sum?: number; min?: number; max?: number }>(value: Value): Value {
  const written = { ...value };
  for (const part of ['sum', 'min', 'max'] as const)
    if (written[part] !== undefined) written[part] = numberOf(written[part]);
  return written;
}

function numberOf(value: number): number {
  return Number.isFinite(value) ? value : (String(value) as unknown as number);
}
