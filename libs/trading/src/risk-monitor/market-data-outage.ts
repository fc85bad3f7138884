import type { DurationMs, EpochMs } from '@opensqt/trading-events';
import { MARK_PRICE_TRADES } from '../position-manager/mark-price';
import type { CancelTask, MarketScheduler } from '../market/market-scheduler';

/**
 * A symbol's market data while its stream is lost, until the mark price is made of trades after it. Measurements until then
 * are caused by the loss: the market has moved on meanwhile.
 */
export class MarketDataOutage {
  private readonly lostAt: EpochMs;
  private readonly cancelStale: CancelTask;
  private unknown = MARK_PRICE_TRADES;

  /**
   * @param eventId of the event that says that the stream was lost
   * @param onStale called once, when the data has been old for that long
   */
  constructor(
    readonly eventId: string,
    private readonly scheduler: MarketScheduler,
    maxAge: DurationMs,
    onStale: () => void,
  ) {
    this.lostAt = scheduler.now();
    this.cancelStale = scheduler.after(maxAge, onStale);
  }

  /** Milliseconds since the stream was lost. */
  get age(): DurationMs {
    return this.scheduler.now() - this.lostAt;
  }

  /** The stream is back: the data grows no older. */
  restored(): void {
    this.cancelStale();
  }

  /** A trade has come; true once there were as many as the mark price is made of. */
  onTrade(): boolean {
    this.cancelStale();
    this.unknown -= 1;
    return this.unknown === 0;
  }
}
