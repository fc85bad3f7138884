import type { Clock } from './clock';

/** Allows `burst` operations without a pause, and `refill` more each `intervalMs`, evenly. */
export interface TokenBucketLimit {
  readonly burst: number;
  /** @default 1 */
  readonly refill?: number;
  readonly intervalMs: number;
}

/** A rate limit on an injected clock. A clock that goes backwards adds nothing. */
export class TokenBucket {
  private readonly refill: number;
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly clock: Clock,
    private readonly limit: TokenBucketLimit,
  ) {
    this.refill = limit.refill ?? 1;
    this.tokens = limit.burst;
    this.filledAt = clock.now();
  }

  /** Milliseconds until a token is there; 0 when one is there now. */
  waitMs(): number {
    this.fill();
    return this.tokens >= 1 ? 0 : Math.ceil(((1 - this.tokens) / this.refill) * this.limit.intervalMs);
  }

  /** Consumes a token if there is one. */
  tryConsume(): boolean {
    this.fill();
    if (this.tokens < 1) return false;
    this.tokens--;
    return true;
  }

  /** Consumes a token even if that makes a debt: for operations that must not wait, such as a cancel. */
  consume(): void {
    this.fill();
    this.tokens--;
  }

  /** Gives back a token whose operation did not take place. */
  giveBack(): void {
    this.fill();
    this.tokens = Math.min(this.limit.burst, this.tokens + 1);
  }

  private fill(): void {
    const now = this.clock.now();
    const grown = (Math.max(0, now - this.filledAt) / this.limit.intervalMs) * this.refill;
    this.tokens = Math.min(this.limit.burst, this.tokens + grown);
    this.filledAt = now;
  }
}
