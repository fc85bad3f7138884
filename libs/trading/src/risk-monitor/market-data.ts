import type { DurationMs, EpochMs } from '@opensqt/trading-events';
import type { MarketScheduler } from '../market/market-scheduler';
import { MarketDataOutage } from './market-data-outage';
import { PriceWatch } from './price-watch';

/** A symbol's market data is older than is allowed. */
export interface OldData {
  readonly age: DurationMs;
  /** The event that says that the stream was lost; absent where it is connected and silent. */
  readonly eventId?: string;
}

/** The age of a symbol's market data, whether its stream is connected or lost. */
export class MarketData {
  private readonly prices: PriceWatch;
  /** Until the market is known again. */
  private outage: MarketDataOutage | undefined;
  private silentSince: EpochMs | undefined;

  /** @param onOld called once each time that data becomes older than `maxAge` */
  constructor(
    private readonly scheduler: MarketScheduler,
    readonly maxAge: DurationMs,
    private readonly onOld: (old: OldData) => void,
  ) {
    this.prices = new PriceWatch(scheduler, maxAge, (age) => {
      this.silentSince = scheduler.now() - age;
      this.onOld({ age });
    });
  }

  /** Milliseconds since the stream was lost or became silent; 0 while prices come. */
  get age(): DurationMs {
    const since = this.silentSince ?? this.scheduler.now();
    return this.outage?.age ?? this.scheduler.now() - since;
  }

  /** From now on prices are due. */
  watch(): void {
    this.prices.refresh();
  }

  /** From now on none are. */
  unwatch(): void {
    this.silentSince = undefined;
    this.prices.pause();
  }

  /** The stream was lost, as that event says. */
  lost(eventId: string): void {
    this.outage?.restored();
    this.prices.pause();
    const outage = new MarketDataOutage(eventId, this.scheduler, this.maxAge, () =>
      this.onOld({ age: outage.age, eventId }),
    );
    this.outage = outage;
  }

  /** The stream is back; the next price shows that prices come. */
  restored(): void {
    this.outage?.restored();
    this.prices.refresh();
  }

  /** The event of the outage that this trade's measurements follow from; undefined where there was none. */
  onTrade(): string | undefined {
    this.silentSince = undefined;
    const eventId = this.outage?.eventId;
    this.prices.refresh();
    if (this.outage?.onTrade() === true) this.outage = undefined;
    return eventId;
  }
}
