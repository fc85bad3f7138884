import type { AnyEvent, DataOf, DecimalString, EpochMs, EventOf, EventType } from '@opensqt/trading-events';
import { Decimal, plain } from '../market/money';
import { FLAT, type Position, applyFill } from '../position-manager/position';
import { feeInQuote } from '../position-manager/fees';
import { GLOBAL_SCOPE, type OpenBreaker } from '../risk-monitor/circuit-breaker';
import { type Losses, nextLosses } from '../risk-monitor/loss-streak';
import type { EarlierPnl } from '../risk-monitor/risk-state';
import type { BreachedLimit } from '../risk-monitor/soft-limits';
import type { LeftOrder, LostStream, PanickedStrategy, Resume } from './resume';

/** The earlier runs, as far as their events show. */
export interface ResumeState {
  since: EpochMs | undefined;
  readonly positions: Map<string, { readonly strategy: string; readonly position: Position }>;
  readonly openOrders: Map<string, LeftOrder>;
  /** Orders that were closed last: one whose placing is stated again or late is not open. */
  readonly closedOrders: Set<string>;
  readonly openBreakers: Map<string, OpenBreaker>;
  readonly breachedLimits: Map<string, BreachedLimit>;
  readonly panickedStrategies: Map<string, PanickedStrategy>;
  readonly lostStreams: Map<string, LostStream>;
  /** Symbols that are traded, or were when the process ended. */
  readonly symbols: Set<string>;
  /** By symbol. */
  readonly losses: Map<string, Losses>;
  readonly pnl: PnlState;
  readonly resetAt: Map<string, EpochMs>;
  readonly lastPrices: Map<string, DecimalString>;
  /** Times of the last prices: a fill or a sample that comes late leaves them. */
  readonly pricedAt: Map<string, EpochMs>;
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
  'market.sampled',
] as const satisfies readonly EventType[];

/** Kept up to the last event. The peak is null until the global breaker's reset is followed by a fill or a sample. */
type PnlState = { -readonly [Key in keyof EarlierPnl]: EarlierPnl[Key] };

const CLOSED_REMEMBERED = 1_000;

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
  version: 5,
  handles: HANDLES,
  initial: (): ResumeState => ({
    since: undefined,
    positions: new Map(),
    openOrders: new Map(),
    closedOrders: new Set(),
    openBreakers: new Map(),
    breachedLimits: new Map(),
    panickedStrategies: new Map(),
    lostStreams: new Map(),
    symbols: new Set(),
    losses: new Map(),
    pnl: { net: '0', unrealized: {}, peak: null },
    resetAt: new Map(),
    lastPrices: new Map(),
    pricedAt: new Map(),
  }),
  evolve,
  encode: (state: ResumeState): Encoded => ({
    ...state,
    since: state.since ?? null,
    closedOrders: [...state.closedOrders],
    symbols: [...state.symbols],
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
    closedOrders: new Set(listIn<string>(encoded, 'closedOrders')),
    openBreakers: new Map(entriesIn(encoded, 'openBreakers')),
    breachedLimits: new Map(entriesIn(encoded, 'breachedLimits')),
    panickedStrategies: new Map(entriesIn(encoded, 'panickedStrategies')),
    lostStreams: new Map(entriesIn(encoded, 'lostStreams')),
    symbols: new Set(listIn<string>(encoded, 'symbols')),
    losses: new Map(entriesIn(encoded, 'losses')),
    pnl: encoded['pnl'] as PnlState,
    resetAt: new Map(entriesIn(encoded, 'resetAt')),
    lastPrices: new Map(entriesIn(encoded, 'lastPrices')),
    pricedAt: new Map(entriesIn(encoded, 'pricedAt')),
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
    symbols: [...state.symbols],
    losses: Object.fromEntries(state.losses),
    pnl: { ...state.pnl, unrealized: { ...state.pnl.unrealized } },
    resetAt: Object.fromEntries(state.resetAt),
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
      if (!state.closedOrders.has(orderId))
        state.openOrders.set(orderId, { symbol, strategy, orderId, side });
      break;
    }
    case 'order.filled': {
      const { symbol, strategy, orderId, price, remaining } = event.data;
      const held = state.positions.get(symbol)?.position ?? FLAT;
      const { position, realizedPnl } = applyFill(held, event.data);
      state.positions.set(symbol, { strategy, position });
      state.losses.set(symbol, nextLosses(state.losses.get(symbol), orderId, realizedPnl.toNumber()));
      const fee = feeInQuote(event.data, (pair) => state.lastPrices.get(pair)) ?? 0;
      state.pnl.net = plain(new Decimal(state.pnl.net).plus(realizedPnl).minus(fee));
      setLastPrice(state, symbol, price, event.occurredAt);
      if (Number(remaining) === 0) closeOrder(state, orderId);
      break;
    }
    case 'order.canceled':
    case 'order.rejected':
      closeOrder(state, event.data.orderId);
      break;
    case 'circuit_breaker.tripped': {
      const { scope, reason, cooldownMs } = event.data;
      state.openBreakers.set(scope, { scope, reason, resetsAt: event.occurredAt + cooldownMs });
      break;
    }
    case 'circuit_breaker.reset': {
      const { scope } = event.data;
      state.openBreakers.delete(scope);
      state.losses.delete(scope);
      state.resetAt.set(scope, event.occurredAt);
      if (scope === GLOBAL_SCOPE) state.pnl.peak = null;
      break;
    }
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
      state.symbols.add(event.data.symbol);
      break;
    case 'symbol.stopped':
      if (event.data.reason !== 'process_exit') stopSymbol(state, event.data.symbol);
      break;
    case 'position.changed':
      revalue(state.pnl, event.data);
      break;
    case 'market.sampled': {
      const { symbol, markPrice } = event.data;
      if (setLastPrice(state, symbol, markPrice, event.occurredAt)) revalue(state.pnl, event.data);
      break;
    }
  }
  return state;
}

/** False for a price that is older than the last one: a fact that comes late leaves it. */
function setLastPrice(
  { lastPrices, pricedAt }: ResumeState,
  symbol: string,
  price: DecimalString,
  at: EpochMs,
): boolean {
  if (at < (pricedAt.get(symbol) ?? 0)) return false;
  lastPrices.set(symbol, price);
  pricedAt.set(symbol, at);
  return true;
}

/** Values one symbol's position; the sum over all may be a new peak. */
function revalue(
  pnl: PnlState,
  { symbol, unrealizedPnl }: Pick<DataOf<'position.changed'>, 'symbol' | 'unrealizedPnl'>,
): void {
  pnl.unrealized = { ...pnl.unrealized, [symbol]: unrealizedPnl };
  const total = Decimal.sum(pnl.net, ...Object.values(pnl.unrealized));
  if (pnl.peak === null || total.gt(pnl.peak)) pnl.peak = plain(total);
}

/** A symbol that is not traded any more is left out of the profit, as of the next run's. */
function stopSymbol({ symbols, pnl }: ResumeState, symbol: string): void {
  symbols.delete(symbol);
  const { [symbol]: unrealized, ...others } = pnl.unrealized;
  if (pnl.peak !== null && unrealized !== undefined)
    pnl.peak = plain(new Decimal(pnl.peak).minus(unrealized));
  pnl.unrealized = others;
}

function closeOrder({ openOrders, closedOrders }: ResumeState, orderId: string): void {
  openOrders.delete(orderId);
  closedOrders.add(orderId);
  for (const oldest of closedOrders) {
    if (closedOrders.size <= CLOSED_REMEMBERED) break;
    closedOrders.delete(oldest);
  }
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
  return listIn(encoded, field);
}

function listIn<Entry>(encoded: Encoded, field: string): readonly Entry[] {
  const list = encoded[field];
  if (Array.isArray(list)) return list as readonly Entry[];
  throw new TypeError(`${field} must be a list, found ${typeof list}.`);
}
