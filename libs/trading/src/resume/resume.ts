import type { DecimalString, EpochMs, ExchangeStream, Side, TradingEvent } from '@opensqt/trading-events';
import { plain } from '../money';
import { FLAT, type Position, applyFill } from '../position-manager/position';
import type { HeldPosition } from '../position-manager/position-manager';
import type { OpenBreaker } from '../risk-monitor/circuit-breaker';
import type { BreachedLimit } from '../risk-monitor/soft-limits';

/** An order that was open when an earlier run ended. */
export interface LeftOrder {
  readonly symbol: string;
  readonly strategy: string;
  readonly orderId: string;
  readonly side: Side;
}

/** A strategy that had panicked and was not restarted. */
export interface PanickedStrategy {
  readonly symbol: string;
  readonly strategy: string;
}

/** A connection that was lost and not restored. */
export interface LostStream {
  readonly exchange: string;
  readonly stream: ExchangeStream;
  readonly since: EpochMs;
}

/** What an earlier run left, for the next one to take over. */
export interface Resume {
  /** Market time of the last event; the market goes on after it. */
  readonly since: EpochMs;
  readonly positions: readonly HeldPosition[];
  readonly openOrders: readonly LeftOrder[];
  readonly openBreakers: readonly OpenBreaker[];
  readonly breachedLimits: readonly BreachedLimit[];
  readonly panickedStrategies: readonly PanickedStrategy[];
  readonly lostStreams: readonly LostStream[];
  /** By symbol, as far as known. */
  readonly lastPrices: Readonly<Record<string, DecimalString>>;
}

interface ResumeState {
  since: EpochMs | undefined;
  readonly positions: Map<string, { readonly strategy: string; readonly position: Position }>;
  readonly openOrders: Map<string, LeftOrder>;
  readonly openBreakers: Map<string, OpenBreaker>;
  readonly breachedLimits: Map<string, BreachedLimit>;
  readonly panickedStrategies: Map<string, PanickedStrategy>;
  readonly lostStreams: Map<string, LostStream>;
  readonly lastPrices: Map<string, DecimalString>;
}

/**
 * Reads what the next run must take over from the events of the earlier ones; undefined when there are none.
 *
 * @param events the log's events in order, in chunks of any size
 * @example
 * const resume = await resumeFrom(chunksOfEvents(log));
 * const marketMaker = createMarketMaker({ ...options, ...(resume && { resume }) }, ports);
 */
export async function resumeFrom(
  events: AsyncIterable<readonly TradingEvent[]>,
): Promise<Resume | undefined> {
  const state: ResumeState = {
    since: undefined,
    positions: new Map(),
    openOrders: new Map(),
    openBreakers: new Map(),
    breachedLimits: new Map(),
    panickedStrategies: new Map(),
    lostStreams: new Map(),
    lastPrices: new Map(),
  };
  for await (const chunk of events) for (const event of chunk) take(state, event);
  if (state.since === undefined) return undefined;
  return {
    since: state.since,
    positions: [...state.positions].map(([symbol, { strategy, position }]) => ({
      symbol,
      strategy,
      size: plain(position.size),
      entryPrice: position.entryPrice.toFixed(),
    })),
    openOrders: [...state.openOrders.values()],
    openBreakers: [...state.openBreakers.values()],
    breachedLimits: [...state.breachedLimits.values()],
    panickedStrategies: [...state.panickedStrategies.values()],
    lostStreams: [...state.lostStreams.values()],
    lastPrices: Object.fromEntries(state.lastPrices),
  };
}

function take(state: ResumeState, event: TradingEvent): void {
  if (event.source === 'alerts') return;
  state.since = Math.max(state.since ?? 0, event.occurredAt);
  switch (event.type) {
    case 'order.placed': {
      const { symbol, strategy, orderId, side } = event.data;
      state.openOrders.set(orderId, { symbol, strategy, orderId, side });
      return;
    }
    case 'order.filled': {
      const { symbol, strategy, orderId, price, remaining } = event.data;
      const held = state.positions.get(symbol)?.position ?? FLAT;
      state.positions.set(symbol, { strategy, position: applyFill(held, event.data).position });
      state.lastPrices.set(symbol, price);
      if (Number(remaining) === 0) state.openOrders.delete(orderId);
      return;
    }
    case 'order.canceled':
    case 'order.rejected':
      state.openOrders.delete(event.data.orderId);
      return;
    case 'circuit_breaker.tripped': {
      const { scope, reason, cooldownMs } = event.data;
      state.openBreakers.set(scope, { scope, reason, resetsAt: event.occurredAt + cooldownMs });
      return;
    }
    case 'circuit_breaker.reset':
      state.openBreakers.delete(event.data.scope);
      return;
    case 'risk.limit_breached': {
      const { scope, limit, threshold, severity } = event.data;
      state.breachedLimits.set(`${scope} ${limit}`, { scope, limit, threshold, severity });
      return;
    }
    case 'risk.limit_cleared':
      state.breachedLimits.delete(`${event.data.scope} ${event.data.limit}`);
      return;
    case 'strategy.panicked': {
      const { symbol, strategy } = event.data;
      state.panickedStrategies.set(symbol, { symbol, strategy });
      return;
    }
    case 'strategy.restarted':
      state.panickedStrategies.delete(event.data.symbol);
      return;
    case 'exchange.disconnected': {
      const { exchange, stream } = event.data;
      state.lostStreams.set(`${exchange} ${stream}`, { exchange, stream, since: event.occurredAt });
      return;
    }
    case 'exchange.reconnected':
      state.lostStreams.delete(`${event.data.exchange} ${event.data.stream}`);
      return;
    default:
      return;
  }
}
