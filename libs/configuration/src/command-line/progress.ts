import { performance } from 'node:perf_hooks';
import { formatDuration } from '@opensqt/trading-events';

const REDRAW_MS = 200;

/** A line on the terminal that says how far a long piece of work is and how long it may take; nothing when nobody looks. */
export class Progress {
  private readonly startedAt = performance.now();
  private readonly shown = process.stderr.isTTY;
  private drawnAt = 0;
  private done = 0;

  /** @param total the number of all */
  constructor(
    private readonly what: string,
    private readonly total: number,
  ) {}

  advance(count: number): void {
    this.reach(this.done + count);
  }

  /** @param done the number of those that are done by now */
  reach(done: number): void {
    this.done = done;
    const now = performance.now();
    if (!this.shown || now - this.drawnAt < REDRAW_MS) return;
    this.drawnAt = now;
    const perMs = this.done / (now - this.startedAt);
    const left = formatDuration((this.total - this.done) / perMs);
    const percent = Math.floor((100 * this.done) / Math.max(1, this.total));
    process.stderr.write(
      `\r\u001b[K${percent} % (${this.done} of ${this.total} ${this.what}), about ${left} left`,
    );
  }

  end(): void {
    if (this.shown) process.stderr.write('\r\u001b[K');
  }
}
