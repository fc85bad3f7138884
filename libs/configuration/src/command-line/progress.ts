import { performance } from 'node:perf_hooks';
import { formatDuration } from '@opensqt/trading-events';

/** Work that ends before it needs no line. */
const SHOWN_AFTER_MS = 2_000;
const REDRAW_MS = 200;

/** The place of the line, and the time; a test has its own. */
export interface Surroundings {
  readonly terminal: { readonly isTTY?: boolean; write(text: string): unknown };
  /** Milliseconds, steady. */
  readonly now: () => number;
}

/**
 * A line on the terminal about work that takes longer than two seconds: how far it is, how fast and for how long still. Nothing where standard
 * error is no terminal.
 *
 * @example
 * const progress = new Progress('events checked', 1_000_000);
 * progress.reach(610_000); // 610000 of 1000000 events checked (61 %), 50000/s, about 8 s left
 * progress.end();
 */
export class Progress {
  private readonly startedAt: number;
  private drawnAt: number | undefined;
  private done = 0;

  /** @param total the number of all */
  constructor(
    private readonly what: string,
    private readonly total: number,
    private readonly surroundings: Surroundings = {
      terminal: process.stderr,
      now: () => performance.now(),
    },
  ) {
    this.startedAt = surroundings.now();
  }

  advance(count: number): void {
    this.reach(this.done + count);
  }

  /** @param done the number of those that are done by now */
  reach(done: number): void {
    this.done = done;
    const { terminal, now } = this.surroundings;
    const time = now();
    const spent = time - this.startedAt;
    if (terminal.isTTY !== true || done === 0 || spent < SHOWN_AFTER_MS) return;
    if (this.drawnAt !== undefined && time - this.drawnAt < REDRAW_MS) return;
    this.drawnAt = time;
    const percent = Math.floor((100 * done) / Math.max(1, this.total));
    const rate = Math.round((1_000 * done) / spent);
    const left = formatDuration(Math.max(0, this.total - done) * (spent / done));
    terminal.write(
      `\r\u001b[K${done} of ${this.total} ${this.what} (${percent} %), ${rate}/s, about ${left} left`,
    );
  }

  /** Takes the line away. */
  end(): void {
    if (this.drawnAt !== undefined) this.surroundings.terminal.write('\r\u001b[K');
    this.drawnAt = undefined;
  }
}
