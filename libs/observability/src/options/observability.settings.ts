import type { OpenEventLogOptions } from '@opensqt/event-log';
import { type Clock, systemClock } from '@opensqt/trading-events';
import type { AlertSettings } from '../alerts/rules/alert-rule';
import { DEFAULT_RETRY_LIMITS, type RetryLimits } from '../alerts/delivery/retry-policy';
import { LARGEST_BURST } from '../alerts/policy/group';
import { runbookBaseFault } from '../alerts/model/runbook';
import type { SnapshotSchedule } from '../projections/committed-projections';
import { type HeartbeatSettings, heartbeatOf } from '../heartbeat/heartbeat-settings';
import { type SummarySettings, summaryOf } from '../summary/summary-settings';
import { type FurtherChannelsSettings, furtherChannelsOf } from '../channels/channel-settings';
import type { SlackBotChannelOptions } from '../channels/slack/slack-bot.channel';
import type { SlackChannelOptions } from '../channels/slack/slack.channel';
import type { TelegramChannelOptions } from '../channels/telegram/telegram.channel';
import type { ListenAddress } from '../metrics/http/metrics-listener';
import { quietHoursFault } from '../alerts/policy/quiet-hours';
import type { EventLogOptions, ObservabilityOptions, RouteOptions } from './observability.options';

/** The options with their defaults filled in and their contradictions refused. */
export interface ObservabilitySettings {
  readonly metrics: {
    /** True when `/metrics` is on the application's own port. */
    readonly onApplication: boolean;
    readonly address: ListenAddress | undefined;
  };
  readonly staleAfter: number;
  readonly alerts: AlertSettings;
  readonly retry: RetryLimits;
  readonly slack: SlackChannelOptions | SlackBotChannelOptions | undefined;
  readonly telegram: TelegramChannelOptions | undefined;
  readonly routes: readonly RouteOptions[];
  /** Undefined: no heartbeat. */
  readonly heartbeat: HeartbeatSettings | undefined;
  /** Undefined: no summary. */
  readonly summary: SummarySettings | undefined;
  readonly furtherChannels: FurtherChannelsSettings;
  /** Where runbooks are. */
  readonly runbookBaseUrl: string | undefined;
  /** False: only the log channel is told. */
  readonly alertsEnabled: boolean;
  readonly eventLog: OpenEventLogOptions;
  /** Undefined: the log does not outlive the process, and neither would a snapshot. */
  readonly snapshots: SnapshotSchedule | undefined;
  readonly clock: Clock;
  readonly version: string;
}

/** The options contradict themselves or lack what they need. */
export class ObservabilityOptionsError extends Error {
  override readonly name = 'ObservabilityOptionsError';
  readonly code = 'OPTIONS_INVALID';

  constructor(readonly violations: readonly string[]) {
    super(`ObservabilityModule: ${violations.join('; ')}.`);
  }
}

const DECIMAL = /^\d+(\.\d+)?$/;

/**
 * Resolves the defaults, once.
 *
 * @throws ObservabilityOptionsError with every violation; it never shows a secret
 */
export function settingsOf(options: ObservabilityOptions): ObservabilitySettings {
  const { telemetry = {}, alerts = {}, eventLog = {}, clock = systemClock, version = '0.0.0' } = options;
  const violations: string[] = [];
  const duration = (path: string, value: number): number => {
    if (!Number.isFinite(value) || value < 0)
      violations.push(`${path} must be milliseconds, zero or more, found ${value}`);
    return value;
  };
  const threshold = alerts.largeExecution?.threshold ?? '10000';
  if (!DECIMAL.test(threshold)) {
    violations.push(
      `alerts.largeExecution.threshold must be a decimal string such as "10000", found "${threshold}"`,
    );
  }
  const { burst = 10 } = alerts;
  if (!Number.isInteger(burst) || burst < 1 || burst > LARGEST_BURST) {
    violations.push(`alerts.burst must be a whole number from 1 to ${LARGEST_BURST}, found ${burst}`);
  }
  const snapshots = {
    events: eventLog.snapshotEvents ?? 50_000,
    intervalMs: duration('eventLog.snapshotInterval', eventLog.snapshotInterval ?? 30_000),
  };
  if (!Number.isSafeInteger(snapshots.events) || snapshots.events < 1) {
    violations.push(`eventLog.snapshotEvents must be a whole number from 1, found ${snapshots.events}`);
  }
  const { metricsEnabled = true, metricsPort, metricsHost = '127.0.0.1' } = telemetry;
  const settings: ObservabilitySettings = {
    metrics: {
      onApplication: metricsEnabled && metricsPort === undefined,
      address:
        metricsEnabled && metricsPort !== undefined ? { host: metricsHost, port: metricsPort } : undefined,
    },
    staleAfter: duration('telemetry.staleAfter', telemetry.staleAfter ?? 300_000),
    alerts: {
      largeExecutionThreshold: threshold,
      persistentAfterMs: duration(
        'alerts.exchangeDisconnect.persistentAfter',
        alerts.exchangeDisconnect?.persistentAfter ?? 60_000,
      ),
      repeatIntervalMs: duration('alerts.repeatInterval', alerts.repeatInterval ?? 14_400_000),
      burst,
      groupWindowMs: duration('alerts.groupWindow', alerts.groupWindow ?? 60_000),
    },
    retry: {
      longestBackoffMs: duration(
        'alerts.retry.longestBackoff',
        alerts.retry?.longestBackoff ?? DEFAULT_RETRY_LIMITS.longestBackoffMs,
      ),
      longestPauseMs: duration(
        'alerts.retry.longestPause',
        alerts.retry?.longestPause ?? DEFAULT_RETRY_LIMITS.longestPauseMs,
      ),
    },
    slack: slackOf(alerts.slack, violations),
    telegram: telegramOf(alerts.telegram, violations),
    routes: routesOf(alerts.routes ?? [], violations),
    heartbeat: heartbeatOf(alerts.heartbeat, eventLog.writer, violations),
    summary: summaryOf(alerts.summary, violations),
    furtherChannels: furtherChannelsOf(alerts, violations),
    runbookBaseUrl: alerts.runbookBaseUrl,
    alertsEnabled: alerts.enabled ?? true,
    eventLog: eventLogOf(eventLog, violations),
    snapshots: eventLog.kind === undefined || eventLog.kind === 'memory' ? undefined : snapshots,
    clock,
    version,
  };
  const runbookFault =
    alerts.runbookBaseUrl === undefined ? undefined : runbookBaseFault(alerts.runbookBaseUrl);
  if (runbookFault !== undefined) violations.push(`alerts.runbookBaseUrl ${runbookFault}`);
  if (violations.length > 0) throw new ObservabilityOptionsError(violations);
  return settings;
}

/** A URL is not shown: it may hold a password anywhere. */
function eventLogOf(eventLog: EventLogOptions, violations: string[]): OpenEventLogOptions {
  if (eventLog.kind === 'postgres' && !/^postgres(ql)?:\/\//.test(eventLog.url ?? '')) {
    violations.push('eventLog.kind is postgres and needs eventLog.url, a postgres:// URL');
  }
  return eventLog;
}

type AlertsOptions = NonNullable<ObservabilityOptions['alerts']>;

function slackOf(slack: AlertsOptions['slack'], violations: string[]): ObservabilitySettings['slack'] {
  if (slack?.enabled !== true) return undefined;
  const { webhookUrl, botToken, channel, apiRoot, minLevel } = slack;
  const level = minLevel === undefined ? {} : { minLevel };
  if (apiRoot !== undefined && !isHttpUrl(apiRoot)) {
    violations.push('alerts.slack.apiRoot must be an http(s) URL');
  }
  if (botToken !== undefined && webhookUrl !== undefined) {
    violations.push('alerts.slack has both webhookUrl and botToken and needs one of them');
  }
  if (botToken !== undefined) {
    if (botToken.trim() === '') violations.push('alerts.slack.botToken is empty');
    if (channel === undefined || channel.trim() === '') {
      violations.push('alerts.slack.botToken needs channel, the one that the bot writes to');
    }
    return { botToken, channel: channel ?? '', ...(apiRoot === undefined ? {} : { apiRoot }), ...level };
  }
  if (!isHttpUrl(webhookUrl ?? '')) {
    violations.push('alerts.slack is enabled and needs webhookUrl, an http(s) URL, or botToken');
  }
  return { webhookUrl: webhookUrl ?? '', ...(channel === undefined ? {} : { channel }), ...level };
}

function telegramOf(
  telegram: AlertsOptions['telegram'],
  violations: string[],
): ObservabilitySettings['telegram'] {
  if (telegram?.enabled !== true) return undefined;
  const { botToken = '', chatId = '', messageThreadId, apiRoot, minLevel } = telegram;
  if (botToken === '') violations.push('alerts.telegram is enabled and needs botToken');
  if (String(chatId) === '') violations.push('alerts.telegram is enabled and needs chatId');
  if (apiRoot !== undefined && !isHttpUrl(apiRoot))
    violations.push('alerts.telegram.apiRoot must be an http(s) URL');
  if (messageThreadId !== undefined && !(Number.isSafeInteger(messageThreadId) && messageThreadId > 0)) {
    violations.push('alerts.telegram.messageThreadId must be a whole number from 1');
  }
  return {
    botToken,
    chatId: String(chatId),
    ...(messageThreadId === undefined ? {} : { messageThreadId }),
    ...(apiRoot === undefined ? {} : { apiRoot }),
    ...(minLevel === undefined ? {} : { minLevel }),
  };
}

function routesOf(routes: readonly RouteOptions[], violations: string[]): readonly RouteOptions[] {
  for (const [index, { channel, quietHours }] of routes.entries()) {
    const fault = quietHours === undefined ? undefined : quietHoursFault(quietHours);
    if (fault !== undefined) violations.push(`alerts.routes[${index}].quietHours: ${fault}`);
    if (routes.findIndex((other) => other.channel === channel) !== index) {
      violations.push(`alerts.routes has two entries for the channel '${channel}'`);
    }
  }
  return routes;
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
