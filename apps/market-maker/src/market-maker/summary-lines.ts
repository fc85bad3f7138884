import type { RunSummary } from '@opensqt/trading';

/** The totals of a run, for the log. */
export function summaryLines(summary: RunSummary, tookMs: number): readonly string[] {
  const { trades, malformed, ordersPlaced, fills, canceled, rejected, panics, trips, realizedPnl } = summary;
  const seconds = tookMs / 1_000;
  const rate = Math.round(trades / Math.max(seconds, 0.001)).toLocaleString('en-US');
  return [
    `Recording finished at ${new Date(summary.marketTime).toISOString()} market time, after ${seconds.toFixed(1)} s (${rate} trades/s).`,
    `Trades ${trades}, malformed lines ${malformed}; orders ${ordersPlaced}, fills ${fills}, cancels ${canceled}, rejected ${rejected}; panics ${panics}, breaker trips ${trips}.`,
    `Realized PnL ${realizedPnl} (before fees).`,
  ];
}
