import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '@opensqt/observability';
import { BOT, SYMBOL, TOTAL_PNL, dashboard, graph, stat } from './panels';

/** Is it there, is it trading, what does it earn. */
export function overview(): DashboardBuilder {
  return dashboard('overview', 'Overview')
    .withPanel(
      stat({
        title: 'Bot is up',
        description: '1 while Prometheus can scrape the bot, 0 otherwise.',
        unit: 'none',
        red: { below: 1 },
        queries: [{ expr: `up{${BOT}}`, legend: '{{bot}}' }],
      }),
    )
    .withPanel(
      stat({
        title: 'Total PnL',
        description: 'Realized and unrealized, all symbols, quote currency. Fees not included.',
        unit: 'none',
        queries: [{ expr: TOTAL_PNL, legend: '{{bot}}' }],
      }),
    )
    .withPanel(
      stat({
        title: 'Open orders',
        description: 'Orders that rest at the exchange.',
        unit: 'none',
        queries: [{ expr: `sum by (bot) (${METRIC.orders.active}{${SYMBOL}})`, legend: '{{bot}}' }],
      }),
    )
    .withPanel(
      stat({
        title: 'Streams connected',
        description: 'The part of the streams of exchanges that is connected.',
        unit: 'percentunit',
        red: { below: 1 },
        queries: [{ expr: `avg by (bot) (${METRIC.exchangeConnected}{${BOT}})`, legend: '{{bot}}' }],
      }),
    )
    .withPanel(
      stat({
        title: 'Age of the last price',
        description: 'Time since any price was received, on the clock that events are stamped by.',
        unit: 's',
        red: { from: 60 },
        queries: [
          { expr: `max by (bot) (${METRIC.eventAge}{${BOT}, type="price.updated"})`, legend: '{{bot}}' },
        ],
      }),
    )
    .withPanel(
      stat({
        title: 'Breakers open',
        description: 'Scopes in which a circuit breaker halts trading.',
        unit: 'none',
        red: { from: 1 },
        queries: [{ expr: `sum by (bot) (${METRIC.risk.breakerOpen}{${BOT}})`, legend: '{{bot}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'PnL by symbol',
        description: 'Realized and unrealized, quote currency. Fees not included.',
        unit: 'none',
        queries: [
          {
            expr: `sum by (bot, symbol) (${METRIC.pnl.realizedNet}{${SYMBOL}})`,
            legend: '{{symbol}} realized',
          },
          {
            expr: `sum by (bot, symbol) (${METRIC.pnl.unrealized}{${SYMBOL}})`,
            legend: '{{symbol}} unrealized',
          },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Position',
        description: 'Signed, base asset.',
        unit: 'none',
        queries: [{ expr: `${METRIC.positionSize}{${SYMBOL}}`, legend: '{{symbol}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Fills per minute',
        description: 'Of both sides.',
        unit: 'none',
        queries: [
          {
            expr: `60 * sum by (bot, symbol, side) (rate(${METRIC.orders.filled}{${SYMBOL}}[$__rate_interval]))`,
            legend: '{{symbol}} {{side}}',
          },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Open orders by side',
        description: 'A side that stays at 0 is not quoted.',
        unit: 'none',
        queries: [{ expr: `${METRIC.orders.active}{${SYMBOL}}`, legend: '{{symbol}} {{side}}' }],
      }),
    );
}
