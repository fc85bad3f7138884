import type { EventOf, EventType, TradingEvent } from '@opensqt/trading-events';
import type { TradingLogger } from '../event-publisher';
import type { MarketEvent, Trade } from '../market/market-event';
import { createMarketMaker } from '../market-maker';
import type { MarketMakerOptions } from '../options';
import type { MarketMaker, MarketMakerPorts, RunSummary } from '../ports';

export interface RecordedRun {
  readonly events: readonly TradingEvent[];
  readonly summary: RunSummary;
}

/** The risk measures of an earlier run that had none. */
export const unmeasured = {
  symbols: [],
  losses: {},
  pnl: { net: '0', unrealized: {}, peak: null },
  resetAt: {},
} as const;

export const silent: TradingLogger = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Runs a market maker to the end of its feed, or until `onEvent` stops it, and keeps what it published. */
export async function record(
  options: MarketMakerOptions,
  ports: Partial<MarketMakerPorts> = {},
  onEvent: (event: TradingEvent, marketMaker: MarketMaker) => void = () => undefined,
): Promise<RecordedRun> {
  const events: TradingEvent[] = [];
  const marketMaker: MarketMaker = createMarketMaker(
    { ...options, exchange: { speed: 'max', whenFinished: 'exit', ...options.exchange } },
    {
      logger: silent,
      publish: (event) => {
        events.push(event);
        onEvent(event, marketMaker);
      },
      ...ports,
    },
  );
  return { summary: await marketMaker.run(), events };
}

export function ofType<Type extends EventType>(
  events: readonly TradingEvent[],
  type: Type,
): readonly EventOf<Type>[] {
  return events.filter((event) => event.type === type) as unknown as readonly EventOf<Type>[];
}

/** Events without what is measured on the machine. */
export function reproducible(events: readonly TradingEvent[]): readonly unknown[] {
  return events.map((event) =>
    event.type === 'order.placed' ? { ...event, data: { ...event.data, tickToTradeMs: 0 } } : event,
  );
}

export async function* feedOf(events: Iterable<MarketEvent>): AsyncGenerator<MarketEvent> {
  yield* events;
}

export function trade(symbol: string, time: number, price: number, quantity: number | string = '1'): Trade {
  return { type: 'trade', symbol, time, price: price.toFixed(2), quantity: String(quantity) };
}

/** A price that swings around 100, a trade of each symbol every second. */
export function swinging(symbols: readonly string[], seconds: number, startAt = 1_000_000): readonly Trade[] {
  return Array.from({ length: seconds }, (_, second) =>
    symbols.map((symbol) =>
      trade(symbol, startAt + second * 1000, 100 + 0.8 * Math.sin(second / 150) + (second % 2) * 0.02, '50'),
    ),
  ).flat();
}
