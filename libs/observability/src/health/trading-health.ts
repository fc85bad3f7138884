import { formatDuration } from '@opensqt/trading-events';
import { leftOf } from '../projections/holding';
import type { ComponentHealth } from './component-health';
import type { HealthState, StillCode } from './health-state';
import type { LiveEvidence, Verdict } from './verdict';

/**
 * An exchange is there when its streams are connected and prices of each of its traded symbols come.
 *
 * @param symbols of this process; absent: all. Prices of those that other processes of the bot trade never come here
 */
export function exchangeHealth(
  state: HealthState,
  exchange: string,
  evidence: LiveEvidence,
  symbols?: readonly string[],
): ComponentHealth {
  for (const [stream, health] of state.streams.get(exchange) ?? []) {
    if (health.connected) continue;
    const since = new Date(health.since).toISOString();
    const reason = `the ${stream} stream is disconnected since ${since}: ${health.reason ?? 'no reason given'}`;
    return { status: 'down', reason };
  }
  const traded = [...state.trading.keys()].filter(
    (symbol) => state.exchangeOf.get(symbol) === exchange && (symbols?.includes(symbol) ?? true),
  );
  const { ageOf, staleAfter, isStarting } = evidence;
  const silent = traded.filter((symbol) => (ageOf(symbol) ?? Infinity) > staleAfter);
  if (silent.length > 0) {
    const reason = silent.map((symbol) => silence(symbol, evidence)).join('; ');
    const starting = isStarting && silent.every((symbol) => ageOf(symbol) === undefined);
    return { status: 'down', reason, symbols: silent, ...(starting && { starting }) };
  }
  return { status: 'up', reason: traded.length > 0 ? 'connected and fresh' : 'connected, nothing is traded' };
}

function silence(symbol: string, { ageOf, now }: LiveEvidence): string {
  const age = ageOf(symbol);
  if (age === undefined) return `no price of ${symbol} was received since the start`;
  return `no price of ${symbol} for ${formatDuration(age)}, since ${new Date(now - age).toISOString()}`;
}

/** Reasons for which a symbol by itself makes an application not ready: the left column of docs/operations.md. */
const NOT_READY: ReadonlySet<StillCode> = new Set<StillCode>([
  'ended',
  'disconnected',
  'breaker',
  'every_order_refused',
  'not_started',
  'no_price',
  'stale_price',
]);

/**
 * Trading is up while every symbol trades, and down while none does or one has lost what it can't trade without.
 *
 * @param isConfigured true where the application names its symbols: without that, not to trade is no fault
 */
export function tradingHealth(state: HealthState, verdict: Verdict, isConfigured: boolean): ComponentHealth {
  const symbols = [...state.trading.keys()];
  const { still } = verdict.symbols;
  const remarks = [
    ...[...state.breakers].map(([scope, { reason }]) => `circuit breaker ${scope} is open: ${reason}`),
    ...[...state.limits.values()].map(({ scope, limit }) => `risk limit ${limit} of ${scope} is breached`),
    ...[...state.panicked].map(([symbol, { strategy }]) => `strategy ${strategy} of ${symbol} has panicked`),
    ...[...state.stopped].map(([symbol, reason]) => {
      const { size, orders } = leftOf(state.holdings.get(symbol)) ?? { size: '0', orders: 0 };
      return `${symbol} was stopped (${reason}) with a position of ${size} and ${orders} live orders`;
    }),
  ];
  const isDown =
    (isConfigured || symbols.length > 0) &&
    (verdict.verdict !== 'trading' || still.some(({ code }) => NOT_READY.has(code)));
  const isDegraded = remarks.length > 0 || (still.length > 0 && symbols.length > 0);
  const reason = [verdict.title, ...remarks].join('; ');
  return { status: isDown ? 'down' : isDegraded ? 'degraded' : 'up', reason, symbols };
}
