import type { Type } from '@nestjs/common';
import type { LogRetention } from '@opensqt/event-log';
import type { AlertLevel, Clock } from '@opensqt/trading-events';
import type { AlertChannel } from '../channels/channel';
import type { QuietHours } from '../alerts/policy/quiet-hours';
import type { HeartbeatMethod } from '../heartbeat/ping';
import type { AnyProjection } from '../projections/projection';
import type { FurtherChannelsOptions } from '../channels/channel.options';

/** `/metrics`. */
export interface TelemetryOptions {
  /** @default true */
  metricsEnabled?: boolean;
  /** Serve `/metrics` on a listener of its own, and only there. Absent: on the application's port. */
  metricsPort?: number;
  /** Host of that listener. @default '127.0.0.1' */
  metricsHost?: string;
  /** Without a price for this long (ms), an exchange's market stream counts as stale. @default 300_000 */
  staleAfter?: number;
}

export interface SlackOptions {
  /** @default false */
  enabled?: boolean;
  /** An incoming webhook; a secret. This or `botToken`. */
  webhookUrl?: string;
  /** Of a bot, which can change and answer what it said before; a secret. This or `webhookUrl`. */
  botToken?: string;
  /** Where the bot writes to, which it needs; with a webhook it overrides the webhook's own, where that is allowed. */
  channel?: string;
  /** For the bot. @default 'https://slack.com/api' */
  apiRoot?: string;
  /** Least level that is told here. @default 'INFO' */
  minLevel?: AlertLevel;
}

export interface TelegramOptions {
  /** @default false */
  enabled?: boolean;
  /** From @BotFather; a secret. */
  botToken?: string;
  chatId?: string;
  /** The topic of a forum that is written to. Absent: none, or the general one. */
  messageThreadId?: number;
  /** @default 'https://api.telegram.org' */
  apiRoot?: string;
  /** Least level that is told here. @default 'INFO' */
  minLevel?: AlertLevel;
}

/** What one channel is told of, besides its least level. */
export interface RouteOptions {
  /** The channel's name. */
  channel: string;
  /** Labels (and `condition`) that an alert must all have. Absent: any alert. */
  match?: Record<string, string>;
  /** Nothing but CRITICAL is told then; what still fires when they end is told then. */
  quietHours?: QuietHours;
  /** Tell the channel of CRITICAL alerts that nobody has taken on for so long (ms), and of nothing else. */
  unacknowledgedAfter?: number;
}

/** A dead-man's switch that is told while all is well: healthchecks.io, Dead Man's Snitch, Uptime Kuma and their kind. */
export interface HeartbeatOptions {
  /** Requested each interval while all is well; a secret. Absent: no heartbeat. */
  url?: string;
  /** Requested once when something stops being well, where the service has such an address; a secret. */
  failUrl?: string;
  /** @default 'GET' */
  method?: HeartbeatMethod;
  /** @default 60_000 */
  interval?: number;
  /** @default 10_000 */
  timeout?: number;
}

/** What happened since the last one, once a day. */
export interface SummaryOptions {
  /** Time of day, `HH:MM`, on the clock that decisions run on. Absent: no summary. */
  at?: string;
  /** IANA name of the time zone of `at`. @default 'UTC' */
  timezone?: string;
  /** Names of the channels that tell it. @default all that are told of INFO, but PagerDuty and Alertmanager */
  channels?: readonly string[];
}

export interface AlertsOptions extends FurtherChannelsOptions {
  /** False: alerts are still decided, recorded and logged, and nobody else is told. @default true */
  enabled?: boolean;
  largeExecution?: {
    /** Notional (price × quantity, quote currency) from which a fill is told. @default '10000' */
    threshold?: string;
  };
  exchangeDisconnect?: {
    /** After this long (ms) a disconnect becomes an ERROR. @default 60_000 */
    persistentAfter?: number;
  };
  /** An open alert that keeps being raised is told again after this long (ms). @default 14_400_000 */
  repeatInterval?: number;
  /** Messages that a channel is told one by one within the group window; more become one digest. CRITICAL never waits. @default 10 */
  burst?: number;
  /** @default 60_000 */
  groupWindow?: number;
  /** Where runbooks are: messages link `<base>/<condition>.md`, or what `{condition}` in it makes. Absent: no links. */
  runbookBaseUrl?: string;
  retry?: {
    /** How long (ms) a message waits for its next attempt at most; a provider that is back is noticed by then. @default 300_000 */
    longestBackoff?: number;
    /** How long (ms) a channel pauses at most when its provider asks for it. @default 3_600_000 */
    longestPause?: number;
  };
  heartbeat?: HeartbeatOptions;
  summary?: SummaryOptions;
  /** At most one per channel. */
  routes?: RouteOptions[];
  slack?: SlackOptions;
  telegram?: TelegramOptions;
}

export interface EventLogOptions {
  /** @default 'memory' */
  kind?: 'memory' | 'sqlite' | 'postgres';
  /** The SQLite file. @default 'data/events.db' */
  path?: string;
  /** When events leave the SQLite file for its archive (ms, bytes). @default never */
  retention?: LogRetention;
  /** Of the PostgreSQL database, `postgres://user:password@host:port/database`; a secret. Needed there. */
  url?: string;
  /** The schema in that database. @default 'opensqt' */
  schema?: string;
  /** The name that this process writes to that database under; one process at a time has it. @default 'market-maker' */
  writer?: string;
  /** A snapshot is written after so many events: at most so many are read at a restart. @default 50_000 */
  snapshotEvents?: number;
  /** A snapshot is written after this long (ms), when anything was recorded. @default 30_000 */
  snapshotInterval?: number;
}

/**
 * What `ObservabilityModule.forRoot()` takes; all of it optional.
 *
 * @example
 * ObservabilityModule.forRoot({
 *   eventLog: { kind: 'sqlite', path: 'data/events.db' },
 *   alerts: { slack: { enabled: true, webhookUrl: process.env.SLACK_WEBHOOK_URL } },
 * });
 */
export interface ObservabilityOptions {
  telemetry?: TelemetryOptions;
  alerts?: AlertsOptions;
  eventLog?: EventLogOptions;
  /** The symbols that may be labels; events of others are refused. Absent: any, up to a bound. */
  symbols?: readonly string[];
  /**
   * Projections of one's own, kept with snapshots beside those of metrics, health and alerts: after a restart
   * `EventRecorder.committedState()` has their state without reading the whole log.
   */
  projections?: readonly AnyProjection[];
  /** Channels of one's own, besides the built-in ones; Nest makes them. */
  channels?: Type<AlertChannel>[];
  /** The clock that decisions run on. @default the wall clock */
  clock?: Clock;
  /** Bearer token that requests which change alerts need; a secret. Absent: they are refused. */
  apiToken?: string;
  /** Shown in `build_info`. @default '0.0.0' */
  version?: string;
}
