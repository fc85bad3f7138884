import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '@opensqt/observability';
import { BOT, SYMBOL, dashboard, graph, percentiles, stat } from './panels';

/** The quality of placing and filling orders, and the speed of the exchange's answers. */
export function execution(): DashboardBuilder {
  const perMinute = (metric: string, by: string): string =>
    `60 * sum by (bot, ${by}) (rate(${metric}{${SYMBOL}}[$__rate_interval]))`;
  const inRange = (metric: string): string =>
    `sum by (bot, symbol) (increase(${metric}{${SYMBOL}}[$__range]))`;
  return dashboard('execution', 'Execution quality')
    .withPanel(
      stat({
        title: 'Fills per order',
        description:
          'Fills for each order placed, over the time that is shown. Above 1 where orders are filled in parts.',
        unit: 'percentunit',
        queries: [
          {
            expr: `${inRange(METRIC.orders.filled)} / ${inRange(METRIC.orders.placed)}`,
            legend: '{{symbol}}',
          },
        ],
      }),
    )
    .withPanel(
      stat({
        title: 'Volume',
        description: 'Traded over the time that is shown, base asset.',
        unit: 'none',
        queries: [{ expr: inRange(METRIC.volume), legend: '{{symbol}}' }],
      }),
    )
    .withPanel(
      stat({
        title: 'Realized per fill',
        description:
          'Realized profit and loss for each fill since the log began, quote currency. Fees not included.',
        unit: 'none',
        queries: [
          {
            expr: `sum by (bot, symbol) (${METRIC.pnl.realizedNet}{${SYMBOL}}) / sum by (bot, symbol) (${METRIC.orders.filled}{${SYMBOL}})`,
            legend: '{{symbol}}',
          },
        ],
      }),
    )
    .withPanel(
      stat({
        title: 'Turnover',
        description: 'Traded over the time that is shown, quote currency.',
        unit: 'none',
        queries: [{ expr: inRange(METRIC.volumeQuote), legend: '{{symbol}}' }],
      }),
    )
    .withPanel(
      stat({
        title: 'Fees',
        description: 'Paid over the time that is shown, by the asset that they were paid in.',
        unit: 'none',
        queries: [
          {
            expr: `sum by (bot, asset) (increase(${METRIC.fees.paid}{${SYMBOL}}[$__range]))`,
            legend: '{{asset}}',
          },
        ],
      }),
    )
    .withPanel(
      stat({
        title: 'Orders refused',
        description: 'By the venue, over the time that is shown.',
        unit: 'none',
        red: { from: 1 },
        queries: [{ expr: inRange(METRIC.orders.rejected), legend: '{{symbol}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Tick to trade',
        description: 'From a price to the order action that follows from it.',
        unit: 'ms',
        queries: percentiles(METRIC.latency.tickToTrade, SYMBOL, 'symbol'),
      }),
    )
    .withPanel(
      graph({
        title: 'Exchange latency',
        description: 'Calls of the exchange, by operation.',
        unit: 'ms',
        queries: percentiles(METRIC.latency.exchange, BOT, 'operation'),
      }),
    )
    .withPanel(
      graph({
        title: 'Exchange calls per second',
        description: 'By operation; compare with the limits of the venue.',
        unit: 'reqps',
        queries: [
          {
            expr: `sum by (bot, exchange, operation) (rate(${METRIC.latency.exchange}_count{${BOT}}[$__rate_interval]))`,
            legend: '{{exchange}} {{operation}}',
          },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Orders placed per minute',
        description: 'By type.',
        unit: 'none',
        queries: [{ expr: perMinute(METRIC.orders.placed, 'symbol, type'), legend: '{{symbol}} {{type}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Fills per minute by side',
        description: 'A side that is filled more than the other one builds up a position.',
        unit: 'none',
        queries: [{ expr: perMinute(METRIC.orders.filled, 'symbol, side'), legend: '{{symbol}} {{side}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Cancellations per minute',
        description: 'Open orders that were cancelled, by the reason.',
        unit: 'none',
        queries: [{ expr: perMinute(METRIC.orders.canceled, 'reason'), legend: '{{reason}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Refusals per minute',
        description: 'Orders that the venue refused, by the code of its reason.',
        unit: 'none',
        queries: [{ expr: perMinute(METRIC.orders.rejected, 'reason'), legend: '{{reason}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Placed to filled',
        description: "From the placing of an order until it was filled to the end, on the market's clock.",
        unit: 's',
        queries: percentiles(METRIC.orders.timeToFill, SYMBOL, 'symbol'),
      }),
    )
    .withPanel(
      graph({
        title: 'Quoted spread',
        description: 'Our lowest ask less our highest bid, in basis points of the mark price.',
        unit: 'none',
        queries: [
          {
            expr: `1e4 * ${METRIC.quoting.spread}{${SYMBOL}} / ${METRIC.price.mark}{${SYMBOL}}`,
            legend: '{{symbol}}',
          },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Time quoting',
        description:
          'Part of the time in which the symbol is quoted; all of it where the market is simulated faster.',
        unit: 'percentunit',
        queries: [
          {
            expr: `clamp_max(sum by (bot, symbol) (rate(${METRIC.quoting.time}{${SYMBOL}}[$__rate_interval])), 1)`,
            legend: '{{symbol}}',
          },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Age of events',
        description:
          'Time since an event of the type last occurred, on the clock that events are stamped by.',
        unit: 's',
        queries: [
          {
            expr: `${METRIC.eventAge}{${BOT}, type=~"price.updated|order.placed|order.filled|exchange.call_completed"}`,
            legend: '{{type}}',
          },
        ],
      }),
    );
}
