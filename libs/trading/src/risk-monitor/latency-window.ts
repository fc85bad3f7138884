import type { EpochMs } from '@opensqt/trading-events';
import type { RiskMeasure } from './risk-measure';

const WINDOW_MS = 60_000;
const MAX_SAMPLES = 500;
const MIN_SAMPLES = 5;

/** The 99th percentile of the exchange's answer times over the last minute. */
export class LatencyWindow implements RiskMeasure<EpochMs> {
  /** The percentile of the last sample; undefined while there are too few. */
  last: number | undefined;
  private samples: { readonly time: EpochMs; readonly ms: number }[] = [];

  /** The percentile by nearest rank. */
  next(time: EpochMs, ms: number): number | undefined {
    this.samples.push({ time, ms });
    if (this.samples.length > MAX_SAMPLES || (this.samples[0]?.time ?? time) < time - WINDOW_MS) {
      this.samples = this.samples.slice(-MAX_SAMPLES).filter((sample) => sample.time >= time - WINDOW_MS);
    }
    const sorted = this.samples.map((sample) => sample.ms).sort((a, b) => a - b);
    return (this.last =
      sorted.length < MIN_SAMPLES ? undefined : sorted[Math.ceil(0.99 * sorted.length) - 1]);
  }
}
