import type { EpochMs } from '@opensqt/trading-events';
import type { RiskMeasure } from './risk-measure';

const BAR_MS = 60_000;

/** The current minute's volume in average minutes before it. */
export class VolumeWindow implements RiskMeasure<EpochMs> {
  private bar = -1;
  private volume = 0;
  private readonly completed: number[] = [];
  private sum = 0;

  /** @param bars minutes that the average is taken over; until there are as many, there is no verdict */
  constructor(private readonly bars: number) {}

  /** Current minute ÷ average minute; 0 while the average is not known. */
  next(time: EpochMs, quantity: number): number {
    const bar = Math.floor(time / BAR_MS);
    if (bar !== this.bar) this.roll(bar);
    this.volume += quantity;
    return this.completed.length < this.bars || this.sum <= 0 ? 0 : (this.volume * this.bars) / this.sum;
  }

  private roll(bar: number): void {
    const skipped = this.bar < 0 ? 0 : Math.min(bar - this.bar - 1, this.bars);
    if (this.bar >= 0) this.complete(this.volume);
    for (let i = 0; i < skipped; i++) this.complete(0);
    this.bar = bar;
    this.volume = 0;
  }

  private complete(volume: number): void {
    this.completed.push(volume);
    if (this.completed.length > this.bars) this.completed.shift();
    this.sum = this.completed.reduce((sum, each) => sum + each, 0);
  }
}
