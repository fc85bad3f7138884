import { ExactSum } from '../../projections/exact-sum';
import type { SymbolMetrics } from '../projection/metrics.state';
import type { MetricsSource } from './metrics-source';
import { type Numbers, perStrategy, perSymbol } from './shown-symbols';

export const realizedProfit = (source: MetricsSource): Numbers =>
  perStrategy(source, ({ realized }) => realized.profit.toNumber());
export const realizedLoss = (source: MetricsSource): Numbers =>
  perStrategy(source, ({ realized }) => realized.loss.toNumber());
export const realizedNet = (source: MetricsSource): Numbers =>
  perStrategy(source, ({ realized }) => realized.net());
export const unrealized = (source: MetricsSource): Numbers =>
  perStrategy(source, ({ unrealized }) => (unrealized === undefined ? undefined : Number(unrealized)));
export const strategyPanics = (source: MetricsSource): Numbers => perStrategy(source, ({ panics }) => panics);
export const entryPrice = (source: MetricsSource): Numbers =>
  perStrategy(source, ({ size, entryPrice }) =>
    entryPrice === undefined || Number(size) === 0 ? undefined : Number(entryPrice),
  );
export const markPrice = (source: MetricsSource): Numbers =>
  perSymbol(source, ({ mark }) => (mark === undefined ? undefined : Number(mark.price)));
export const positionSize = (source: MetricsSource): Numbers => perSymbol(source, sizeOf);

export const inventoryValue = (source: MetricsSource): Numbers =>
  perSymbol(source, (metrics) => {
    const size = sizeOf(metrics);
    if (size === 0) return 0;
    return size === undefined || metrics.mark === undefined ? undefined : size * Number(metrics.mark.price);
  });

/** Undefined while no strategy's position is known. */
function sizeOf({ strategies }: SymbolMetrics): number | undefined {
  const total = new ExactSum();
  let known = false;
  for (const { size } of strategies.values()) {
    if (size === undefined) continue;
    total.add(size);
    known = true;
  }
  return known ? total.toNumber() : undefined;
}
