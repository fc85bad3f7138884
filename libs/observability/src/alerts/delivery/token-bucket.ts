import type { RateLimit } from '../../channels/channel';

/** Lets `burst` messages pass at once and one more each `intervalMs`: what providers allow. */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly limit: RateLimit,
    now: number,
  ) {
    this.tokens = limit.burst;
    this.filledAt = now;
  }

  /** Milliseconds until a message may pass; 0 when one may pass now. */
  waitMs(now: number): number {
    this.fill(now);
    return this.tokens >= 1 ? 0 : Math.ceil((1 - this.tokens) * this.limit.intervalMs);
  }

  /** Lets one pass. */
  take(now: number): void {
    this.fill(now);
    this.tokens -= 1;
  }

  private fill(now: number): void {
    const grown = this.tokens + Math.max(0, now - this.filledAt) / this.limit.intervalMs;
    this.tokens = Math.min(this.limit.burst, grown);
    this.filledAt = now;
  }
}
