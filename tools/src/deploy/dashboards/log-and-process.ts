import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '@opensqt/observability';
import { BOT, dashboard, graph, stat } from './panels';

/** The event log, and the process that writes it. */
export function logAndProcess(): DashboardBuilder {
  const { eventLog } = METRIC;
  const plain = (metric: string): string => `${metric}{${BOT}}`;
  return dashboard('process', 'Log and process', [
    stat({
      title: 'Log is writable',
      description: '0 while commits fail, or the file was deleted or replaced.',
      red: { below: 1 },
      queries: { '{{bot}}': plain(eventLog.writable) },
    }),
    stat({
      title: 'Room left',
      description: "On the file system of the log's file.",
      unit: 'bytes',
      red: { below: 1e9 },
      queries: { '{{bot}}': plain(eventLog.freeBytes) },
    }),
    stat({
      title: 'Events refused by the log',
      description: 'Since the process started: too many were waiting.',
      red: { from: 1 },
      queries: { '{{bot}}': plain(eventLog.refused) },
    }),
    stat({
      title: 'Restarts of the writer',
      description: 'Of the thread that writes the log, since the process started.',
      queries: { '{{bot}}': plain(eventLog.writerRestarts) },
    }),
    stat({
      title: 'Up for',
      description: 'Time since the process started.',
      unit: 's',
      queries: { '{{bot}}': `time() - ${plain('process_start_time_seconds')}` },
    }),
    stat({
      title: 'Version',
      description: 'Of the bot and of Node.',
      queries: { '{{version}}, Node {{node}}': plain(METRIC.buildInfo) },
    }),
    graph({
      title: 'Events committed per second',
      description: 'From the position of the log.',
      queries: { '{{bot}}': `deriv(${plain(eventLog.position)}[$__rate_interval])` },
    }),
    graph({
      title: 'Commits',
      description: 'Duration of the last commit, and the age of the oldest event that is not yet on disk.',
      unit: 'ms',
      queries: { '{{bot}} commit': plain(eventLog.append), '{{bot}} waiting': plain(eventLog.lag) },
    }),
    graph({
      title: 'Queue of the log',
      description: 'Part of its capacity; orders are refused from 80 %.',
      unit: 'percentunit',
      queries: { '{{bot}}': `${plain(eventLog.queueDepth)} / ${plain(eventLog.queueCapacity)}` },
    }),
    graph({
      title: 'Write-ahead log',
      description: 'Grows while a reader keeps it from being emptied.',
      unit: 'bytes',
      queries: { '{{bot}}': plain(eventLog.walBytes) },
    }),
    graph({
      title: 'CPU',
      description: 'Of one core.',
      unit: 'percentunit',
      queries: { '{{bot}}': `rate(${plain('process_cpu_seconds_total')}[$__rate_interval])` },
    }),
    graph({
      title: 'Memory',
      description: 'Resident set, and the heap of it that is in use.',
      unit: 'bytes',
      queries: {
        '{{bot}} resident': plain('process_resident_memory_bytes'),
        '{{bot}} heap': plain('nodejs_heap_size_used_bytes'),
      },
    }),
    graph({
      title: 'Event loop',
      description: 'Longest and 99th percentile of the delay of the event loop since the last scrape.',
      unit: 's',
      queries: {
        '{{bot}} max': plain('nodejs_eventloop_lag_max_seconds'),
        '{{bot}} p99': plain('nodejs_eventloop_lag_p99_seconds'),
      },
    }),
    graph({
      title: 'Scrape',
      description: 'Time that a scrape takes.',
      unit: 's',
      queries: { '{{bot}}': plain('scrape_duration_seconds') },
    }),
  ]);
}
