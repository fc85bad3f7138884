import {
  type AlertRaised,
  type FactOf,
  type EventType,
  type ExchangeStream,
  assertNever,
} from '@opensqt/trading-events';
import { HOLDING_EVENTS, leftOf, nextHolding, startedHolding } from '../projections/holding';
import type { Projection } from '../projections/projection';
import { asIs, codecOf, mapOf, optional, recordOf } from '../projections/state-codec';
import { FAULTS, type HealthState, type Mark, type StreamHealth, type TradingFault } from './health-state';
import { limitKey, obstacleOf } from './obstacle';

const HANDLES = [
  'symbol.started',
  'symbol.stopped',
  'strategy.panicked',
  'strategy.restarted',
  'exchange.disconnected',
  'exchange.reconnected',
  'quoting.paused',
  'quoting.resumed',
  'risk.limit_breached',
  'risk.limit_cleared',
  'circuit_breaker.tripped',
  'circuit_breaker.reset',
  'alert.raised',
  'alert.resolved',
  ...HOLDING_EVENTS,
] as const satisfies readonly EventType[];

type Handled = (typeof HANDLES)[number];

/** Symbols that are remembered after they were stopped. */
const MAX_ENDED = 1_000;

/** Health, folded from the events. */
export const healthProjection: Projection<HealthState, Handled> = {
  name: 'health',
  version: 6,
  handles: HANDLES,
  initial: () => ({
    streams: new Map(),
    exchangeOf: new Map(),
    breakers: new Map(),
    limits: new Map(),
    panicked: new Map(),
    trading: new Map(),
    holdings: new Map(),
    stopped: new Map(),
    ended: new Map(),
    paused: new Map(),
    faults: new Map(),
    standing: new Map(),
  }),
  evolve,
  ...codecOf<HealthState>({
    streams: mapOf(
      mapOf(recordOf<StreamHealth>({ connected: asIs(), reason: optional(asIs<string>()), since: asIs() })),
    ),
    exchangeOf: mapOf(asIs()),
    breakers: mapOf(asIs()),
    limits: mapOf(asIs()),
    panicked: mapOf(asIs()),
    trading: mapOf(asIs()),
    holdings: mapOf(asIs()),
    stopped: mapOf(asIs()),
    ended: mapOf(asIs()),
    paused: mapOf(asIs()),
    faults: mapOf(
      recordOf<TradingFault>({
        condition: asIs(),
        exchange: optional(asIs()),
        symbol: optional(asIs()),
        reason: asIs(),
      }),
    ),
    standing: mapOf(asIs()),
  }),
};

function evolve(state: HealthState, event: FactOf<Handled>, position?: number): HealthState {
  const mark = { at: event.occurredAt, ...(position === undefined ? {} : { position }) };
  switch (event.type) {
    case 'symbol.started': {
      const { symbol, exchange } = event.data;
      state.exchangeOf.set(symbol, exchange);
      state.trading.set(symbol, event.occurredAt);
      for (const over of [state.stopped, state.ended, state.paused]) over.delete(symbol);
      const held = state.holdings.get(symbol);
      if (held !== undefined) state.holdings.set(symbol, startedHolding(held, event.occurredAt));
      for (const [id, fault] of state.faults)
        if (fault.condition === 'trading_ended' && fault.exchange === exchange) state.faults.delete(id);
      for (const stream of ['market', 'orders'] as const) {
        if (!streamsOf(state, exchange).has(stream)) setStream(state, exchange, stream, event.occurredAt);
      }
      return stand(state, mark);
    }
    case 'symbol.stopped': {
      const { symbol, reason } = event.data;
      state.trading.delete(symbol);
      state.panicked.delete(symbol);
      state.paused.delete(symbol);
      remember(state, symbol, reason);
      if (reason !== 'process_exit') {
        state.stopped.set(symbol, reason);
        forgetSettled(state, symbol);
      }
      return stand(state, mark);
    }
    case 'quoting.paused':
      state.paused.set(event.data.symbol, event.data.reason);
      return stand(state, mark, event.data.symbol);
    case 'quoting.resumed':
      state.paused.delete(event.data.symbol);
      return stand(state, mark, event.data.symbol);
    case 'order.placed':
    case 'order.filled':
    case 'order.canceled':
    case 'order.rejected':
    case 'position.changed': {
      const { symbol } = event.data;
      state.holdings.set(symbol, nextHolding(state.holdings.get(symbol), event));
      if (state.stopped.has(symbol)) forgetSettled(state, symbol);
      if (event.type !== 'order.placed' || state.trading.has(symbol) || state.ended.has(symbol)) return state;
      state.trading.set(symbol, event.occurredAt);
      return stand(state, mark, symbol);
    }
    case 'strategy.panicked':
      state.panicked.set(event.data.symbol, { strategy: event.data.strategy, since: event.occurredAt });
      return stand(state, mark, event.data.symbol);
    case 'strategy.restarted':
      state.panicked.delete(event.data.symbol);
      return stand(state, mark, event.data.symbol);
    case 'exchange.disconnected':
      setStream(state, event.data.exchange, event.data.stream, event.occurredAt, event.data.reason);
      return stand(state, mark);
    case 'exchange.reconnected':
      setStream(state, event.data.exchange, event.data.stream, event.occurredAt);
      return stand(state, mark);
    case 'risk.limit_breached':
      state.limits.set(limitKey(event.data), event.data);
      return stand(state, mark, event.data.scope);
    case 'risk.limit_cleared':
      state.limits.delete(limitKey(event.data));
      return stand(state, mark, event.data.scope);
    case 'circuit_breaker.tripped':
      state.breakers.set(event.data.scope, { reason: event.data.reason, since: event.occurredAt });
      return stand(state, mark);
    case 'circuit_breaker.reset':
      state.breakers.delete(event.data.scope);
      return stand(state, mark);
    case 'alert.raised':
      return addFault(state, event.data) ? stand(state, mark) : state;
    case 'alert.resolved':
      return state.faults.delete(event.data.alertId) ? stand(state, mark) : state;
    default:
      return assertNever(event);
  }
}

/** Judges the symbols that are in trading or were, or one of them, after a record that may have changed what holds them up. */
function stand(state: HealthState, mark: Mark, only?: string): HealthState {
  for (const symbol of only === undefined ? [...state.trading.keys(), ...state.ended.keys()] : [only]) {
    if (!state.trading.has(symbol) && !state.ended.has(symbol)) continue;
    const code = obstacleOf(state, symbol)?.code ?? null;
    if (state.standing.get(symbol)?.code !== code) state.standing.set(symbol, { code, since: mark });
  }
  return state;
}

function remember(state: HealthState, symbol: string, reason: string): void {
  state.ended.delete(symbol);
  state.ended.set(symbol, reason);
  const [oldest] = state.ended.keys();
  if (state.ended.size <= MAX_ENDED || oldest === undefined) return;
  state.ended.delete(oldest);
  state.standing.delete(oldest);
}

/** True where the alert says that nothing is traded. */
function addFault(state: HealthState, { alertId, condition, labels, notice }: AlertRaised): boolean {
  const known = FAULTS.find((each) => each === condition);
  if (known === undefined) return false;
  const { exchange, symbol } = labels;
  const reason = notice.fields['Reason'] ?? notice.message;
  state.faults.set(alertId, { condition: known, exchange, symbol, reason });
  return true;
}

/** Leaves nothing of a stopped symbol that has neither a position nor a live order, nor of an exchange that only it was traded on. */
function forgetSettled(state: HealthState, symbol: string): void {
  if (leftOf(state.holdings.get(symbol)) !== undefined) return;
  const exchange = state.exchangeOf.get(symbol);
  state.stopped.delete(symbol);
  state.holdings.delete(symbol);
  state.breakers.delete(symbol);
  state.exchangeOf.delete(symbol);
  for (const [key, { scope }] of state.limits) if (scope === symbol) state.limits.delete(key);
  if (exchange !== undefined && ![...state.exchangeOf.values()].includes(exchange))
    state.streams.delete(exchange);
}

function streamsOf(state: HealthState, exchange: string): Map<ExchangeStream, StreamHealth> {
  let streams = state.streams.get(exchange);
  if (streams === undefined) state.streams.set(exchange, (streams = new Map()));
  return streams;
}

function setStream(
  state: HealthState,
  exchange: string,
  stream: ExchangeStream,
  since: number,
  reason?: string,
): void {
  streamsOf(state, exchange).set(stream, { connected: reason === undefined, reason, since });
}
