import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { asOpenMetrics, openMetricsHeader } from './open-metrics';

const isTaken = (name: string): boolean => name === 'taken';

describe('OpenMetrics', () => {
  it('names a counter without _total, unless another metric has that name', () => {
    expect(openMetricsHeader('fills_total', 'Fills', 'counter', isTaken)).toBe(
      '# TYPE fills counter\n# HELP fills Fills',
    );
    expect(openMetricsHeader('taken_total', 'Fills', 'counter', isTaken)).toBe(
      '# TYPE taken_total unknown\n# HELP taken_total Fills',
    );
    expect(openMetricsHeader('fills', 'Fills', 'counter', isTaken)).toContain('# TYPE fills unknown');
  });

  it('is what prom-client writes in the other format, series by series, with canonical bounds', async () => {
    const registry = new Registry();
    const registers = [registry];
    new Counter({ name: 'own_total', help: 'a "quoted"\nhelp \\ text', labelNames: ['a'], registers }).inc({
      a: 'b {le="1"} c',
    });
    new Counter({ name: 'odd', help: 'no suffix', registers }).inc();
    new Gauge({ name: 'own', help: 'has the name of the counter', registers }).set(NaN);
    new Histogram({ name: 'h', help: 'h', buckets: [0.5, 1, 10], registers }).observe(2);
    expect(asOpenMetrics(await registry.metrics(), () => false).split('\n')).toEqual([
      '# TYPE own_total unknown',
      '# HELP own_total a \\"quoted\\"\\nhelp \\\\ text',
      'own_total{a="b {le=\\"1\\"} c"} 1',
      '# TYPE odd unknown',
      '# HELP odd no suffix',
      'odd 1',
      '# TYPE own gauge',
      '# HELP own has the name of the counter',
      'own NaN',
      '# TYPE h histogram',
      '# HELP h h',
      'h_bucket{le="0.5"} 0',
      'h_bucket{le="1.0"} 0',
      'h_bucket{le="10.0"} 1',
      'h_bucket{le="+Inf"} 1',
      'h_sum 2',
      'h_count 1',
    ]);
  });
});
