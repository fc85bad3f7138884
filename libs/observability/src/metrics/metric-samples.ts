import { header, samplePrefix, sampleValue } from './exposition-format';
import type { HistogramState } from './histogram';
import type { HistogramMetric, MetricDefinition } from './metric-catalogue';
import type { MetricsSource, Series } from './metrics-source';

type Labels = Series<unknown>['labels'];

/**
 * The samples of one metric at one scrape. What stands before the values is kept for the next scrape, series by series in
 * the order of the last one, and made anew only where the labels differ: most of a line never changes.
 */
export class MetricSamples {
  /** The lines that say what the metric is. */
  readonly header: string;
  /** How many lines there are besides the header. */
  length = 0;
  private readonly labels: Labels[] = [];
  private readonly prefixes: string[] = [];
  private readonly values: number[] = [];

  constructor(private readonly definition: MetricDefinition) {
    this.header = header(definition.name, definition.help, definition.type);
  }

  /** Takes all values of the moment, at once: what happens while they are written belongs to the next scrape. */
  take(source: MetricsSource): void {
    const { definition } = this;
    this.length = 0;
    const series =
      definition.type === 'histogram'
        ? this.takeHistograms(definition, source)
        : this.takeNumbers(definition.series(source), definition.name);
    this.labels.length = series;
    this.prefixes.length = this.length;
    this.values.length = this.length;
  }

  /** The lines from `from` on and before `to`, each with a line break before it. */
  text(from: number, to: number): string {
    const { prefixes, values } = this;
    let text = '';
    for (let i = from; i < to; i++) text += `\n${prefixes[i] ?? ''}${sampleValue(values[i] ?? NaN)}`;
    return text;
  }

  private takeNumbers(series: Iterable<Series<number>>, name: string): number {
    let index = 0;
    for (const { labels, value } of series) {
      if (this.isNew(index++, labels)) this.prefixes[this.length] = samplePrefix(name, labels);
      this.values[this.length++] = value;
    }
    return index;
  }

  private takeHistograms(metric: HistogramMetric, source: MetricsSource): number {
    let index = 0;
    for (const { labels, value } of metric.series(source)) {
      if (this.isNew(index++, labels)) {
        histogramPrefixes(metric, labels).forEach((prefix, i) => (this.prefixes[this.length + i] = prefix));
      }
      this.takeHistogram(value);
    }
    return index;
  }

  private takeHistogram({ counts, count, sum }: HistogramState): void {
    const { values } = this;
    let cumulative = 0;
    for (const inBucket of counts) values[this.length++] = cumulative += inBucket;
    values[this.length++] = count;
    values[this.length++] = sum;
    values[this.length++] = count;
  }

  private isNew(index: number, labels: Labels): boolean {
    const known = this.labels[index];
    if (known !== undefined && this.definition.labels.every((label) => known[label] === labels[label])) {
      return false;
    }
    this.labels[index] = labels;
    return true;
  }
}

function histogramPrefixes({ name, buckets }: HistogramMetric, labels: Labels): readonly string[] {
  const bucket = (le: string) => samplePrefix(`${name}_bucket`, { le, ...labels });
  return [
    ...buckets.map((bound) => bucket(String(bound))),
    bucket('+Inf'),
    samplePrefix(`${name}_sum`, labels),
    samplePrefix(`${name}_count`, labels),
  ];
}
