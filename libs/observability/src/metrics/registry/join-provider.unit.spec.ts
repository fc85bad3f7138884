import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import type { MetricsSource } from '../catalogue/metrics-source';
import { metricsProjection } from '../projection/metrics.projection';
import { joinProvider } from './join-provider';

const counts = { first: 1, position: 7, queueDepth: 0, queueCapacity: 0, refused: 0, writerRestarts: 0 };
const source: MetricsSource = {
  ...{ state: metricsProjection.initial(), now: 0, rejections: [], version: '1' },
  log: { ...counts, lagMs: 0, appendMs: 0 },
};

describe('Our metrics in a provider of the host', () => {
  function joined(read: () => MetricsSource) {
    const reader = new PrometheusExporter({ preventServerStart: true });
    const failed: string[] = [];
    const meter = new MeterProvider({ readers: [reader] }).getMeter('ours');
    const leave = joinProvider(meter, read, (metric) => failed.push(metric));
    const names = async (): Promise<readonly string[]> => {
      const { resourceMetrics } = await reader.collect();
      return resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
        metrics.filter(({ dataPoints }) => dataPoints.length > 0).map(({ descriptor: { name } }) => name),
      );
    };
    return { names, failed, leave };
  }

  it('are read once for all instruments, until the application ends', async () => {
    let reads = 0;
    const { names, leave } = joined(() => (reads++, source));
    expect(await names()).toContain('market_maker_event_log_position');
    expect(reads).toBe(1);
    leave();
    await names();
    expect(reads).toBe(1);
  });

  it('are all there but the one that can not be read', async () => {
    const { names, failed } = joined(() => ({
      ...source,
      get rejections(): MetricsSource['rejections'] {
        throw new Error('broken');
      },
    }));
    expect(await names()).toContain('market_maker_event_log_position');
    expect(failed).toEqual(['market_maker_events_rejected_total']);
  });
});
