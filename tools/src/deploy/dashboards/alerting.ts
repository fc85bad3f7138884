import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '@opensqt/observability';
import { BOT, dashboard, graph, percentiles, stat } from './panels';

/** The alerts, and their arrival. */
export function alerting(): DashboardBuilder {
  return dashboard('alerting', 'Alerting')
    .withPanel(
      stat({
        title: 'Leaders',
        description:
          'Processes that decide and send the alerts of the bot. Anything but 1 for longer than a minute is wrong.',
        unit: 'none',
        red: { below: 1 },
        queries: [{ expr: `sum by (bot) (${METRIC.alerts.sender}{${BOT}})`, legend: '{{bot}}' }],
      }),
    )
    .withPanel(
      stat({
        title: 'Alerts open',
        description: 'By their present level.',
        unit: 'none',
        queries: [{ expr: `sum by (bot, level) (${METRIC.alerts.open}{${BOT}})`, legend: '{{level}}' }],
      }),
    )
    .withPanel(
      stat({
        title: 'Dead letters',
        description: 'Messages that were given up and not sent again.',
        unit: 'none',
        red: { from: 1 },
        queries: [
          { expr: `sum by (bot, channel) (${METRIC.alerts.deadLetters}{${BOT}})`, legend: '{{channel}}' },
        ],
      }),
    )
    .withPanel(
      stat({
        title: 'Alerts raised',
        description: 'Since the log began, by level.',
        unit: 'none',
        queries: [{ expr: `sum by (bot, level) (${METRIC.alerts.raised}{${BOT}})`, legend: '{{level}}' }],
      }),
    )
    .withPanel(
      stat({
        title: 'Firing in Prometheus',
        description: 'Alerts of rules.yml, besides those that the bot sends itself.',
        unit: 'none',
        red: { from: 1 },
        queries: [
          {
            expr: `count by (alertname, severity) (ALERTS{alertstate="firing", ${BOT}})`,
            legend: '{{alertname}}',
          },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Open alerts by condition',
        description: 'Those that are open, by their present level.',
        unit: 'none',
        queries: [
          {
            expr: `sum by (bot, condition, level) (${METRIC.alerts.open}{${BOT}})`,
            legend: '{{condition}} {{level}}',
          },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Waiting to be delivered',
        description: 'Messages that were neither delivered nor given up yet.',
        unit: 'none',
        queries: [
          { expr: `sum by (bot, channel) (${METRIC.alerts.pending}{${BOT}})`, legend: '{{channel}}' },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Alerts by condition',
        description: 'Raised since the log began.',
        unit: 'none',
        queries: [
          {
            expr: `sum by (bot, condition, level) (${METRIC.alerts.raised}{${BOT}})`,
            legend: '{{condition}} {{level}}',
          },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Deliveries by outcome',
        description: 'Attempts: delivered, failed in a way that is tried again, or abandoned for good.',
        unit: 'none',
        queries: [
          {
            expr: `sum by (bot, channel, outcome) (${METRIC.alerts.deliveries}{${BOT}})`,
            legend: '{{channel}} {{outcome}}',
          },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Time to deliver',
        description: "From the alert's commit until the provider accepted it.",
        unit: 'ms',
        queries: percentiles(METRIC.alerts.deliveryLatency, BOT, 'channel'),
      }),
    );
}
