import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '@opensqt/observability';
import { BOT, dashboard, graph, stat } from './panels';

/** The event log, and the process that writes it. */
export function logAndProcess(): DashboardBuilder {
  const { eventLog } = METRIC;
  const plain = (metric: string): string => `${metric}{${BOT}}`;
  return dashboard('process', 'Log and process')
    .withPanel(
      stat({
        title: 'Log is writable',
        description: '0 while commits fail, or the file was deleted or replaced.',
        unit: 'none',
        red: { below: 1 },
        queries: [{ expr: plain(eventLog.writable), legend: '{{bot}}' }],
      }),
    )
    .withPanel(
      stat({
        title: 'Room left',
        description: "On the file system of the log's file.",
        unit: 'bytes',
        red: { below: 1e9 },
        queries: [{ expr: plain(eventLog.freeBytes), legend: '{{bot}}' }],
      }),
    )
    .withPanel(
      stat({
        title: 'Events refused by the log',
        description: 'Since the process started: too many were waiting.',
        unit: 'none',
        red: { from: 1 },
        queries: [{ expr: plain(eventLog.refused), legend: '{{bot}}' }],
      }),
    )
    .withPanel(
      stat({
        title: 'Restarts of the writer',
        description: 'Of the thread that writes the log, since the process started.',
        unit: 'none',
        queries: [{ expr: plain(eventLog.writerRestarts), legend: '{{bot}}' }],
      }),
    )
    .withPanel(
      stat({
        title: 'Up for',
        description: 'Time since the process started.',
        unit: 's',
        queries: [{ expr: `time() - ${plain('process_start_time_seconds')}`, legend: '{{bot}}' }],
      }),
    )
    .withPanel(
      stat({
        title: 'Version',
        description: 'Of the bot and of Node.',
        unit: 'none',
        queries: [{ expr: plain(METRIC.buildInfo), legend: '{{version}}, Node {{node}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Events committed per second',
        description: 'From the position of the log.',
        unit: 'none',
        queries: [{ expr: `deriv(${plain(eventLog.position)}[$__rate_interval])`, legend: '{{bot}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'Commits',
        description: 'Duration of the last commit, and the age of the oldest event that is not yet on disk.',
        unit: 'ms',
        queries: [
          { expr: plain(eventLog.append), legend: '{{bot}} commit' },
          { expr: plain(eventLog.lag), legend: '{{bot}} waiting' },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Queue of the log',
        description: 'Part of its capacity; orders are refused from 80 %.',
        unit: 'percentunit',
        queries: [
          { expr: `${plain(eventLog.queueDepth)} / ${plain(eventLog.queueCapacity)}`, legend: '{{bot}}' },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Write-ahead log',
        description: 'Grows while a reader keeps it from being emptied.',
        unit: 'bytes',
        queries: [{ expr: plain(eventLog.walBytes), legend: '{{bot}}' }],
      }),
    )
    .withPanel(
      graph({
        title: 'CPU',
        description: 'Of one core.',
        unit: 'percentunit',
        queries: [
          { expr: `rate(${plain('process_cpu_seconds_total')}[$__rate_interval])`, legend: '{{bot}}' },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Memory',
        description: 'Resident set, and the heap of it that is in use.',
        unit: 'bytes',
        queries: [
          { expr: plain('process_resident_memory_bytes'), legend: '{{bot}} resident' },
          { expr: plain('nodejs_heap_size_used_bytes'), legend: '{{bot}} heap' },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Event loop',
        description: 'Longest and 99th percentile of the delay of the event loop since the last scrape.',
        unit: 's',
        queries: [
          { expr: plain('nodejs_eventloop_lag_max_seconds'), legend: '{{bot}} max' },
          { expr: plain('nodejs_eventloop_lag_p99_seconds'), legend: '{{bot}} p99' },
        ],
      }),
    )
    .withPanel(
      graph({
        title: 'Scrape',
        description: 'Time that a scrape takes.',
        unit: 's',
        queries: [{ expr: plain('scrape_duration_seconds'), legend: '{{bot}}' }],
      }),
    );
}
