import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '@opensqt/observability';
import { BOT, SYMBOL, TOTAL_PNL, dashboard, graph, stat } from './panels';

/** Is it there, is it trading, what does it earn. */
export function overview(): DashboardBuilder {
  return dashboard('overview', 'Overview', [
    stat({
      title: 'Bot is up',
      description: '1 while Prometheus can scrape the bot, 0 otherwise.',
      red: { below: 1 },
      queries: { '{{bot}}': `up{${BOT}}` },
    }),
    stat({
      title: 'Total PnL',
      description: 'Realized and unrealized, all symbols, quote currency. Fees not included.',
      queries: { '{{bot}}': TOTAL_PNL },
    }),
    stat({
      title: 'Open orders',
      description: 'Orders that rest at the exchange.',
      queries: { '{{bot}}': `sum by (bot) (${METRIC.orders.active}{${SYMBOL}})` },
    }),
    stat({
      title: 'Streams connected',
      description: 'The part of the streams of exchanges that is connected.',
      unit: 'percentunit',
      red: { below: 1 },
      queries: { '{{bot}}': `avg by (bot) (${METRIC.exchangeConnected}{${BOT}})` },
    }),
    stat({
      title: 'Age of the last price',
      description: 'Time since any price was received, on the clock that events are stamped by.',
      unit: 's',
      red: { from: 60 },
      queries: { '{{bot}}': `max by (bot) (${METRIC.eventAge}{${BOT}, type="price.updated"})` },
    }),
    stat({
      title: 'Breakers open',
      description: 'Scopes in which a circuit breaker halts trading.',
      red: { from: 1 },
      queries: { '{{bot}}': `sum by (bot) (${METRIC.risk.breakerOpen}{${BOT}})` },
    }),
    graph({
      title: 'PnL by symbol',
      description: 'Realized and unrealized, quote currency. Fees not included.',
      queries: {
        '{{symbol}} realized': `sum by (bot, symbol) (${METRIC.pnl.realizedNet}{${SYMBOL}})`,
        '{{symbol}} unrealized': `sum by (bot, symbol) (${METRIC.pnl.unrealized}{${SYMBOL}})`,
      },
    }),
    graph({
      title: 'Position',
      description: 'Signed, base asset.',
      queries: { '{{symbol}}': `${METRIC.positionSize}{${SYMBOL}}` },
    }),
    graph({
      title: 'Fills per minute',
      description: 'Of both sides.',
      queries: {
        '{{symbol}} {{side}}': `60 * sum by (bot, symbol, side) (rate(${METRIC.orders.filled}{${SYMBOL}}[$__rate_interval]))`,
      },
    }),
    graph({
      title: 'Open orders by side',
      description: 'A side that stays at 0 is not quoted.',
      queries: { '{{symbol}} {{side}}': `${METRIC.orders.active}{${SYMBOL}}` },
    }),
  ]);
}
