import { AlertLevel, type AnyEvent, type PauseReason, createEvent } from '@opensqt/trading-events';
import { ProjectedState } from '../../projections/projection';
import type { HealthState } from '../health-state';
import { healthProjection } from '../health.projection';
import type { LiveEvidence } from '../verdict';

export const START = 1_700_000_000_000;
export const AT_START = '2023-11-14T22:13:20.000Z';
export const MINUTE = 60_000;

/** The state after these events, at positions from 1 on. */
export function after(...events: readonly AnyEvent[]): HealthState {
  const health = ProjectedState.of(healthProjection);
  events.forEach((event, index) => {
    health.foldLogged({ position: index + 1, bot: 'test', event }, 'test');
  });
  return health.current;
}

/** Evidence of these symbols' prices, by age. */
export function priced(ages: Readonly<Record<string, number>>, isStarting = false): LiveEvidence {
  return { now: START, staleAfter: MINUTE, isStarting, ageOf: (symbol) => ages[symbol] };
}

const at = (seconds: number) => ({ occurredAt: START + seconds * 1_000 });

/** Facts of trading, each at a second after the start. */
export const facts = {
  started: (symbol: string, seconds = 0, exchange = 'paper') =>
    createEvent('symbol.started', { symbol, exchange, strategy: 'grid' }, at(seconds)),
  stopped: (symbol: string, reason: string, seconds = 0) =>
    createEvent('symbol.stopped', { symbol, reason }, at(seconds)),
  paused: (symbol: string, reason: PauseReason, seconds = 0) =>
    createEvent('quoting.paused', { symbol, reason }, at(seconds)),
  resumed: (symbol: string, reason: PauseReason, seconds = 0) =>
    createEvent('quoting.resumed', { symbol, reason, pausedMs: 1 }, at(seconds)),
  lost: (seconds = 0, stream: 'market' | 'orders' = 'market') =>
    createEvent(
      'exchange.disconnected',
      { exchange: 'paper', stream, reason: 'ping timeout', reconnecting: true },
      at(seconds),
    ),
  back: (seconds = 0, stream: 'market' | 'orders' = 'market') =>
    createEvent(
      'exchange.reconnected',
      { exchange: 'paper', stream, downtimeMs: 1, attempts: 1 },
      at(seconds),
    ),
  tripped: (scope = 'global', seconds = 0) =>
    createEvent(
      'circuit_breaker.tripped',
      { scope, reason: 'max_drawdown', value: '1', threshold: '1', cooldownMs: 1 },
      at(seconds),
    ),
  reset: (scope = 'global', seconds = 0) =>
    createEvent('circuit_breaker.reset', { scope, by: 'cooldown' }, at(seconds)),
  panicked: (symbol: string, seconds = 0) =>
    createEvent(
      'strategy.panicked',
      { symbol, strategy: 'grid', error: { name: 'GridError', message: 'no' } },
      at(seconds),
    ),
  restarted: (symbol: string, seconds = 0) =>
    createEvent('strategy.restarted', { symbol, strategy: 'grid', attempt: 1 }, at(seconds)),
  breached: (scope: string, limit: string, seconds = 0) =>
    createEvent(
      'risk.limit_breached',
      { scope, limit, value: '2', threshold: '1', severity: 'warning' },
      at(seconds),
    ),
  cleared: (scope: string, limit: string, seconds = 0) =>
    createEvent('risk.limit_cleared', { scope, limit, value: '0', threshold: '1' }, at(seconds)),
  placed: (symbol: string, seconds = 0) =>
    createEvent(
      'order.placed',
      {
        ...{ symbol, strategy: 'grid', orderId: `o${seconds}`, clientOrderId: 'c', side: 'buy' },
        ...{ orderType: 'limit', price: '1', quantity: '1' },
      },
      at(seconds),
    ),
  holds: (symbol: string, size: string, seconds = 0) =>
    createEvent(
      'position.changed',
      { symbol, strategy: 'grid', size, entryPrice: '1', realizedPnl: '0', unrealizedPnl: '0' },
      at(seconds),
    ),
  alerted: (condition: string, labels: Readonly<Record<string, string>>, reason: string, seconds = 0) =>
    createEvent(
      'alert.raised',
      {
        ...{ alertId: condition, fingerprint: condition, condition, labels, oneOff: false },
        notice: {
          ...{ level: AlertLevel.Error, title: condition, message: reason, timestamp: START },
          fields: condition === 'orders_rejected' ? { Reason: reason } : {},
        },
      },
      at(seconds),
    ),
  resolved: (condition: string, seconds = 0) =>
    createEvent(
      'alert.resolved',
      {
        ...{ alertId: condition, fingerprint: condition, condition, reason: 'over' },
        notice: { level: AlertLevel.Error, title: 'over', message: '', timestamp: START, fields: {} },
      },
      at(seconds),
    ),
};
