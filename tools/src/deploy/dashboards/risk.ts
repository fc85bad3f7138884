import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '@opensqt/observability';
import { BOT, SYMBOL, TOTAL_PNL, dashboard, graph, stat } from './panels';

/** The money at risk, and the halts of trading before it is lost. */
export function risk(): DashboardBuilder {
  return dashboard('risk', 'Risk', [
    stat({
      title: 'Drawdown',
      description: 'Profit below its peak, fees deducted, quote currency.',
      queries: { '{{bot}}': `${METRIC.risk.drawdown}{${BOT}}` },
    }),
    stat({
      title: 'Breakers open',
      description: 'Scopes in which a circuit breaker halts trading.',
      red: { from: 1 },
      queries: { '{{bot}}': `sum by (bot) (${METRIC.risk.breakerOpen}{${BOT}})` },
    }),
    stat({
      title: 'Limits exceeded',
      description: 'Risk limits that are exceeded now.',
      red: { from: 1 },
      queries: { '{{bot}}': `sum by (bot) (${METRIC.risk.limitBreached}{${BOT}})` },
    }),
    stat({
      title: 'Strategy panics',
      description: 'Since the log began.',
      red: { from: 1 },
      queries: { '{{bot}}': `sum by (bot) (${METRIC.strategyPanics}{${SYMBOL}})` },
    }),
    graph({
      title: 'Total PnL',
      description: 'Realized and unrealized, all symbols, quote currency. Fees not included.',
      queries: { '{{bot}}': TOTAL_PNL },
    }),
    graph({
      title: 'Profits and losses realized',
      description: 'Cumulative, quote currency. Fees not included.',
      queries: {
        '{{symbol}} profits': `sum by (bot, symbol) (${METRIC.pnl.realizedProfit}{${SYMBOL}})`,
        '{{symbol}} losses': `-sum by (bot, symbol) (${METRIC.pnl.realizedLoss}{${SYMBOL}})`,
      },
    }),
    graph({
      title: 'Circuit breakers',
      description: '1 while the breaker of the scope is tripped and nothing is placed.',
      queries: { '{{scope}}': `${METRIC.risk.breakerOpen}{${BOT}}` },
    }),
    graph({
      title: 'Risk limits',
      description: '1 while the limit is exceeded.',
      queries: { '{{scope}} {{limit}}': `${METRIC.risk.limitBreached}{${BOT}}` },
    }),
    graph({
      title: 'Limits used',
      description: 'Value of each limit as a part of its threshold, as of the last sample.',
      unit: 'percentunit',
      queries: {
        '{{scope}} {{limit}}': `${METRIC.risk.limitValue}{${BOT}} / ${METRIC.risk.limitThreshold}{${BOT}}`,
      },
    }),
    graph({
      title: 'Inventory',
      description: 'Value of the position at its mark price, negative when short, quote currency.',
      queries: { '{{symbol}}': `${METRIC.inventoryValue}{${SYMBOL}}` },
    }),
    graph({
      title: 'Mark and entry price',
      description:
        'The price that the position is valued at, and its average cost; no entry price while there is none.',
      queries: {
        '{{symbol}} mark': `${METRIC.price.mark}{${SYMBOL}}`,
        '{{symbol}} entry': `${METRIC.price.entry}{${SYMBOL}}`,
      },
    }),
    graph({
      title: 'Fees',
      description: 'Cumulative, by the asset that they were paid in.',
      queries: { '{{asset}}': `sum by (bot, asset) (${METRIC.fees.paid}{${SYMBOL}})` },
    }),
    graph({
      title: 'Exchange streams',
      description: '1 while the stream is connected.',
      queries: { '{{exchange}} {{stream}}': `${METRIC.exchangeConnected}{${BOT}}` },
    }),
    graph({
      title: 'Unrealized PnL',
      description: 'Of what is held now, at the mark price, quote currency.',
      queries: { '{{symbol}} {{strategy}}': `${METRIC.pnl.unrealized}{${SYMBOL}}` },
    }),
  ]);
}
