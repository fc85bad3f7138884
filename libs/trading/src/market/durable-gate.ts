import type { DurationMs } from '@opensqt/trading-events';
import type { TradingLogger } from '../event-publisher';
import { failureWithin } from './failure-within';

/** A dead disk must not keep orders on the market: after this long (wall clock, ms) what was held back is done all the same. */
const PATIENCE_MS: DurationMs = 50;

/**
 * Holds work back until the events that led to it are on disk. The market loop opens the gate between two steps, while market
 * time stands still: the disk's speed changes nothing in what happens.
 */
export class DurableGate {
  private held: (() => void)[] = [];

  /** @param flushed resolves when everything published so far is on disk; absent: nothing is waited for */
  constructor(
    private readonly flushed: (() => Promise<void>) | undefined,
    private readonly logger: TradingLogger,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** True while there is work that {@link open} would do. */
  get isWaitedAt(): boolean {
    return this.held.length > 0;
  }

  hold(work: () => void): void {
    this.held.push(work);
  }

  /** Waits for the disk, but not for long, and does what was held back, in order. */
  async open(): Promise<void> {
    const work = this.held;
    this.held = [];
    if (this.flushed !== undefined) await this.onDisk(this.flushed);
    for (const each of work) each();
  }

  private async onDisk(flushed: () => Promise<void>): Promise<void> {
    const failure = await failureWithin(this.patienceMs, flushed);
    if (failure === undefined) return;
    this.logger.warn(
      `A breaker's trip could not be made durable before its orders are cancelled (${failure}). They are cancelled now.`,
    );
  }
}
