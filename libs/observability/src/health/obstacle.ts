import type { PauseReason } from '@opensqt/trading-events';
import { formatCode, formatScope } from '../format/format';
import type { HealthState, StillCode, TradingFault } from './health-state';

/** A reason that a symbol stands still. */
export interface Obstacle {
  readonly code: StillCode;
  /** In a title: `circuit breaker`. */
  readonly headline: string;
  /** As a clause of a sentence, without the symbol: `the circuit breaker of all symbols is open (max drawdown)`. */
  readonly reason: string;
}

const PAUSED: Readonly<Record<PauseReason, Omit<Obstacle, 'code'>>> = {
  warming_up: { headline: 'warming up', reason: 'the strategy is warming up' },
  breaker: { headline: 'circuit breaker', reason: 'a circuit breaker is open' },
  limit: { headline: 'risk limit', reason: 'a risk limit permits no order' },
  stale_price: { headline: 'no price', reason: 'the last price is too old' },
  disconnected: { headline: 'exchange disconnected', reason: 'a stream of the exchange is lost' },
  strategy_panic: { headline: 'strategy panicked', reason: 'the strategy panicked and restarts' },
  position_unknown: { headline: 'position unknown', reason: 'the position is settled with the venue first' },
  order_size: {
    headline: 'order size',
    reason: 'the orders are smaller than the market takes',
  },
  ended: { headline: 'trading ended', reason: 'the market data has ended' },
};

/** The reason on the log that a symbol that it knows stands still; undefined: it trades. Of several, the gravest. */
export function obstacleOf(state: HealthState, symbol: string): Obstacle | undefined {
  const exchange = state.exchangeOf.get(symbol);
  const failure = faultOf(state, 'trading_ended', symbol);
  if (failure !== undefined) return { code: 'ended', headline: PAUSED.ended.headline, reason: failure };
  const ended = state.ended.get(symbol);
  if (ended !== undefined) {
    const reason = ended === 'process_exit' ? 'the process stopped' : `stopped (${formatCode(ended)})`;
    return { code: 'stopped', headline: 'stopped', reason };
  }
  const paused = state.paused.get(symbol);
  if (paused === 'ended') return { code: paused, ...PAUSED[paused] };
  return lostStream(state, exchange) ?? openBreaker(state, symbol) ?? ownFault(state, symbol, paused);
}

/** The reason that a symbol was never started: trading ended before; undefined: none is known, or others were started since. */
export function endedBeforeStart({ faults, trading }: HealthState): Obstacle | undefined {
  if (trading.size > 0) return undefined;
  const ended = [...faults.values()].find(
    ({ condition, exchange }) => condition === 'trading_ended' && exchange !== undefined,
  );
  return ended && { code: 'ended', headline: PAUSED.ended.headline, reason: sentencePart(ended.reason) };
}

function lostStream(state: HealthState, exchange: string | undefined): Obstacle | undefined {
  const streams = exchange === undefined ? [] : [...(state.streams.get(exchange) ?? [])];
  const lost = streams.find(([, { connected }]) => !connected);
  if (lost === undefined) return undefined;
  const [stream, { reason = 'no reason given' }] = lost;
  return {
    code: 'disconnected',
    headline: `${stream} stream lost`,
    reason: `the ${stream} stream of ${String(exchange)} is lost: ${sentencePart(reason)}`,
  };
}

function openBreaker(state: HealthState, symbol: string): Obstacle | undefined {
  const scope = ['global', symbol].find((each) => state.breakers.has(each));
  const breaker = scope === undefined ? undefined : state.breakers.get(scope);
  if (scope === undefined || breaker === undefined) return undefined;
  return {
    code: 'breaker',
    headline: PAUSED.breaker.headline,
    reason: `the circuit breaker of ${formatScope(scope)} is open (${formatCode(breaker.reason)})`,
  };
}

function ownFault(state: HealthState, symbol: string, paused: PauseReason | undefined): Obstacle | undefined {
  const refusal = faultOf(state, 'orders_rejected', symbol);
  if (refusal !== undefined) {
    const reason = `the venue refuses every order: ${refusal}`;
    return { code: 'every_order_refused', headline: 'every order is refused', reason };
  }
  const panicked = state.panicked.get(symbol);
  if (panicked !== undefined) {
    const reason = `strategy ${panicked.strategy} panicked and restarts`;
    return { code: 'strategy_panic', headline: PAUSED.strategy_panic.headline, reason };
  }
  const code = state.limits.has(limitKey({ scope: symbol, limit: 'market_data_age' }))
    ? 'stale_price'
    : paused;
  return code === undefined ? undefined : { code, ...PAUSED[code] };
}

/** The key of a limit in {@link HealthState.limits}. */
export function limitKey({ scope, limit }: { readonly scope: string; readonly limit: string }): string {
  return `${scope}\u0000${limit}`;
}

function faultOf(
  state: HealthState,
  condition: TradingFault['condition'],
  symbol: string,
): string | undefined {
  const traded = state.exchangeOf.get(symbol);
  for (const { condition: other, exchange, symbol: only, reason } of state.faults.values()) {
    if (other !== condition) continue;
    if (only === symbol || (exchange !== undefined && exchange === traded)) return sentencePart(reason);
  }
  return undefined;
}

function sentencePart(text: string): string {
  return text.trim().replace(/\.$/, '');
}
