import type { Random } from '@opensqt/trading-events';
import type { KindSection } from '@opensqt/trading-events/options';
import type { z } from 'zod';
import type { MarketEvent } from '../market/market-event';
import type { QuoteAssetOf } from '../market/market-rules';
import type { MarketScheduler } from '../market/market-scheduler';
import type { ExchangePort } from '../remote-exchange/exchange-port';

/** An account at a venue, in a run. */
export interface Venue extends ExchangePort {
  /** Handles a market event before anybody else does: a simulated venue fills its orders from it. */
  onMarketEvent(event: MarketEvent): void;
}

/** The run that a venue is made for. */
export interface VenueContext {
  /** The venue's name in events. */
  readonly name: string;
  /** Part of the venue's order ids, so that those of two runs differ. */
  readonly run: string;
  readonly scheduler: MarketScheduler;
  /** The asset that a symbol is priced in, as far as known. */
  readonly quoteAssetOf: QuoteAssetOf;
  /** A stream of its own per purpose, from the run's seed. */
  readonly random: (purpose: string) => Random;
}

/** A venue that can be chosen by name: the section of its own options, and the venue that follows from them. */
export interface VenueKind<Options extends KindSection = KindSection> {
  readonly options: Options;
  create(options: z.output<Options>, context: VenueContext): Venue;
}
