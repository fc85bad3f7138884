import type { EpochMs } from '@opensqt/trading-events';
import type { RiskMeasure } from './risk-measure';

const BAR_MS = 60_000;

/** The volume of the current minute or the last one, whichever is more, in average minutes before it. */
export class VolumeWindow implements RiskMeasure<EpochMs> {
  /** The last measure; undefined while there is none. */
  last: number | undefined;
  private bar = -1;
  private volume = 0;
  private readonly completed: number[] = [];
  private sum = 0;
  private lastRatio = 0;
  /** The minute in which the feed came back: what was traded in it before is unknown. */
  private isPartial = false;

  /** @param bars minutes that the average is taken over */
  constructor(private readonly bars: number) {}

  /** True once there were as many minutes as the average is to be taken over. */
  get isFull(): boolean {
    return this.completed.length >= this.bars;
  }

  /**
   * The busier of the current and the last minute ÷ the average of the minutes before it; undefined while there are none. With
   * the current minute alone, each new minute would begin below every limit.
   */
  next(time: EpochMs, quantity: number): number | undefined {
    const bar = Math.floor(time / BAR_MS);
    if (bar !== this.bar) this.roll(bar);
    this.volume += quantity;
    const ratio = this.ratio();
    return (this.last = ratio === undefined ? undefined : Math.max(ratio, this.lastRatio));
  }

  /** The feed was lost: its minutes until it is back, the first and the last one too, are not among those that the average is taken over. */
  interrupt(): void {
    this.bar = -1;
    this.volume = 0;
    this.lastRatio = 0;
    this.isPartial = true;
  }

  private ratio(): number | undefined {
    return this.sum > 0 ? (this.volume * this.completed.length) / this.sum : undefined;
  }

  private roll(bar: number): void {
    const skipped = this.bar < 0 ? 0 : Math.min(bar - this.bar - 1, this.bars);
    this.lastRatio = skipped > 0 ? 0 : (this.ratio() ?? 0);
    if (this.bar >= 0 && !this.isPartial) this.complete(this.volume);
    if (this.bar >= 0) this.isPartial = false;
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
