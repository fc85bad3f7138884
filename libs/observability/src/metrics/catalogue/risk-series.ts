import { type LimitMetrics, type SymbolMetrics, isShown } from '../projection/metrics.state';
import type { MetricsSource } from './metrics-source';
import type { Histograms, Numbers } from './shown-symbols';

/** The limit whose value is the drawdown. */
const DRAWDOWN = 'max_drawdown';

export function* breakerOpen({ state }: MetricsSource): Numbers {
  for (const [scope, open] of state.breakers) {
    if (isScopeShown(state.symbols.get(scope))) yield { labels: { scope }, value: Number(open) };
  }
}

export const limitBreached = (source: MetricsSource): Numbers =>
  perLimit(source, ({ breached }) => (breached === undefined ? undefined : Number(breached)));
export const limitValue = (source: MetricsSource): Numbers => perLimit(source, ({ value }) => value);
export const limitThreshold = (source: MetricsSource): Numbers =>
  perLimit(source, ({ threshold }) => threshold);

export function* drawdown({ state }: MetricsSource): Numbers {
  for (const [scope, limits] of state.limits) {
    const value = limits.get(DRAWDOWN)?.value;
    if (value !== undefined && isScopeShown(state.symbols.get(scope))) yield { labels: { scope }, value };
  }
}

export function* exchangeConnected({ state }: MetricsSource): Numbers {
  for (const [exchange, streams] of state.connections) {
    for (const [stream, connected] of streams)
      yield { labels: { exchange, stream }, value: Number(connected) };
  }
}

export function* exchangeCalls({ state }: MetricsSource): Numbers {
  for (const [exchange, outcomes] of state.callOutcomes) {
    for (const [outcome, value] of outcomes) yield { labels: { exchange, outcome }, value };
  }
}

export function* exchangeLatency({ state }: MetricsSource): Histograms {
  for (const [exchange, operations] of state.calls) {
    for (const [operation, value] of operations) yield { labels: { exchange, operation }, value };
  }
}

function* perLimit({ state }: MetricsSource, read: (metrics: LimitMetrics) => number | undefined): Numbers {
  for (const [scope, limits] of state.limits) {
    if (!isScopeShown(state.symbols.get(scope))) continue;
    for (const [limit, metrics] of limits) {
      const value = read(metrics);
      if (value !== undefined) yield { labels: { scope, limit }, value };
    }
  }
}

/** A scope that is no symbol (`global`) is always shown. */
function isScopeShown(metrics: SymbolMetrics | undefined): boolean {
  return metrics === undefined || isShown(metrics);
}
