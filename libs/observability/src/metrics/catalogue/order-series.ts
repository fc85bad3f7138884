import type { OrderType, Side } from '@opensqt/trading-events';
import { ExactSum } from '../../projections/exact-sum';
import type { SymbolMetrics } from '../projection/metrics.state';
import type { MetricsSource } from './metrics-source';
import { type Histograms, type Numbers, perSymbol, shownSymbols } from './shown-symbols';

const SIDES: readonly Side[] = ['buy', 'sell'];
const ORDER_TYPES: readonly OrderType[] = ['limit', 'market', 'post_only'];

export function* ordersActive(source: MetricsSource): Numbers {
  for (const { symbol, side, metrics } of perSide(source))
    yield { labels: { symbol, side }, value: metrics.active };
}

export function* ordersPlaced(source: MetricsSource): Numbers {
  for (const { symbol, side, metrics } of perSide(source)) {
    for (const type of ORDER_TYPES) yield { labels: { symbol, side, type }, value: metrics.placed[type] };
  }
}

export function* ordersFilled(source: MetricsSource): Numbers {
  for (const { symbol, side, metrics } of perSide(source))
    yield { labels: { symbol, side }, value: metrics.filled };
}

export const ordersRejected = (source: MetricsSource): Numbers =>
  perReason(source, ({ rejected }) => rejected);
export const ordersCanceled = (source: MetricsSource): Numbers =>
  perReason(source, ({ canceled }) => canceled);
export const volume = (source: MetricsSource): Numbers =>
  perSymbol(source, ({ volume }) => volume.toNumber());
export const volumeQuote = (source: MetricsSource): Numbers =>
  perSymbol(source, ({ turnover }) => turnover.toNumber());
export const feesPaid = (source: MetricsSource): Numbers => perAsset(source, 'paid');
export const feeRebates = (source: MetricsSource): Numbers => perAsset(source, 'received');
export const quotedSpread = (source: MetricsSource): Numbers => perSymbol(source, spreadOf);
export const quotingTime = (source: MetricsSource): Numbers =>
  perSymbol(source, ({ quoting }) => quoting.ms / 1_000);

export function* tickToTrade(source: MetricsSource): Histograms {
  for (const [symbol, { tickToTrade }] of shownSymbols(source))
    yield { labels: { symbol }, value: tickToTrade };
}

export function* timeToFill(source: MetricsSource): Histograms {
  for (const [symbol, { timeToFill }] of shownSymbols(source))
    yield { labels: { symbol }, value: timeToFill };
}

function* perSide(source: MetricsSource) {
  for (const [symbol, { sides }] of shownSymbols(source)) {
    for (const side of SIDES) yield { symbol, side, metrics: sides[side] };
  }
}

function* perReason(
  source: MetricsSource,
  counts: (metrics: SymbolMetrics) => ReadonlyMap<string, number>,
): Numbers {
  for (const [symbol, metrics] of shownSymbols(source)) {
    for (const [reason, value] of counts(metrics)) yield { labels: { symbol, reason }, value };
  }
}

function* perAsset(source: MetricsSource, which: 'paid' | 'received'): Numbers {
  for (const [symbol, { fees }] of shownSymbols(source)) {
    for (const [asset, counted] of fees)
      yield { labels: { symbol, asset }, value: counted[which].toNumber() };
  }
}

function spreadOf({ quote }: SymbolMetrics): number | undefined {
  if (quote?.bid === undefined || quote.ask === undefined) return undefined;
  const [ask, bid] = [new ExactSum(), new ExactSum()];
  ask.add(quote.ask);
  bid.add(quote.bid);
  return ask.minus(bid).toNumber();
}
