import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '@opensqt/observability';
import { BOT, dashboard, graph, percentiles, stat } from './panels';

/** The alerts, and their arrival. */
export function alerting(): DashboardBuilder {
  return dashboard('alerting', 'Alerting', [
    stat({
      title: 'Leaders',
      description:
        'Processes that decide and send the alerts of the bot. Anything but 1 for longer than a minute is wrong.',
      red: { below: 1 },
      queries: { '{{bot}}': `sum by (bot) (${METRIC.alerts.sender}{${BOT}})` },
    }),
    stat({
      title: 'Alerts open',
      description: 'By their present level.',
      queries: { '{{level}}': `sum by (bot, level) (${METRIC.alerts.open}{${BOT}})` },
    }),
    stat({
      title: 'Dead letters',
      description: 'Messages that were given up and not sent again.',
      red: { from: 1 },
      queries: { '{{channel}}': `sum by (bot, channel) (${METRIC.alerts.deadLetters}{${BOT}})` },
    }),
    stat({
      title: 'Alerts raised',
      description: 'Since the log began, by level.',
      queries: { '{{level}}': `sum by (bot, level) (${METRIC.alerts.raised}{${BOT}})` },
    }),
    stat({
      title: 'Firing in Prometheus',
      description: 'Alerts of rules.yml, besides those that the bot sends itself.',
      red: { from: 1 },
      queries: { '{{alertname}}': `count by (alertname, severity) (ALERTS{alertstate="firing", ${BOT}})` },
    }),
    graph({
      title: 'Open alerts by condition',
      description: 'Those that are open, by their present level.',
      queries: {
        '{{condition}} {{level}}': `sum by (bot, condition, level) (${METRIC.alerts.open}{${BOT}})`,
      },
    }),
    graph({
      title: 'Waiting to be delivered',
      description: 'Messages that were neither delivered nor given up yet.',
      queries: { '{{channel}}': `sum by (bot, channel) (${METRIC.alerts.pending}{${BOT}})` },
    }),
    graph({
      title: 'Alerts by condition',
      description: 'Raised since the log began.',
      queries: {
        '{{condition}} {{level}}': `sum by (bot, condition, level) (${METRIC.alerts.raised}{${BOT}})`,
      },
    }),
    graph({
      title: 'Deliveries by outcome',
      description: 'Attempts: delivered, failed in a way that is tried again, or abandoned for good.',
      queries: {
        '{{channel}} {{outcome}}': `sum by (bot, channel, outcome) (${METRIC.alerts.deliveries}{${BOT}})`,
      },
    }),
    graph({
      title: 'Time to deliver',
      description: "From the alert's commit until the provider accepted it.",
      unit: 'ms',
      queries: percentiles(METRIC.alerts.deliveryLatency, BOT, 'channel'),
    }),
  ]);
}
