import { AggregationTemporality, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import fc from 'fast-check';
import { withLegalLabels, withoutRepeats } from './open-telemetry-text';

class Reader extends MetricReader {
  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.CUMULATIVE });
  }
  protected override onForceFlush = (): Promise<void> => Promise.resolve();
  protected override onShutdown = (): Promise<void> => Promise.resolve();
}

async function textOf(
  attributes: readonly Record<string, string>[],
  taken: readonly string[] = [],
): Promise<{ readonly text: string; readonly dropped: readonly string[] }> {
  const reader = new Reader();
  const meter = new MeterProvider({ readers: [reader] }).getMeter('user');
  const counter = meter.createCounter('http.requests');
  for (const each of attributes) counter.add(1, each);
  const { resourceMetrics } = await reader.collect();
  const dropped: string[] = [];
  const written = new PrometheusSerializer().serialize(withLegalLabels(resourceMetrics));
  return { text: withoutRepeats(written, new Set(taken), (name) => dropped.push(name)), dropped };
}

const seriesIn = (text: string): string[] =>
  text.split('\n').filter((line) => line.startsWith('http_requests_total'));

describe('Instruments of OpenTelemetry in the text', () => {
  it('join attributes that are one label', async () => {
    const { text } = await textOf([{ http_method: 'b', 'http.method': 'a', 'http-method': 'c' }]);
    expect(seriesIn(text)).toEqual(['http_requests_total{http_method="c;a;b",otel_scope_name="user"} 1']);
  });

  it('keep attributes apart from the labels that the text itself has', async () => {
    const { text } = await textOf([{ 'otel.scope.name': 'x', le: '1', '1st': 'y' }]);
    expect(seriesIn(text)).toEqual([
      'http_requests_total{attribute_1st="y",attribute_le="1",attribute_otel_scope_name="x",otel_scope_name="user"} 1',
    ]);
  });

  it('show a series once, whatever the attributes are called', async () => {
    const { text, dropped } = await textOf([{ 'a.b': 'x' }, { a_b: 'x' }, { a_b: 'y' }]);
    expect(seriesIn(text)).toHaveLength(2);
    expect(dropped).toEqual(['http_requests_total']);
  });

  it('leave a name to whoever has it already', async () => {
    const { text, dropped } = await textOf([{ a: 'x' }], ['http_requests_total']);
    expect(text).not.toContain('http_requests');
    expect(text).toContain('target_info');
    expect(dropped).toEqual(['http_requests_total']);
  });

  it('never have one label twice in a line', async () => {
    const name = fc.stringMatching(/^[a-c0._-]{1,4}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(name, fc.string()), { minLength: 1, maxLength: 4 }),
        async (given) => {
          const { text } = await textOf(given);
          const lines = seriesIn(text);
          expect(new Set(lines.map((line) => line.slice(0, line.lastIndexOf(' ')))).size).toBe(lines.length);
          for (const line of lines) {
            const labels = [...line.matchAll(/([a-zA-Z_]\w*)="(?:[^"\\]|\\.)*"/g)].map(([, label]) => label);
            expect(new Set(labels).size).toBe(labels.length);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
