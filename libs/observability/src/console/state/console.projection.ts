import { type EventType, type FactOf, type OrderFilled, assertNever } from '@opensqt/trading-events';
import { Decimal } from 'decimal.js';
import { ExactSum } from '../../projections/exact-sum';
import { isMoney } from '../../alerts/rules/risk-units';
import { limitKey } from '../../health/obstacle';
import { addTurnover } from '../../metrics/projection/order-fold';
import { type Projection, isBefore, isLate } from '../../projections/projection';
import { consoleCodec } from './console.codec';
import { type ConsoleState, type StateMark, type SymbolState, initialConsole } from './console.state';

/** Beyond so many, the ones that were there first are forgotten: a source must not eat the memory. */
const MAX_SYMBOLS = 500;
const MAX_RESTING = 2_000;
const MAX_LIMITS = 2_000;
const MAX_FEE_ASSETS = 50;
/** Orders that percentiles are taken from. */
export const ORDERS_TIMED = 1_000;

const HANDLES = [
  'symbol.started',
  'symbol.stopped',
  'market.sampled',
  'quoting.paused',
  'quoting.resumed',
  'order.placed',
  'order.filled',
  'order.canceled',
  'order.rejected',
  'position.changed',
  'risk.limit_breached',
  'risk.limit_cleared',
  'risk.sampled',
  'circuit_breaker.tripped',
  'circuit_breaker.reset',
] as const satisfies readonly EventType[];
type Handled = (typeof HANDLES)[number];

/** The page's own part of what it shows, folded from the log. The rest is of metrics, health and alerts. */
export const consoleProjection: Projection<ConsoleState, Handled> = {
  name: 'console',
  version: 3,
  handles: HANDLES,
  initial: initialConsole,
  evolve,
  ...consoleCodec,
};

function evolve(state: ConsoleState, event: FactOf<Handled>, position?: number): ConsoleState {
  const mark = { at: event.occurredAt, position };
  state.marks.newest = mark;
  switch (event.type) {
    case 'symbol.started': {
      const symbol = symbolOf(state, event.data.symbol);
      symbol.exchange = event.data.exchange;
      symbol.strategy = event.data.strategy;
      symbol.stopped = undefined;
      symbol.changed = mark;
      // A run that starts at an earlier time, as a recording does that is traded again, is not late.
      if (isBefore(event.occurredAt, symbol.sample?.at)) symbol.sample = undefined;
      if (isBefore(event.occurredAt, symbol.lastFill?.at)) symbol.lastFill = undefined;
      break;
    }
    case 'symbol.stopped': {
      const symbol = symbolOf(state, event.data.symbol);
      symbol.stopped = event.data.reason;
      symbol.changed = mark;
      break;
    }
    case 'market.sampled': {
      const symbol = symbolOf(state, event.data.symbol);
      if (isLate(event.occurredAt, symbol.sample?.at)) break;
      symbol.sample = { price: event.data.price, at: event.occurredAt };
      symbol.valued = mark;
      break;
    }
    case 'quoting.paused': {
      const symbol = symbolOf(state, event.data.symbol);
      symbol.paused = { reason: event.data.reason, since: mark };
      symbol.changed = mark;
      break;
    }
    case 'quoting.resumed': {
      const symbol = symbolOf(state, event.data.symbol);
      symbol.paused = undefined;
      symbol.changed = mark;
      break;
    }
    case 'order.placed': {
      const { symbol, orderId, side, price, tickToTradeMs } = event.data;
      setBounded(symbolOf(state, symbol).resting, orderId, { side, price }, MAX_RESTING);
      if (tickToTradeMs === undefined) break;
      state.tickToOrder.push({ at: event.occurredAt, ms: tickToTradeMs });
      if (state.tickToOrder.length >= 2 * ORDERS_TIMED) state.tickToOrder.splice(0, ORDERS_TIMED);
      break;
    }
    case 'order.filled':
      fill(state, event.data, mark);
      break;
    case 'order.canceled':
    case 'order.rejected':
      symbolOf(state, event.data.symbol).resting.delete(event.data.orderId);
      break;
    case 'position.changed': {
      const symbol = symbolOf(state, event.data.symbol);
      symbol.entry = event.data.entryPrice;
      symbol.valued = mark;
      break;
    }
    case 'risk.limit_breached':
    case 'risk.limit_cleared': {
      const { scope, limit, value, threshold, quoteAsset } = event.data;
      const breached = event.type === 'risk.limit_breached';
      const key = limitKey(event.data);
      const before = state.limits.get(key);
      const known = {
        threshold: threshold ?? before?.threshold,
        quoteAsset: quoteAsset ?? before?.quoteAsset,
      };
      setBounded(state.limits, key, { scope, limit, value, ...known, breached, from: mark }, MAX_LIMITS);
      break;
    }
    case 'risk.sampled': {
      const { scope, limits, quoteAsset } = event.data;
      for (const [limit, { value, threshold }] of Object.entries(limits)) {
        const key = limitKey({ scope, limit });
        const breached = state.limits.get(key)?.breached ?? false;
        const asset = isMoney(limit) ? quoteAsset : undefined;
        const sampled = { scope, limit, value, threshold, quoteAsset: asset, breached, from: mark };
        setBounded(state.limits, key, sampled, MAX_LIMITS);
      }
      break;
    }
    case 'circuit_breaker.tripped': {
      const { scope, reason, value, threshold, quoteAsset, cooldownMs } = event.data;
      const until = event.occurredAt + cooldownMs;
      const opened = { scope, reason, value, threshold, quoteAsset, since: mark, until };
      setBounded(state.breakers, scope, opened, MAX_SYMBOLS);
      break;
    }
    case 'circuit_breaker.reset':
      state.breakers.delete(event.data.scope);
      break;
    default:
      assertNever(event);
  }
  return state;
}

function fill(state: ConsoleState, filled: OrderFilled, mark: StateMark): void {
  const { orderId, price, remaining, fee, feeAsset } = filled;
  const symbol = symbolOf(state, filled.symbol);
  symbol.fills += 1;
  addTurnover(symbol.volume, filled);
  if (!isLate(mark.at, symbol.lastFill?.at)) symbol.lastFill = { ...mark, price };
  state.marks.firstFill ??= mark;
  if (new Decimal(remaining).isZero()) symbol.resting.delete(orderId);
  let fees = symbol.fees.get(feeAsset);
  if (fees === undefined) {
    fees = new ExactSum();
    if (symbol.fees.size < MAX_FEE_ASSETS) symbol.fees.set(feeAsset, fees);
  }
  fees.add(fee);
}

function symbolOf({ symbols }: ConsoleState, name: string): SymbolState {
  let symbol = symbols.get(name);
  if (symbol === undefined) {
    symbol = {
      exchange: undefined,
      strategy: undefined,
      stopped: undefined,
      resting: new Map(),
      entry: undefined,
      valued: undefined,
      fees: new Map(),
      volume: new ExactSum(),
      fills: 0,
      lastFill: undefined,
      sample: undefined,
      paused: undefined,
      changed: undefined,
    };
    setBounded(symbols, name, symbol, MAX_SYMBOLS);
  }
  return symbol;
}

function setBounded<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  if (map.size >= most && !map.has(key)) for (const [eldest] of map) if (map.delete(eldest)) break;
  map.set(key, value);
}
