import type { EpochMs } from '@opensqt/trading-events';
import type { MarketEvent, MarketFeed } from './market-event';

/** The feed without what an earlier run has dealt with: everything at or before `since`. */
export async function* skipUntil(feed: MarketFeed, since: EpochMs): AsyncGenerator<MarketEvent> {
  for await (const event of feed) if (event.time > since) yield event;
}
