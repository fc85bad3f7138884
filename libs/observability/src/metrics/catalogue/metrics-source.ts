import type { EventLogStatus } from '@opensqt/event-log';
import type { AlertLevel } from '@opensqt/trading-events';
import type { MetricsState } from '../projection/metrics.state';

/** Heartbeats that were due since the process started, by what became of them. */
export interface HeartbeatCounts {
  readonly sent: number;
  readonly failed: number;
  readonly withheld: number;
}

/** The alerts of this bot as they stand, and what there can be of them. */
export interface AlertsOverview {
  /** Conditions, and the levels that alerts of them are recorded with. */
  readonly conditions: readonly { readonly condition: string; readonly levels: readonly AlertLevel[] }[];
  readonly channels: readonly string[];
  readonly open: Iterable<{ readonly condition: string; readonly level: AlertLevel }>;
  readonly pending: Iterable<{ readonly channel: string }>;
  readonly deadLetters: Iterable<{ readonly channel: string }>;
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
  /** Absent where no process is looked at. */
  readonly alerts?: AlertsOverview;
  /** The errors of alerting since the process started, by part; absent where no process is looked at. */
  readonly alertingFailures?: Iterable<{ readonly part: string; readonly count: number }>;
  /** Absent without a heartbeat. */
  readonly heartbeat?: HeartbeatCounts;
}

/** One line (or, for a histogram, one set of lines) of a metric. */
export interface Series<Value> {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: Value;
}
