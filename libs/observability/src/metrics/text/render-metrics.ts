import { METRIC_CATALOGUE } from '../catalogue/metric-catalogue';
import { MetricsText } from './metrics-text';
import type { MetricsSource } from '../catalogue/metrics-source';
import { TimeSlice } from './time-slice';

/**
 * Our metrics as `/metrics` would show them, from any state and without an application: what `replay` prints.
 *
 * @returns the Prometheus text format
 * @throws what a metric that can't be read throws (rejects)
 */
export async function renderMetrics(source: MetricsSource): Promise<string> {
  const text = new MetricsText((_metric, error) => {
    throw error;
  });
  const slice = new TimeSlice(Infinity);
  await text.sample(source, slice);
  const blocks: string[] = [];
  for (const { name } of METRIC_CATALOGUE) {
    let block = '';
    for await (const piece of text.pieces(name, slice)) block += piece;
    blocks.push(block);
  }
  return `${blocks.join('\n\n')}\n`;
}
