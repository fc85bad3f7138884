import type { LogRetention } from '@opensqt/event-log';
import { type AlertLevel, type Clock, systemClock } from '@opensqt/trading-events';
import type { AlertSettings } from './alerts/alert-rule';
import type { ListenAddress } from './metrics/metrics-listener';
import type { ObservabilityOptions } from './observability.options';

/** The options with their defaults filled in and their contradictions refused. */
export interface ObservabilitySettings {
  readonly metrics: {
    /** True when `/metrics` is on the application's own port. */
    readonly onApplication: boolean;
    readonly address: ListenAddress | undefined;
  };
  readonly staleAfter: number;
  readonly alerts: AlertSettings;
  readonly slack:
    { readonly webhookUrl: string; readonly channel?: string; readonly minLevel?: AlertLevel } | undefined;
  readonly telegram:
    | {
        readonly botToken: string;
        readonly chatId: string;
        readonly apiRoot?: string;
        readonly minLevel?: AlertLevel;
      }
    | undefined;
  /** False: only the log channel is told. */
  readonly alertsEnabled: boolean;
  readonly eventLog: {
    readonly kind: 'memory' | 'sqlite';
    readonly path: string;
    readonly retention: LogRetention;
  };
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
    },
    slack: slackOf(alerts.slack, violations),
    telegram: telegramOf(alerts.telegram, violations),
    alertsEnabled: alerts.enabled ?? true,
    eventLog: {
      kind: eventLog.kind ?? 'memory',
      path: eventLog.path ?? 'data/events.db',
      retention: eventLog.retention ?? {},
    },
    clock,
    version,
  };
  if (violations.length > 0) throw new ObservabilityOptionsError(violations);
  return settings;
}

type AlertsOptions = NonNullable<ObservabilityOptions['alerts']>;

function slackOf(slack: AlertsOptions['slack'], violations: string[]): ObservabilitySettings['slack'] {
  if (slack?.enabled !== true) return undefined;
  const { webhookUrl = '', channel, minLevel } = slack;
  if (!isHttpUrl(webhookUrl)) violations.push('alerts.slack is enabled and needs webhookUrl, an http(s) URL');
  return {
    webhookUrl,
    ...(channel === undefined ? {} : { channel }),
    ...(minLevel === undefined ? {} : { minLevel }),
  };
}

function telegramOf(
  telegram: AlertsOptions['telegram'],
  violations: string[],
): ObservabilitySettings['telegram'] {
  if (telegram?.enabled !== true) return undefined;
  const { botToken = '', chatId = '', apiRoot, minLevel } = telegram;
  if (botToken === '') violations.push('alerts.telegram is enabled and needs botToken');
  if (String(chatId) === '') violations.push('alerts.telegram is enabled and needs chatId');
  if (apiRoot !== undefined && !isHttpUrl(apiRoot))
    violations.push('alerts.telegram.apiRoot must be an http(s) URL');
  return {
    botToken,
    chatId: String(chatId),
    ...(apiRoot === undefined ? {} : { apiRoot }),
    ...(minLevel === undefined ? {} : { minLevel }),
  };
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
