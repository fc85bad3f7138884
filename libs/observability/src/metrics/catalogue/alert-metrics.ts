import { DELIVERY_LATENCY_BUCKETS } from '../projection/histogram';
import type { MetricDefinition } from './metric-definition';
import { METRIC } from './metric-names';
import * as series from './alert-series';

/** The metrics of alerts and their delivery. */
export const ALERT_METRICS: readonly MetricDefinition[] = [
  {
    name: METRIC.alerts.raised,
    type: 'counter',
    labels: ['condition', 'level'],
    unit: 'alerts',
    help: 'Total alerts raised, at the level they were raised with',
    from: ['alert.raised'],
    series: series.alertsRaised,
  },
  {
    name: METRIC.alerts.open,
    type: 'gauge',
    labels: ['condition', 'level'],
    unit: 'alerts',
    help: 'Alerts that are open, by their present level',
    from: ['alert.raised', 'alert.escalated', 'alert.resolved'],
    series: series.alertsOpen,
  },
  {
    name: METRIC.alerts.deliveries,
    type: 'counter',
    labels: ['channel', 'outcome'],
    unit: 'attempts',
    help: 'Total delivery attempts by how they ended: delivered, a kind of failure that is tried again, or abandoned for good',
    from: ['delivery.succeeded', 'delivery.failed', 'delivery.abandoned'],
    series: series.alertDeliveries,
  },
  {
    name: METRIC.alerts.pending,
    type: 'gauge',
    labels: ['channel'],
    unit: 'messages',
    help: 'Messages that were not delivered yet and not given up',
    from: ['delivery.requested', 'delivery.succeeded', 'delivery.abandoned'],
    series: series.deliveriesPending,
  },
  {
    name: METRIC.alerts.deadLetters,
    type: 'gauge',
    labels: ['channel'],
    unit: 'messages',
    help: 'Messages that were given up, of the last thousand of all channels; one that is sent again no longer counts',
    from: ['delivery.abandoned', 'delivery.requested'],
    series: series.deadLetters,
  },
  {
    name: METRIC.alerts.deliveryLatency,
    type: 'histogram',
    labels: ['channel'],
    unit: 'ms',
    help: "Time from the alert's commit until the provider accepted it",
    from: ['delivery.succeeded'],
    buckets: DELIVERY_LATENCY_BUCKETS,
    series: series.deliveryLatency,
  },
  {
    name: METRIC.alerts.sender,
    type: 'gauge',
    labels: [],
    unit: '0 or 1',
    help: '1 in the process that decides and sends the alerts of its bot, 0 in those of the bot that stand by. The sum over them is 1, except for seconds while one takes over',
    from: ['the event log'],
    series: ({ sendsAlerts }) =>
      sendsAlerts === undefined ? [] : [{ labels: {}, value: sendsAlerts ? 1 : 0 }],
  },
  {
    name: METRIC.alerts.failures,
    type: 'counter',
    labels: ['part'],
    unit: 'failures',
    help: 'Rules, formatters, stages and channels that threw in this process and were passed over',
    from: ['alerting itself'],
    series: series.alertingFailures,
  },
  {
    name: METRIC.heartbeats,
    type: 'counter',
    labels: ['outcome'],
    unit: 'heartbeats',
    help: "Heartbeats that were due since the process started: sent to the dead-man's switch, failed to arrive there, or withheld because not all is well",
    from: ['the heartbeat'],
    series: ({ heartbeat = {} }) =>
      Object.entries(heartbeat).map(([outcome, value]) => ({ labels: { outcome }, value })),
  },
];
