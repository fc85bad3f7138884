import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { alertsOptions } from '../../options/alerts.options';
import { rulesOf } from './registry';

const rules = rulesOf({ ...alertsOptions.parse({}), canReset: true });
const at = { occurredAt: Date.UTC(2026, 0, 1, 3, 0, 0) };

const EVENTS: Readonly<Record<string, TradingEvent>> = {
  tripped: createEvent(
    'circuit_breaker.tripped',
    { scope: 'global', reason: 'max_drawdown', value: '512.30', threshold: '500', cooldownMs: 600_000 },
    at,
  ),
  halted: createEvent(
    'circuit_breaker.tripped',
    {
      scope: 'BTCUSDT',
      reason: 'max_consecutive_losses',
      value: 5,
      threshold: 5,
      cooldownMs: 600_000,
      position: '-0.0415',
      notional: '2503.484',
      unrealizedPnl: '-2503.4812',
      realizedPnl: '12.5',
      quoteAsset: 'USDT',
      ordersCanceled: 7,
      positionsKept: true,
    },
    at,
  ),
  volatile: createEvent(
    'circuit_breaker.tripped',
    {
      scope: 'BTCUSDT',
      reason: 'max_volatility',
      value: '0.030000001',
      threshold: '0.03',
      cooldownMs: 600_000,
      ordersCanceled: 1,
      positionsKept: false,
    },
    at,
  ),
  resetUnderAnother: createEvent(
    'circuit_breaker.reset',
    { scope: 'ETHUSDT', by: 'cooldown', stillTripped: { global: Date.UTC(2026, 0, 1, 3, 35, 39) } },
    at,
  ),
  resetOverOthers: createEvent(
    'circuit_breaker.reset',
    { scope: 'global', by: 'cooldown', stillTripped: { ETHUSDT: Date.UTC(2026, 0, 1, 3, 35, 39) } },
    at,
  ),
  resetByName: createEvent('circuit_breaker.reset', { scope: 'global', by: 'eve', reason: 'hedged' }, at),
  drawdown: createEvent(
    'circuit_breaker.tripped',
    {
      scope: 'global',
      reason: 'max_drawdown',
      value: '500.001',
      threshold: '500',
      cooldownMs: 600_000,
      quoteAsset: 'USDT',
      ordersCanceled: 0,
    },
    at,
  ),
  exposed: createEvent(
    'risk.limit_breached',
    {
      scope: 'global',
      limit: 'max_exposure',
      value: '50000.001',
      threshold: '50000',
      severity: 'warning',
      quoteAsset: 'USDT',
    },
    at,
  ),
  tiny: createEvent(
    'risk.limit_breached',
    { scope: 'SHIBUSDT', limit: 'max_spread', value: 1e-7, threshold: 5e-8, severity: 'warning' },
    at,
  ),
  stale: createEvent(
    'risk.limit_breached',
    { scope: 'BTCUSDT', limit: 'market_data_age', value: 30_400, threshold: 30_000, severity: 'warning' },
    at,
  ),
  small: createEvent(
    'risk.limit_breached',
    { scope: 'BTCUSDT', limit: 'min_order_size', value: '0.0004', threshold: '0.001', severity: 'error' },
    at,
  ),
  reset: createEvent('circuit_breaker.reset', { scope: 'BTCUSDT', by: 'operator' }, at),
  breached: createEvent(
    'risk.limit_breached',
    {
      scope: 'global',
      limit: 'max_exchange_latency_ms',
      value: 812.123456789,
      threshold: 500,
      severity: 'error',
    },
    at,
  ),
  cleared: createEvent('risk.limit_cleared', { scope: 'global', limit: 'max_exchange_latency_ms' }, at),
  disconnected: createEvent(
    'exchange.disconnected',
    { exchange: 'kraken', stream: 'orders', reason: 'ping timeout', reconnecting: true },
    at,
  ),
  reconnected: createEvent(
    'exchange.reconnected',
    { exchange: 'kraken', stream: 'orders', downtimeMs: 185_000, attempts: 7 },
    at,
  ),
  panicked: createEvent(
    'strategy.panicked',
    {
      symbol: 'ETHUSDT',
      strategy: 'grid',
      error: {
        name: 'GridError',
        message: 'level 3 at -1.2',
        stack: 'GridError: level 3\n    at decide (grid.ts:1:1)',
      },
    },
    at,
  ),
  restarted: createEvent('strategy.restarted', { symbol: 'ETHUSDT', strategy: 'grid', attempt: 2 }, at),
  large: createEvent(
    'order.filled',
    {
      symbol: 'BTCUSDT',
      strategy: 'grid',
      orderId: 'o-1',
      fillId: 'f-1',
      side: 'sell',
      price: '60000.10',
      quantity: '0.20000000',
      remaining: '0',
      fee: '0',
      feeAsset: 'USDT',
    },
    at,
  ),
};

/** The verdict of each rule on an event, in one line: condition, level, labels, title, message. */
function said(event: TradingEvent | undefined): readonly string[] {
  if (event === undefined) return [];
  return rules.flatMap((rule) => {
    const verdict = rule.decide?.(event);
    if (verdict === undefined) return [];
    const level = verdict.verdict === 'raise' ? verdict.level : 'resolve';
    return `${rule.condition} ${level} ${JSON.stringify(verdict.labels)} | ${verdict.title} | ${verdict.message}`;
  });
}

describe('the five conditions, in words for 3 a.m.', () => {
  it.each([
    [
      'tripped',
      'circuit_breaker_trip CRITICAL {"scope":"global"} | Circuit breaker tripped: all symbols | max drawdown reached 512.3 (limit 500). Trading of all symbols is halted: open orders are cancelled, and none is placed until the breaker resets. It resets by itself at 2026-01-01 03:10:00 UTC, after 10 min.\nTo reset it before: npx opensqt alerts reset global --reason TEXT',
    ],
    [
      'halted',
      'circuit_breaker_trip CRITICAL {"scope":"BTCUSDT"} | Circuit breaker tripped: BTCUSDT | max consecutive losses reached 5 (limit 5). Position −0.0415, Notional 2,503.48 USDT, Unrealized PnL −2,503.48 USDT, Realized PnL 12.5 USDT. Trading of BTCUSDT is halted: 7 open orders are cancelled, and none is placed until the breaker resets. Positions are kept. It resets by itself at 2026-01-01 03:10:00 UTC, after 10 min.\nTo reset it before: npx opensqt alerts reset BTCUSDT --reason TEXT',
    ],
    [
      'volatile',
      'circuit_breaker_trip CRITICAL {"scope":"BTCUSDT"} | Circuit breaker tripped: BTCUSDT | max volatility reached 3.0000001 % (limit 3 %). Trading of BTCUSDT is halted: 1 open order is cancelled, and none is placed until the breaker resets. Positions are closed. It resets by itself at 2026-01-01 03:10:00 UTC, after 10 min.\nTo reset it before: npx opensqt alerts reset BTCUSDT --reason TEXT',
    ],
    [
      'drawdown',
      'circuit_breaker_trip CRITICAL {"scope":"global"} | Circuit breaker tripped: all symbols | max drawdown reached 500.001 USDT (limit 500 USDT). Trading of all symbols is halted: no order was open, and none is placed until the breaker resets. It resets by itself at 2026-01-01 03:10:00 UTC, after 10 min.\nTo reset it before: npx opensqt alerts reset global --reason TEXT',
    ],
    [
      'resetByName',
      'circuit_breaker_trip resolve {"scope":"global"} | Circuit breaker reset: all symbols | eve reset it: hedged. This breaker does not halt all symbols any more.',
    ],
    [
      'resetUnderAnother',
      'circuit_breaker_trip resolve {"scope":"ETHUSDT"} | Circuit breaker reset: ETHUSDT | Its cooldown has passed. This breaker does not halt ETHUSDT any more. ETHUSDT is still halted by the breaker of all symbols, until 2026-01-01 03:35:39 UTC.',
    ],
    [
      'resetOverOthers',
      'circuit_breaker_trip resolve {"scope":"global"} | Circuit breaker reset: all symbols | Its cooldown has passed. This breaker does not halt all symbols any more. Still halted by their own breakers: ETHUSDT, until 2026-01-01 03:35:39 UTC.',
    ],
    [
      'exposed',
      'risk_limit_breach WARNING {"scope":"global","limit":"max_exposure"} | Risk limit breached: max exposure of all symbols | max exposure is 50,000.001 USDT (limit 50,000 USDT). Until it clears only orders that reduce a position are placed in all symbols. It does not halt trading by itself.',
    ],
    [
      'tiny',
      'risk_limit_breach WARNING {"scope":"SHIBUSDT","limit":"max_spread"} | Risk limit breached: max spread of SHIBUSDT | max spread is 0.0000001 (limit 0.00000005). It does not halt trading by itself.',
    ],
    [
      'stale',
      'risk_limit_breach WARNING {"scope":"BTCUSDT","limit":"market_data_age"} | Market data is stale: BTCUSDT | No price for 30.4 s (limit 30 s). Its orders are cancelled, and nothing is quoted until prices are received again.',
    ],
    [
      'small',
      'risk_limit_breach ERROR {"scope":"BTCUSDT","limit":"min_order_size"} | Orders are too small: BTCUSDT | The strategy\'s smallest order is 0.0004 (the market takes 0.001 or more): it is not placed. Raise the order\'s size, or lower lot_size or min_notional where they are not the venue\'s.',
    ],
    [
      'reset',
      'circuit_breaker_trip resolve {"scope":"BTCUSDT"} | Circuit breaker reset: BTCUSDT | An operator reset it. This breaker does not halt BTCUSDT any more.',
    ],
    [
      'breached',
      'risk_limit_breach ERROR {"scope":"global","limit":"max_exchange_latency_ms"} | Risk limit breached: max exchange latency of all symbols | max exchange latency is 812 ms (limit 500 ms). Until it clears only orders that reduce a position are placed in all symbols. It does not halt trading by itself.',
    ],
    [
      'cleared',
      'risk_limit_breach resolve {"scope":"global","limit":"max_exchange_latency_ms"} | Risk limit cleared: max exchange latency of all symbols | max exchange latency is within its limit again.',
    ],
    [
      'disconnected',
      'exchange_disconnect WARNING {"exchange":"kraken","stream":"orders"} | Exchange disconnected: kraken (orders stream) | ping timeout. Reconnecting; this becomes an ERROR after 1 min. Until then fills and cancels are not seen.',
    ],
    [
      'reconnected',
      'exchange_disconnect resolve {"exchange":"kraken","stream":"orders"} | Exchange reconnected: kraken (orders stream) | Back after 3 min 5 s and 7 attempts.',
    ],
    [
      'panicked',
      'strategy_panic CRITICAL {"symbol":"ETHUSDT","strategy":"grid"} | Strategy panicked: grid on ETHUSDT | GridError: level 3 at -1.2. At decide (grid.ts:1:1). grid on ETHUSDT is halted until it is restarted; other symbols are not halted by this. The stack is in the log: npx opensqt events --type strategy.panicked',
    ],
    [
      'restarted',
      'strategy_panic resolve {"symbol":"ETHUSDT","strategy":"grid"} | Strategy restarted: grid on ETHUSDT | It runs again, after restart 2.',
    ],
    [
      'large',
      'large_execution INFO {"symbol":"BTCUSDT","strategy":"grid"} | Large execution: BTCUSDT sell 12,000.02 | Sold 0.2 BTCUSDT at 60,000.1: 12,000.02 in quote currency (alert from 10,000).',
    ],
  ])('%s', (name, expected) => {
    expect(said(EVENTS[name])).toEqual([expected]);
  });
});

it('a trip offers no reset where nobody can reset, and gives its times in the time zone of messages', () => {
  const [rule] = rulesOf({ ...alertsOptions.parse({}), timeZone: 'Europe/Berlin' });
  const tripped = EVENTS['tripped'];
  expect(tripped && rule?.decide?.(tripped)?.message).toMatch(
    /It resets by itself at 2026-01-01 04:10:00 UTC\+1, after 10 min\.$/,
  );
});
