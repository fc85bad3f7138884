import type { RunSummary } from '@opensqt/trading';
import { formatDuration } from '@opensqt/trading-events';

/** The totals of a run, for the log. */
export function summaryLines(summary: RunSummary, tookMs: number): readonly string[] {
  const { trades, repeated, malformed, ordersPlaced, fills, canceled, rejected, panics, trips, realizedPnl } =
    summary;
  const rate = Math.round((1_000 * trades) / Math.max(tookMs, 1)).toLocaleString('en-US');
  return [
    `Recording finished at ${new Date(summary.marketTime).toISOString()} market time, after ${formatDuration(tookMs)} (${rate} trades/s).`,
    `Trades ${trades}, malformed lines ${malformed}, trades of overlapping recordings passed over ${repeated}; orders ${ordersPlaced}, fills ${fills}, cancels ${canceled}, rejected ${rejected}; panics ${panics}, breaker trips ${trips}.`,
    `Realized PnL ${realizedPnl} (before fees).`,
  ];
}
