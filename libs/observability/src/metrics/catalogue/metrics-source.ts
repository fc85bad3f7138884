import type { EventLogStatus } from '@opensqt/event-log';
import type { MetricsState } from '../projection/metrics.state';

/** Heartbeats that were due since the process started, by what became of them. */
export interface HeartbeatCounts {
  readonly sent: number;
  readonly failed: number;
  readonly withheld: number;
}

/** The source that the metrics are read from, at the moment of a scrape. */
export interface MetricsSource {
  readonly state: MetricsState;
  /** The clock that events are stamped by. */
  readonly now: number;
  readonly log: EventLogStatus;
  readonly rejections: Iterable<{ readonly type: string; readonly reason: string; readonly count: number }>;
  readonly version: string;
  /** True in the process that sends the alerts of its log; absent where no process is looked at, as in a replay. */
  readonly sendsAlerts?: boolean;
  /** Absent without a heartbeat. */
  readonly heartbeat?: HeartbeatCounts;
}

/** One line (or, for a histogram, one set of lines) of a metric. */
export interface Series<Value> {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: Value;
}
