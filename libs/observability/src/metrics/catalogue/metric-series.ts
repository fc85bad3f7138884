import type { OrderType, Side } from '@opensqt/trading-events';
import { ExactSum } from '../../projections/exact-sum';
import type { HistogramState } from '../projection/histogram';
import type { MetricsSource, Series } from './metrics-source';
import type { SideMetrics, StrategyMetrics, SymbolMetrics } from '../projection/metrics.state';

type Numbers = Iterable<Series<number>>;
type Histograms = Iterable<Series<HistogramState>>;

const SIDES: readonly Side[] = ['buy', 'sell'];
const ORDER_TYPES: readonly OrderType[] = ['limit', 'market', 'post_only'];

export const realizedProfit = (source: MetricsSource): Numbers =>
  perStrategy(source, ({ realized }) => realized.profit.toNumber());
export const realizedLoss = (source: MetricsSource): Numbers =>
  perStrategy(source, ({ realized }) => realized.loss.toNumber());
export const realizedNet = (source: MetricsSource): Numbers =>
  perStrategy(source, ({ realized }) => realized.net());
export const unrealized = (source: MetricsSource): Numbers =>
  perStrategy(source, ({ unrealized }) => (unrealized === undefined ? undefined : Number(unrealized)));
export const strategyPanics = (source: MetricsSource): Numbers => perStrategy(source, ({ panics }) => panics);

export function* ordersActive(source: MetricsSource): Numbers {
  for (const { symbol, side, metrics } of perSide(source)) {
    if (isAnyPlaced(metrics)) yield { labels: { symbol, side }, value: metrics.active };
  }
}

export function* ordersPlaced(source: MetricsSource): Numbers {
  for (const { symbol, side, metrics } of perSide(source)) {
    for (const type of ORDER_TYPES) {
      const value = metrics.placed[type];
      if (value > 0) yield { labels: { symbol, side, type }, value };
    }
  }
}

export function* ordersFilled(source: MetricsSource): Numbers {
  for (const { symbol, side, metrics } of perSide(source)) {
    if (metrics.filled > 0) yield { labels: { symbol, side }, value: metrics.filled };
  }
}

export function* volume(source: MetricsSource): Numbers {
  for (const [symbol, { sides, volume }] of shown(source)) {
    if (sides.buy.filled + sides.sell.filled > 0) yield { labels: { symbol }, value: volume.toNumber() };
  }
}

export function* positionSize(source: MetricsSource): Numbers {
  for (const [symbol, { strategies }] of shown(source)) {
    const total = new ExactSum();
    let known = false;
    for (const { size } of strategies.values()) {
      if (size === undefined) continue;
      total.add(size);
      known = true;
    }
    if (known) yield { labels: { symbol }, value: total.toNumber() };
  }
}

export function* exchangeLatency({ state }: MetricsSource): Histograms {
  for (const [exchange, operations] of state.calls) {
    for (const [operation, value] of operations) yield { labels: { exchange, operation }, value };
  }
}

export function* tickToTrade(source: MetricsSource): Histograms {
  for (const [symbol, { tickToTrade }] of shown(source)) {
    if (tickToTrade !== undefined) yield { labels: { symbol }, value: tickToTrade };
  }
}

export function* breakerOpen({ state }: MetricsSource): Numbers {
  for (const [scope, open] of state.breakers) {
    if (isShown(state.symbols.get(scope))) yield { labels: { scope }, value: Number(open) };
  }
}

export function* limitBreached({ state }: MetricsSource): Numbers {
  for (const [scope, limits] of state.limits) {
    if (!isShown(state.symbols.get(scope))) continue;
    for (const [limit, breached] of limits) yield { labels: { scope, limit }, value: Number(breached) };
  }
}

export function* exchangeConnected({ state }: MetricsSource): Numbers {
  for (const [exchange, streams] of state.connections) {
    for (const [stream, connected] of streams)
      yield { labels: { exchange, stream }, value: Number(connected) };
  }
}

export function* alertsRaised({ state }: MetricsSource): Numbers {
  for (const [condition, levels] of state.alertsRaised) {
    for (const [level, value] of levels) yield { labels: { condition, level }, value };
  }
}

export function* alertDeliveries({ state }: MetricsSource): Numbers {
  for (const [channel, outcomes] of state.deliveries) {
    for (const [outcome, value] of outcomes) yield { labels: { channel, outcome }, value };
  }
}

export function* deliveryLatency({ state }: MetricsSource): Histograms {
  for (const [channel, value] of state.deliveryLatency) yield { labels: { channel }, value };
}

export function* eventsRejected({ rejections }: MetricsSource): Numbers {
  for (const { type, reason, count } of rejections) yield { labels: { type, reason }, value: count };
}

export function* eventAge({ state, now }: MetricsSource): Numbers {
  for (const [type, { at }] of state.lastOccurred) {
    yield { labels: { type }, value: Math.max(0, now - at) / 1_000 };
  }
}

function* shown({ state }: MetricsSource): Iterable<readonly [string, SymbolMetrics]> {
  for (const entry of state.symbols) if (entry[1].shown) yield entry;
}

function* perSide(source: MetricsSource) {
  for (const [symbol, { sides }] of shown(source)) {
    for (const side of SIDES) yield { symbol, side, metrics: sides[side] };
  }
}

function isAnyPlaced({ placed }: SideMetrics): boolean {
  return ORDER_TYPES.some((type) => placed[type] > 0);
}

/** A scope that is no symbol (`global`) is always shown. */
function isShown(metrics: SymbolMetrics | undefined): boolean {
  return metrics === undefined || metrics.shown;
}

function* perStrategy(
  source: MetricsSource,
  read: (metrics: StrategyMetrics) => number | undefined,
): Iterable<Series<number>> {
  for (const [symbol, { strategies }] of shown(source)) {
    for (const [strategy, metrics] of strategies) {
      const value = read(metrics);
      if (value !== undefined) yield { labels: { symbol, strategy }, value };
    }
  }
}
