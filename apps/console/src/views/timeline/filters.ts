import type { Overview } from '@opensqt/observability/console-api';
import { parseTime } from '../../format/time';

/** Groups of types that a log is filtered by; the value is what the API takes. */
export const TYPES: readonly (readonly [value: string, words: string])[] = [
  ['', 'all types'],
  [
    'alert.raised,alert.repeated,alert.escalated,alert.acknowledged,alert.resolved,alert.suppressed,incident.planned',
    'alerts',
  ],
  ['delivery.requested,delivery.started,delivery.succeeded,delivery.failed,delivery.abandoned', 'deliveries'],
  ['order.placed,order.filled,order.canceled,order.rejected', 'orders'],
  ['order.filled', 'fills'],
  ['position.changed', 'positions'],
  [
    'circuit_breaker.tripped,circuit_breaker.reset,risk.limit_breached,risk.limit_cleared',
    'breakers and limits',
  ],
  ['exchange.connected,exchange.disconnected,exchange.reconnecting,exchange.reconnected', 'exchange'],
  ['quoting.paused,quoting.resumed', 'quoting'],
];

/** The filters of an address. */
interface Filters {
  readonly type: string;
  readonly symbol: string;
  readonly bot: string;
  readonly alert: string;
  readonly from: string;
  readonly to: string;
}

export const filtersOf = (query: Readonly<Record<string, string>>): Filters => ({
  type: query['type'] ?? '',
  symbol: query['symbol'] ?? '',
  bot: query['bot'] ?? '',
  alert: query['alert'] ?? '',
  from: query['from'] ?? '',
  to: query['to'] ?? '',
});

/** The query as the API takes it; times without a date are of the day of `day`. */
export const queryOf = (filters: Filters, day: number) => ({
  ...filters,
  from: filters.from === '' ? null : parseTime(filters.from, day),
  to: filters.to === '' ? null : parseTime(filters.to, day),
});

/** Choices of symbols and bots, by what is on the log. */
export const choicesOf = (overview: Overview | null) => ({
  symbols: ['', ...(overview?.symbols.map(({ symbol }) => symbol) ?? [])].map(
    (one) => [one, one || 'all symbols'] as const,
  ),
  bots: ['', ...new Set(overview?.writers.map(({ bot }) => bot) ?? [])].map(
    (one) => [one, one || 'all bots'] as const,
  ),
});
