import { JsonMetricsSerializer } from '@opentelemetry/otlp-transformer';
import { emptyResource } from '@opentelemetry/resources';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { metricDataOf } from './metric-data';
import { partsOf } from './requests';

const moment = { start: 1_000, now: 2_000, labels: {} };

function scopeOf(name: string, ...series: readonly number[]): ScopeMetrics {
  const metrics = series.flatMap((count, index) =>
    metricDataOf(
      {
        ...{ name: `${name}_${index}`, help: 'h', type: 'gauge' },
        values: Array.from({ length: count }, (_, value) => ({ labels: { value }, value })),
      },
      moment,
    ),
  );
  return { scope: { name }, metrics };
}

const sizes = (part: readonly ScopeMetrics[]) =>
  part.map(({ scope, metrics }) => [
    scope.name,
    ...metrics.map(({ descriptor, dataPoints }) => `${descriptor.name} ${dataPoints.length}`),
  ]);

describe('Metrics in parts', () => {
  it('have so many series at most, each once', () => {
    const parts = [...partsOf([scopeOf('a', 3, 2), scopeOf('b', 0, 6)], 4)];
    expect(parts.map(sizes)).toEqual([
      [['a', 'a_0 3', 'a_1 1']],
      [
        ['a', 'a_1 1'],
        ['b', 'b_1 3'],
      ],
      [['b', 'b_1 3']],
    ]);
  });

  it('are none where there are no series', () => {
    expect([...partsOf([scopeOf('a', 0)], 4)]).toEqual([]);
  });

  it.each([
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [-Infinity, '-Infinity'],
    [-0.5, -0.5],
  ])('have %d as JSON may have it', (value, written) => {
    const metrics = metricDataOf(
      { name: 'g', help: 'h', type: 'gauge', values: [{ labels: {}, value }] },
      moment,
    );
    const [scopeMetrics = []] = partsOf([{ scope: { name: 's' }, metrics: [...metrics] }], 1);
    const json = JsonMetricsSerializer.serializeRequest({ resource: emptyResource(), scopeMetrics });
    expect(new TextDecoder().decode(json)).toContain(`"asDouble":${JSON.stringify(written)}`);
  });
});
