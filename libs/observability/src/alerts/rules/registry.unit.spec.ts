import { type TradingEvent, createEvent } from '@opensqt/trading-events';
import { alertsOptions } from '../../options/alerts.options';
import { rulesOf } from './registry';

const rules = rulesOf(alertsOptions.parse({}));
const at = { occurredAt: Date.UTC(2026, 0, 1, 3, 0, 0) };

const EVENTS: Readonly<Record<string, TradingEvent>> = {
  tripped: createEvent(
    'circuit_breaker.tripped',
    { scope: 'global', reason: 'max_drawdown', value: '512.30', threshold: '500', cooldownMs: 600_000 },
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

/** What each rule says of an event, in one line: condition, level, labels, title, message. */
function said(event: TradingEvent | undefined): readonly string[] {
  if (event === undefined) return [];
  return rules.flatMap((rule) => {
    const verdict = rule.decide(event);
    if (verdict === undefined) return [];
    const level = verdict.verdict === 'raise' ? verdict.level : 'resolve';
    return `${rule.condition} ${level} ${JSON.stringify(verdict.labels)} | ${verdict.title} | ${verdict.message}`;
  });
}

describe('the five conditions, in words for 3 a.m.', () => {
  it.each([
    [
      'tripped',
      'circuit_breaker_trip CRITICAL {"scope":"global"} | Circuit breaker tripped: all symbols | max drawdown reached 512.3 (limit 500). Trading is stopped: open orders are cancelled and nothing is placed until it resets, by itself at 03:10:00 UTC (after 10 min) or by an operator.',
    ],
    [
      'reset',
      'circuit_breaker_trip resolve {"scope":"BTCUSDT"} | Circuit breaker reset: BTCUSDT | An operator reset it. Trading goes on.',
    ],
    [
      'breached',
      'risk_limit_breach ERROR {"scope":"global","limit":"max_exchange_latency_ms"} | Risk limit breached: max exchange latency of all symbols | max exchange latency is 812.12345679 ms (limit 500 ms). Trading goes on within the limit.',
    ],
    [
      'cleared',
      'risk_limit_breach resolve {"scope":"global","limit":"max_exchange_latency_ms"} | Risk limit cleared: max exchange latency of all symbols | max exchange latency is within its limit again.',
    ],
    [
      'disconnected',
      'exchange_disconnect WARNING {"exchange":"kraken","stream":"orders"} | Exchange disconnected: kraken (orders stream) | ping timeout. Reconnecting; this becomes an ERROR after 1 min. Fills and cancels are not seen meanwhile.',
    ],
    [
      'reconnected',
      'exchange_disconnect resolve {"exchange":"kraken","stream":"orders"} | Exchange reconnected: kraken (orders stream) | Back after 3 min 5 s and 7 attempts.',
    ],
    [
      'panicked',
      'strategy_panic CRITICAL {"symbol":"ETHUSDT","strategy":"grid"} | Strategy panicked: grid on ETHUSDT | GridError: level 3 at -1.2. ETHUSDT stands still until the strategy is restarted; other symbols go on.',
    ],
    [
      'restarted',
      'strategy_panic resolve {"symbol":"ETHUSDT","strategy":"grid"} | Strategy restarted: grid on ETHUSDT | It runs again, at restart 2.',
    ],
    [
      'large',
      'large_execution INFO {"symbol":"BTCUSDT","strategy":"grid"} | Large execution: BTCUSDT sell 12000.02 | Sold 0.2 BTCUSDT at 60000.1: 12000.02 in quote currency (threshold 10000).',
    ],
  ])('%s', (name, expected) => {
    expect(said(EVENTS[name])).toEqual([expected]);
  });
});
