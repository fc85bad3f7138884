import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '@opensqt/observability';
import { BOT, SYMBOL, dashboard, graph, percentiles, stat } from './panels';

/** The quality of placing and filling orders, and the speed of the exchange's answers. */
export function execution(): DashboardBuilder {
  const perMinute = (metric: string, by: string): string =>
    `60 * sum by (bot, ${by}) (rate(${metric}{${SYMBOL}}[$__rate_interval]))`;
  const inRange = (metric: string): string =>
    `sum by (bot, symbol) (increase(${metric}{${SYMBOL}}[$__range]))`;
  return dashboard('execution', 'Execution quality', [
    stat({
      title: 'Fills per order',
      description:
        'Fills for each order placed, over the time that is shown. Above 1 where orders are filled in parts.',
      unit: 'percentunit',
      queries: { '{{symbol}}': `${inRange(METRIC.orders.filled)} / ${inRange(METRIC.orders.placed)}` },
    }),
    stat({
      title: 'Volume',
      description: 'Traded over the time that is shown, base asset.',
      queries: { '{{symbol}}': inRange(METRIC.volume) },
    }),
    stat({
      title: 'Realized per fill',
      description:
        'Realized profit and loss for each fill since the log began, quote currency. Fees not included.',
      queries: {
        '{{symbol}}': `sum by (bot, symbol) (${METRIC.pnl.realizedNet}{${SYMBOL}}) / sum by (bot, symbol) (${METRIC.orders.filled}{${SYMBOL}})`,
      },
    }),
    stat({
      title: 'Turnover',
      description: 'Traded over the time that is shown, quote currency.',
      queries: { '{{symbol}}': inRange(METRIC.volumeQuote) },
    }),
    stat({
      title: 'Fees',
      description: 'Paid over the time that is shown, by the asset that they were paid in.',
      queries: { '{{asset}}': `sum by (bot, asset) (increase(${METRIC.fees.paid}{${SYMBOL}}[$__range]))` },
    }),
    stat({
      title: 'Orders refused',
      description: 'By the venue, over the time that is shown.',
      red: { from: 1 },
      queries: { '{{symbol}}': inRange(METRIC.orders.rejected) },
    }),
    graph({
      title: 'Tick to trade',
      description: 'From a price to the order action that follows from it.',
      unit: 'ms',
      queries: percentiles(METRIC.latency.tickToTrade, SYMBOL, 'symbol'),
    }),
    graph({
      title: 'Exchange latency',
      description: 'Calls of the exchange, by operation.',
      unit: 'ms',
      queries: percentiles(METRIC.latency.exchange, BOT, 'operation'),
    }),
    graph({
      title: 'Exchange calls per second',
      description: 'By operation; compare with the limits of the venue.',
      unit: 'reqps',
      queries: {
        '{{exchange}} {{operation}}': `sum by (bot, exchange, operation) (rate(${METRIC.latency.exchange}_count{${BOT}}[$__rate_interval]))`,
      },
    }),
    graph({
      title: 'Orders placed per minute',
      description: 'By type.',
      queries: { '{{symbol}} {{type}}': perMinute(METRIC.orders.placed, 'symbol, type') },
    }),
    graph({
      title: 'Fills per minute by side',
      description: 'A side that is filled more than the other one builds up a position.',
      queries: { '{{symbol}} {{side}}': perMinute(METRIC.orders.filled, 'symbol, side') },
    }),
    graph({
      title: 'Cancellations per minute',
      description: 'Open orders that were cancelled, by the reason.',
      queries: { '{{reason}}': perMinute(METRIC.orders.canceled, 'reason') },
    }),
    graph({
      title: 'Refusals per minute',
      description: 'Orders that the venue refused, by the code of its reason.',
      queries: { '{{reason}}': perMinute(METRIC.orders.rejected, 'reason') },
    }),
    graph({
      title: 'Placed to filled',
      description: "From the placing of an order until it was filled to the end, on the market's clock.",
      unit: 's',
      queries: percentiles(METRIC.orders.timeToFill, SYMBOL, 'symbol'),
    }),
    graph({
      title: 'Quoted spread',
      description: 'Our lowest ask less our highest bid, in basis points of the mark price.',
      queries: {
        '{{symbol}}': `1e4 * ${METRIC.quoting.spread}{${SYMBOL}} / ${METRIC.price.mark}{${SYMBOL}}`,
      },
    }),
    graph({
      title: 'Time quoting',
      description:
        'Part of the time in which the symbol is quoted; all of it where the market is simulated faster.',
      unit: 'percentunit',
      queries: {
        '{{symbol}}': `clamp_max(sum by (bot, symbol) (rate(${METRIC.quoting.time}{${SYMBOL}}[$__rate_interval])), 1)`,
      },
    }),
    graph({
      title: 'Age of events',
      description: 'Time since an event of the type last occurred, on the clock that events are stamped by.',
      unit: 's',
      queries: {
        '{{type}}': `${METRIC.eventAge}{${BOT}, type=~"price.updated|order.placed|order.filled|exchange.call_completed"}`,
      },
    }),
  ]);
}
