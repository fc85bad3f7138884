import type { Measure } from '@opensqt/trading-events';
import { isMilliseconds, isMoney } from '../../alerts/rules/risk-units';
import type { HistogramState } from '../../metrics/projection/histogram';
import { isShown } from '../../metrics/projection/metrics.state';
import type { LimitView, Overview, SymbolRow, VerdictView } from '../api/overview';
import type { LimitState, OpenBreaker } from '../state/console.state';
import { ORDERS_TIMED } from '../state/console.projection';
import { openAlerts } from './alert-views';
import { difference, total, totals } from './amounts';
import type { OverviewSources } from './sources';
import { markOf, oldest, symbolRows } from './symbol-rows';

const MAX_ALERTS = 500;
/** Of market time. */
const TIMED_MS = 15 * 60_000;

/**
 * Everything that the overview shows of one position, live as of the past.
 *
 * @example
 * overviewOf(sources).verdict.title; // 'Trading, 1 of 3 symbols stands still'
 */
export function overviewOf(sources: OverviewSources): Overview {
  const { bot, position, head, time, wallTime, console, live, alerts } = sources;
  const symbols = symbolRows(sources);
  const open = openAlerts(alerts, time ?? wallTime, MAX_ALERTS);
  return {
    mode: live === undefined ? 'past' : 'live',
    bot,
    position,
    head,
    time: time ?? null,
    wallTime,
    replaying: live?.replaying ?? null,
    verdict: verdictView(sources),
    alerts: { open: alerts.open.size, worst: open[0]?.level ?? null, items: open },
    profit: profitOf(symbols, sources),
    limits: [...console.limits.values()].map(limitView).sort(byScope),
    latency: { tickToOrder: tickToOrder(sources), exchangeCall: exchangeCall(sources) },
    log: { rate: live?.rate ?? null, waiting: live?.waiting ?? null, failure: live?.failure ?? null },
    // One that is stopped and has nothing left is history; it stays a part of the sums.
    symbols: symbols.filter(({ symbol }) => isShownIn(sources, symbol)),
    writers: [...(live?.writers ?? [])],
  };
}

function isShownIn({ metrics }: OverviewSources, symbol: string): boolean {
  const measured = metrics.symbols.get(symbol);
  return measured === undefined || isShown(measured);
}

function verdictView({ verdict }: OverviewSources): VerdictView {
  const still = verdict.symbols.still.map(({ symbol, code, reason, since }) => ({
    ...{ symbol, code, reason },
    since: markOf(since),
  }));
  const { title, reason } = verdict;
  return {
    verdict: verdict.verdict,
    ...{ title, reason },
    since: markOf(verdict.since),
    symbols: { total: verdict.symbols.total, still },
  };
}

function profitOf(rows: readonly SymbolRow[], { console }: OverviewSources): Overview['profit'] {
  const states = [...console.symbols.values()];
  // A symbol that never filled has no money in any currency.
  const counted = rows.filter(
    ({ fills, realized }) => fills > 0 || (realized !== null && Number(realized) !== 0),
  );
  const quotes = new Set(counted.map(({ quoteAsset }) => quoteAsset));
  const [only] = quotes;
  const quoteAsset = quotes.size === 1 ? (only ?? null) : null;
  const fees = totals(states.flatMap((state) => [...state.fees]));
  const isOneCurrency = quotes.size === 1;
  const realized = isOneCurrency ? sumOf(rows, 'realized') : null;
  const unrealized = isOneCurrency ? sumOf(rows, 'unrealized') : null;
  const inQuote = fees.every(({ asset }) => asset === quoteAsset);
  const afterFees =
    realized === null || unrealized === null || !inQuote
      ? null
      : difference(total([realized, unrealized]), total(fees.map(({ amount }) => amount)));
  const fills = states.reduce((count, state) => count + state.fills, 0);
  return {
    quoteAsset,
    realized,
    unrealized,
    unrealizedFrom: oldest(states.map(({ valued }) => valued)),
    fees,
    afterFees,
    volume: fills === 0 || !isOneCurrency ? null : total(states.map(({ volume }) => volume.toString())),
    fills,
    since: markOf(console.marks.firstFill),
  };
}

/** Null where none is known; one that is not known yet is no part of it. */
function sumOf(rows: readonly SymbolRow[], field: 'realized' | 'unrealized'): string | null {
  const known = rows.flatMap((row) => row[field] ?? []);
  return known.length === 0 ? null : total(known);
}

/** A limit, with the unit that its code has. */
function limitView({ scope, limit, value, threshold, quoteAsset, breached, from }: LimitState): LimitView {
  return {
    scope,
    limit,
    value: measure(value),
    threshold: measure(threshold),
    unit: unitOf(limit, quoteAsset),
    breached,
    from: markOf(from),
  };
}

/** `ms`, or the currency where it is money and known; null where it is a number alone. */
export function unitOf(limit: string, quoteAsset: OpenBreaker['quoteAsset']): string | null {
  if (isMilliseconds(limit)) return 'ms';
  return isMoney(limit) ? (quoteAsset ?? null) : null;
}

/** A measured value as a decimal. */
export function measure(value: Measure | undefined): string | null {
  return value === undefined ? null : String(value);
}

function byScope(a: LimitView, b: LimitView): number {
  if (a.scope !== b.scope)
    return a.scope === 'global' ? -1 : b.scope === 'global' ? 1 : a.scope.localeCompare(b.scope);
  return a.limit.localeCompare(b.limit);
}

function tickToOrder({ console, time }: OverviewSources): Overview['latency']['tickToOrder'] {
  const from = (time ?? 0) - TIMED_MS;
  const recent = console.tickToOrder.slice(-ORDERS_TIMED).filter(({ at }) => at >= from);
  if (recent.length === 0) return null;
  const sorted = recent.map(({ ms }) => ms).sort((a, b) => a - b);
  return { p50: atQuantile(sorted, 0.5), p99: atQuantile(sorted, 0.99), orders: sorted.length };
}

/** @param sorted at least one value */
function atQuantile(sorted: readonly number[], quantile: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * quantile) - 1)] ?? 0;
}

function exchangeCall({ metrics }: OverviewSources): Overview['latency']['exchangeCall'] {
  const histograms = [...metrics.calls.values()].flatMap((operations) => [...operations.values()]);
  const calls = histograms.reduce((sum, { count }) => sum + count, 0);
  return calls === 0 ? null : { p99: bucketQuantile(histograms, 0.99), calls };
}

/** The upper bound of the bucket that a quantile of all lies in; null: beyond the last bound, or there is nothing. */
export function bucketQuantile(histograms: readonly HistogramState[], quantile: number): number | null {
  const counts = new Map<number, number>();
  let all = 0;
  for (const { bounds, counts: each, count } of histograms) {
    all += count;
    bounds.forEach((bound, index) => counts.set(bound, (counts.get(bound) ?? 0) + (each[index] ?? 0)));
  }
  let below = 0;
  for (const [bound, count] of [...counts].sort(([a], [b]) => a - b)) {
    below += count;
    if (all > 0 && below >= all * quantile) return bound;
  }
  return null;
}
