import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '@opensqt/observability';
import { BOT, SYMBOL, TOTAL_PNL, dashboard, graph, stat } from './panels';

/** The money at risk, and the halts of trading before it is lost. */
export function risk(): DashboardBuilder {
  return dashboard('risk', 'Risk')
    .withPanel(
      stat({
        title: 'Drawdown',
        description: 'Profit below its peak, fees deducted, quote currency.',
        unit: 'none',
        queries: [{ expr: `${METRIC.risk.drawdown}{${BOT}}`, legend: '{{bot}}' }],
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
      stat({
        title: 'Limits exceeded',
        description: 'Risk limits that are exceeded now.',
        unit: 'none',
        red: { from: 1 },
        queries: [{ expr: `sum by (bot) (${METRIC.risk.limitBreached}{${BOT}})`, legend: '{{bot}}' }],
      }),
    )
    .withPanel(
      stat({
        title: 'Strategy panics',
        description: 'Since the log began.',
        unit: 'none',
        red: { from: 1 },
        queries: [{ expr: `sum by (bot) (${METRIC.strategyPanics}{${SYMBOL}})`, legend: '{{bot}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Total PnL',
        description: 'Realized and unrealized, all symbols, quote currency. Fees not included.',
        unit: 'none',
        queries: [{ expr: TOTAL_PNL, legend: '{{bot}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Profits and losses realized',
        description: 'Cumulative, quote currency. Fees not included.',
        unit: 'none',
        queries: [
          {
            expr: `sum by (bot, symbol) (${METRIC.pnl.realizedProfit}{${SYMBOL}})`,
            legend: '{{symbol}} profits',
          },
          {
            expr: `-sum by (bot, symbol) (${METRIC.pnl.realizedLoss}{${SYMBOL}})`,
            legend: '{{symbol}} losses',
          },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Circuit breakers',
        description: '1 while the breaker of the scope is tripped and nothing is placed.',
        unit: 'none',
        queries: [{ expr: `${METRIC.risk.breakerOpen}{${BOT}}`, legend: '{{scope}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Risk limits',
        description: '1 while the limit is exceeded.',
        unit: 'none',
        queries: [{ expr: `${METRIC.risk.limitBreached}{${BOT}}`, legend: '{{scope}} {{limit}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Limits used',
        description: 'Value of each limit as a part of its threshold, as of the last sample.',
        unit: 'percentunit',
        queries: [
          {
            expr: `${METRIC.risk.limitValue}{${BOT}} / ${METRIC.risk.limitThreshold}{${BOT}}`,
            legend: '{{scope}} {{limit}}',
          },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Inventory',
        description: 'Value of the position at its mark price, negative when short, quote currency.',
        unit: 'none',
        queries: [{ expr: `${METRIC.inventoryValue}{${SYMBOL}}`, legend: '{{symbol}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Mark and entry price',
        description:
          'The price that the position is valued at, and its average cost; no entry price while there is none.',
        unit: 'none',
        queries: [
          { expr: `${METRIC.price.mark}{${SYMBOL}}`, legend: '{{symbol}} mark' },
          { expr: `${METRIC.price.entry}{${SYMBOL}}`, legend: '{{symbol}} entry' },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Fees',
        description: 'Cumulative, by the asset that they were paid in.',
        unit: 'none',
        queries: [{ expr: `sum by (bot, asset) (${METRIC.fees.paid}{${SYMBOL}})`, legend: '{{asset}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Exchange streams',
        description: '1 while the stream is connected.',
        unit: 'none',
        queries: [{ expr: `${METRIC.exchangeConnected}{${BOT}}`, legend: '{{exchange}} {{stream}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Unrealized PnL',
        description: 'Of what is held now, at the mark price, quote currency.',
        unit: 'none',
        queries: [{ expr: `${METRIC.pnl.unrealized}{${SYMBOL}}`, legend: '{{symbol}} {{strategy}}' }],
      }),
    );
}
