import type { AnyEvent, DecimalString, EpochMs, EventOf, EventType } from '@opensqt/trading-events';
import { Decimal, plain } from '../market/money';
import { FLAT, type Position, applyFill } from '../position-manager/position';
import type { OpenBreaker } from '../risk-monitor/circuit-breaker';
import type { BreachedLimit } from '../risk-monitor/soft-limits';
import type { LeftOrder, LostStream, PanickedStrategy, Resume } from './resume';

/** The earlier runs, as far as their events show. */
export interface ResumeState {
  since: EpochMs | undefined;
  readonly positions: Map<string, { readonly strategy: string; readonly position: Position }>;
  readonly openOrders: Map<string, LeftOrder>;
  readonly openBreakers: Map<string, OpenBreaker>;
  readonly breachedLimits: Map<string, BreachedLimit>;
  readonly panickedStrategies: Map<string, PanickedStrategy>;
  readonly lostStreams: Map<string, LostStream>;
  readonly lastPrices: Map<string, DecimalString>;
}

const HANDLES = [
  'symbol.started',
  'symbol.stopped',
  'strategy.panicked',
  'strategy.restarted',
  'exchange.disconnected',
  'exchange.reconnected',
  'risk.limit_breached',
  'risk.limit_cleared',
  'circuit_breaker.tripped',
  'circuit_breaker.reset',
  'order.placed',
  'order.filled',
  'order.canceled',
  'order.rejected',
  'position.changed',
] as const satisfies readonly EventType[];

type Handled = (typeof HANDLES)[number];
type Encoded = Readonly<Record<string, unknown>>;

/**
 * The state to resume from, folded from the logged events. It has the shape of an observability `Projection`, so that it can be
 * kept in snapshots: a restart then reads the end of the log and not all of it.
 *
 * @example
 * ObservabilityModule.forRoot({ projections: [resumeProjection] });
 * const resume = resumeOf(recorder.committedState(resumeProjection).state);
 */
export const resumeProjection = {
  name: 'resume',
  version: 1,
  handles: HANDLES,
  initial: (): ResumeState => ({
    since: undefined,
    positions: new Map(),
    openOrders: new Map(),
    openBreakers: new Map(),
    breachedLimits: new Map(),
    panickedStrategies: new Map(),
    lostStreams: new Map(),
    lastPrices: new Map(),
  }),
  evolve,
  encode: (state: ResumeState): Encoded => ({
    ...state,
    since: state.since ?? null,
    positions: written(state),
  }),
  decode: (encoded: Encoded): ResumeState => ({
    since: (encoded['since'] as EpochMs | null) ?? undefined,
    positions: new Map(
      entriesIn<WrittenPosition>(encoded, 'positions').map(([symbol, { strategy, size, entryPrice }]) => [
        symbol,
        { strategy, position: { size: new Decimal(size), entryPrice: new Decimal(entryPrice) } },
      ]),
    ),
    openOrders: new Map(entriesIn(encoded, 'openOrders')),
    openBreakers: new Map(entriesIn(encoded, 'openBreakers')),
    breachedLimits: new Map(entriesIn(encoded, 'breachedLimits')),
    panickedStrategies: new Map(entriesIn(encoded, 'panickedStrategies')),
    lostStreams: new Map(entriesIn(encoded, 'lostStreams')),
    lastPrices: new Map(entriesIn(encoded, 'lastPrices')),
  }),
};

/** The state for the next run; undefined when there was none before. */
export function resumeOf(state: ResumeState): Resume | undefined {
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

/**
 * Reads the state to resume from all the events of the earlier runs; undefined when there are none. Where a log has snapshots,
 * `resumeProjection` gives the same from its end.
 *
 * @param events the log's events in order, in chunks of any size
 * @example
 * const resume = await resumeFrom(chunksOfEvents(log));
 * const marketMaker = createMarketMaker({ ...options, ...(resume && { resume }) }, ports);
 */
export async function resumeFrom(events: AsyncIterable<readonly AnyEvent[]>): Promise<Resume | undefined> {
  let state = resumeProjection.initial();
  for await (const chunk of events) {
    for (const event of chunk) if (isHandled(event)) state = resumeProjection.evolve(state, event);
  }
  return resumeOf(state);
}

/** True for the events that the projection reads. */
export function isHandled(event: AnyEvent): event is EventOf<Handled> {
  return (HANDLES as readonly EventType[]).includes(event.type);
}

function evolve(state: ResumeState, event: EventOf<Handled>): ResumeState {
  state.since = Math.max(state.since ?? 0, event.occurredAt);
  switch (event.type) {
    case 'order.placed': {
      const { symbol, strategy, orderId, side } = event.data;
      state.openOrders.set(orderId, { symbol, strategy, orderId, side });
      break;
    }
    case 'order.filled': {
      const { symbol, strategy, orderId, price, remaining } = event.data;
      const held = state.positions.get(symbol)?.position ?? FLAT;
      state.positions.set(symbol, { strategy, position: applyFill(held, event.data).position });
      state.lastPrices.set(symbol, price);
      if (Number(remaining) === 0) state.openOrders.delete(orderId);
      break;
    }
    case 'order.canceled':
    case 'order.rejected':
      state.openOrders.delete(event.data.orderId);
      break;
    case 'circuit_breaker.tripped': {
      const { scope, reason, cooldownMs } = event.data;
      state.openBreakers.set(scope, { scope, reason, resetsAt: event.occurredAt + cooldownMs });
      break;
    }
    case 'circuit_breaker.reset':
      state.openBreakers.delete(event.data.scope);
      break;
    case 'risk.limit_breached': {
      const { scope, limit, threshold, severity } = event.data;
      state.breachedLimits.set(`${scope} ${limit}`, { scope, limit, threshold, severity });
      break;
    }
    case 'risk.limit_cleared':
      state.breachedLimits.delete(`${event.data.scope} ${event.data.limit}`);
      break;
    case 'strategy.panicked': {
      const { symbol, strategy } = event.data;
      state.panickedStrategies.set(symbol, { symbol, strategy });
      break;
    }
    case 'strategy.restarted':
      state.panickedStrategies.delete(event.data.symbol);
      break;
    case 'exchange.disconnected': {
      const { exchange, stream } = event.data;
      state.lostStreams.set(`${exchange} ${stream}`, { exchange, stream, since: event.occurredAt });
      break;
    }
    case 'exchange.reconnected':
      state.lostStreams.delete(`${event.data.exchange} ${event.data.stream}`);
      break;
    case 'symbol.started':
    case 'symbol.stopped':
    case 'position.changed':
      break;
  }
  return state;
}

interface WrittenPosition {
  readonly strategy: string;
  readonly size: DecimalString;
  readonly entryPrice: DecimalString;
}

/** Every digit is kept: a position that was rounded would drift from its fills. */
function written({
  positions,
}: ResumeState): readonly (readonly [symbol: string, position: WrittenPosition])[] {
  return [...positions].map(
    ([
      symbol,
      {
        strategy,
        position: { size, entryPrice },
      },
    ]) => [symbol, { strategy, size: size.toFixed(), entryPrice: entryPrice.toFixed() }],
  );
}

function entriesIn<Value>(encoded: Encoded, field: string): readonly (readonly [string, Value])[] {
  const entries = encoded[field];
  if (Array.isArray(entries)) return entries as readonly (readonly [string, Value])[];
  throw new TypeError(`${field} must be a list, found ${typeof entries}.`);
}
