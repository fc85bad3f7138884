import { performance } from 'node:perf_hooks';

/**
 * A turn of the event loop that long work may use: when it is over, the work waits for its next turn, and whatever else is
 * due comes in between.
 *
 * @example
 * const slice = new TimeSlice(4);
 * for (const part of parts) {
 *   work(part);
 *   if (slice.isOver()) await slice.next();
 * }
 */
export class TimeSlice {
  private startedAt = performance.now();

  /** @param ms the length of a turn, in milliseconds; it is overrun by one piece of work */
  constructor(private readonly ms: number) {}

  isOver(): boolean {
    return performance.now() - this.startedAt >= this.ms;
  }

  /** Resolves when the event loop has turned. */
  async next(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.startedAt = performance.now();
  }
}
