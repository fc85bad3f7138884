import { METRIC_CATALOGUE } from '../catalogue/metric-catalogue';
import { type Format, MetricSamples } from './metric-samples';
import type { MetricsSource } from '../catalogue/metrics-source';
import type { TimeSlice } from './time-slice';

/** Lines that are written between two looks at the clock. */
const LINES_PER_PIECE = 500;

/**
 * Writes our metrics in the Prometheus text format or as OpenMetrics, in time slices, so that a large scrape never holds up trading. The
 * samples of one metric are of one moment; those of two metrics may be a few milliseconds apart.
 *
 * One rendering at a time: the samples are kept from one to the next.
 */
export class MetricsText {
  private readonly samples: ReadonlyMap<string, MetricSamples>;

  /** @param onError called with a metric that can't be read; it is then shown without samples */
  constructor(
    private readonly onError: (metric: string, error: unknown) => void,
    format: Format = { name: 'text', isTaken: () => false },
  ) {
    this.samples = new Map(
      METRIC_CATALOGUE.map((definition) => [
        definition.name as string,
        new MetricSamples(definition, format),
      ]),
    );
  }

  async sample(source: MetricsSource, slice: TimeSlice): Promise<void> {
    for (const [name, samples] of this.samples) {
      try {
        samples.sample(source);
      } catch (error) {
        samples.length = 0;
        this.onError(name, error);
      }
      if (slice.isOver()) await slice.next();
    }
  }

  /** The samples of one metric, piece by piece, without a line break at the end. */
  async *pieces(name: string, slice: TimeSlice): AsyncGenerator<string> {
    const samples = this.samples.get(name);
    if (samples === undefined) return;
    yield samples.header;
    const step = Math.ceil(LINES_PER_PIECE / samples.linesPerSeries);
    for (let from = 0; from < samples.length; from += step) {
      yield samples.text(from, Math.min(samples.length, from + step));
      if (slice.isOver()) await slice.next();
    }
  }
}
