import { header, samplePrefix, sampleValue } from './exposition-format';
import type { Exemplars } from './exemplars';
import type { MetricsFormat } from './negotiation';
import { canonicalBound, exemplarText, openMetricsHeader } from './open-metrics';
import type { HistogramState } from '../projection/histogram';
import type { HistogramMetric, MetricDefinition } from '../catalogue/metric-definition';
import type { MetricsSource, Series } from '../catalogue/metrics-source';

type Labels = Series<unknown>['labels'];

/** The format that the samples are written in. */
export interface Format {
  readonly name: MetricsFormat;
  /** True for the names of metrics. */
  readonly isTaken: (name: string) => boolean;
  /** Shown in OpenMetrics. */
  readonly exemplars?: Exemplars;
}

/** Lines after a histogram's buckets: the one above the last bound, the sum and the count. */
const LINES_BESIDES_BUCKETS = 3;

/**
 * The samples of one metric at one scrape. What stands before the values is kept for the next scrape, series by series in
 * the order of the last one, and made anew only where the labels differ: most of a line never changes.
 */
export class MetricSamples {
  length = 0;
  /** The number of lines of each. */
  readonly linesPerSeries: number;
  private readonly labels: Labels[] = [];
  /** By line; undefined where it has to be made. */
  private readonly prefixes: (string | undefined)[] = [];
  private readonly values: number[] = [];

  constructor(
    private readonly definition: MetricDefinition,
    private readonly format: Format,
  ) {
    this.linesPerSeries =
      definition.type === 'histogram' ? definition.buckets.length + LINES_BESIDES_BUCKETS : 1;
  }

  /** The lines that say what the metric is. Which names are taken may change: the application may register more. */
  get header(): string {
    const { name, help, type } = this.definition;
    const { format } = this;
    return format.name === 'text'
      ? header(name, help, type)
      : openMetricsHeader(name, help, type, format.isTaken);
  }

  /** Samples all series at once: what happens while they are written belongs to the next scrape. */
  sample(source: MetricsSource): void {
    const { definition } = this;
    this.length = 0;
    if (definition.type === 'histogram') {
      for (const { labels, value } of definition.series(source)) this.addHistogram(labels, value);
    } else {
      for (const { labels, value } of definition.series(source)) {
        this.values[this.length] = value;
        this.addSeries(labels);
      }
    }
    this.labels.length = this.length;
    this.prefixes.length = this.values.length = this.length * this.linesPerSeries;
  }

  /** The lines of the series from `from` on and before `to`, each with a line break before it. */
  text(from: number, to: number): string {
    const { prefixes, values, linesPerSeries } = this;
    const { exemplars } = this.format;
    let text = '';
    for (let series = from; series < to; series++) {
      const first = series * linesPerSeries;
      if (prefixes[first] === undefined) this.makePrefixes(series);
      for (let line = first; line < first + linesPerSeries; line++) {
        text += `\n${prefixes[line] ?? ''}${sampleValue(values[line] ?? NaN)}${exemplars ? this.exemplar(exemplars, series, line - first) : ''}`;
      }
    }
    return text;
  }

  private addHistogram(labels: Labels, { counts, count, sum }: HistogramState): void {
    const { values } = this;
    let line = this.length * this.linesPerSeries;
    let cumulative = 0;
    for (const inBucket of counts) values[line++] = cumulative += inBucket;
    values[line++] = count;
    values[line++] = sum;
    values[line] = count;
    this.addSeries(labels);
  }

  /** Adds a series; what stands before its values is made when they are written, since that may take long. */
  private addSeries(labels: Labels): void {
    const index = this.length++;
    const known = this.labels[index];
    if (known !== undefined && this.isSame(known, labels)) return;
    this.labels[index] = labels;
    this.prefixes[index * this.linesPerSeries] = undefined;
  }

  private isSame(known: Labels, labels: Labels): boolean {
    for (const label of this.definition.labels) if (known[label] !== labels[label]) return false;
    return true;
  }

  private exemplar(exemplars: Exemplars, series: number, line: number): string {
    const { definition } = this;
    if (definition.type === 'gauge') return '';
    const labels = this.labels[series] ?? {};
    const values = definition.labels.map((label) => labels[label] ?? '');
    let bucket: number | undefined;
    if (definition.type === 'histogram') {
      if (line > definition.buckets.length) return '';
      bucket = line < definition.buckets.length ? line : -1;
    }
    const found = exemplars.of(definition.name, values, bucket);
    return found === undefined ? '' : exemplarText(found);
  }

  private makePrefixes(series: number): void {
    const { definition, prefixes } = this;
    const labels = this.labels[series] ?? {};
    const made =
      definition.type === 'histogram'
        ? histogramPrefixes(definition, labels, this.format.name)
        : [samplePrefix(definition.name, labels)];
    made.forEach((prefix, i) => (prefixes[series * this.linesPerSeries + i] = prefix));
  }
}

function histogramPrefixes(
  { name, buckets }: HistogramMetric,
  labels: Labels,
  format: MetricsFormat,
): readonly string[] {
  const bucket = (bound: string) => {
    const le = format === 'text' ? bound : canonicalBound(bound);
    return samplePrefix(`${name}_bucket`, { le, ...labels });
  };
  return [
    ...buckets.map((bound) => bucket(String(bound))),
    bucket('+Inf'),
    samplePrefix(`${name}_sum`, labels),
    samplePrefix(`${name}_count`, labels),
  ];
}
