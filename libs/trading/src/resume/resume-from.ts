import type { TradingEvent } from '@opensqt/trading-events';
import type { Resume } from './resume';
import { isHandled, resumeOf, resumeProjection } from './resume.projection';

/**
 * Reads what the next run must take over from all the events of the earlier ones; undefined when there are none. Where a log
 * has snapshots, `resumeProjection` gives the same from its end.
 *
 * @param events the log's events in order, in chunks of any size
 * @example
 * const resume = await resumeFrom(chunksOfEvents(log));
 * const marketMaker = createMarketMaker({ ...options, ...(resume && { resume }) }, ports);
 */
export async function resumeFrom(
  events: AsyncIterable<readonly TradingEvent[]>,
): Promise<Resume | undefined> {
  let state = resumeProjection.initial();
  for await (const chunk of events) {
    for (const event of chunk) if (isHandled(event)) state = resumeProjection.evolve(state, event);
  }
  return resumeOf(state);
}
