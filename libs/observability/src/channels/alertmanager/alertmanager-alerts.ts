import { AlertLevel } from '@opensqt/trading-events';
import type { AlertNotification } from '../channel';
import { type MessageParts, formatAlert, fieldsByName, headline } from '../message/message';
import { oneLine } from '../../format/plain-text';
import type { MessageSize } from '../http/post-message';
import { shorten } from '../message/shorten';

/**
 * Alertmanager's clock may be behind ours. An end that lies in its future would be no end to it, and would lose against the end
 * that the open alert already has.
 */
const CLOCK_SKEW_MS = 60_000;

/** Alertmanager states no limits; these keep a request well under what proxies take. UTF-16 units. */
const LIMITS = {
  full: { message: 20_000, fields: 100, value: 2_000, label: 500 },
  short: { message: 1_000, fields: 10, value: 200, label: 500 },
} as const;

/** One alert of a request to `/api/v2/alerts`. */
export interface AlertmanagerAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Absent: it begins when it ends. */
  readonly startsAt?: string;
  readonly endsAt: string;
  readonly generatorURL?: string;
}

/** The terms of an alert that its notification does not have. */
export interface AlertmanagerTerms {
  /** The time that an open alert lasts without being sent again, milliseconds. */
  readonly endsAfterMs: number;
  /** The page that shows the alert. */
  readonly generatorUrl?: string;
  /** Levels at which the alert was sent before and not ended; undefined: nobody knows any more. */
  readonly sentAt: ReadonlySet<AlertLevel> | undefined;
  /** Epoch milliseconds, wall clock: Alertmanager compares `endsAt` with its own. */
  readonly now: number;
}

/** Lowest first. */
const ALL_LEVELS = Object.values(AlertLevel);

const SEVERITIES: Readonly<Record<AlertLevel, string>> = {
  [AlertLevel.Info]: 'info',
  [AlertLevel.Warning]: 'warning',
  [AlertLevel.Error]: 'error',
  [AlertLevel.Critical]: 'critical',
};

/**
 * Lays a notification out as Alertmanager's alerts. To it the labels are the alert: one whose severity changes is another. So
 * an escalation also ends the alert at the levels at which it was sent before, and a resolve ends it at all of them. Where
 * they are not known they are the alert's own and every lower one: levels only rise.
 *
 * Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
 */
export function alertmanagerAlerts(
  notification: AlertNotification,
  terms: AlertmanagerTerms,
  size: MessageSize = 'full',
): readonly AlertmanagerAlert[] {
  const { level, kind, timestamp } = notification;
  const common = {
    annotations: annotationsOf(formatAlert(notification), size),
    ...(terms.generatorUrl === undefined ? {} : { generatorURL: terms.generatorUrl }),
  };
  const alert = (of: AlertLevel, endsAt: number) => ({
    labels: labelsOf(notification, of, LIMITS[size].label),
    ...common,
    endsAt: new Date(endsAt).toISOString(),
  });
  const ended = (levels: readonly AlertLevel[]) => levels.map((of) => alert(of, terms.now - CLOCK_SKEW_MS));
  const before = ALL_LEVELS.filter(
    (of) => terms.sentAt?.has(of) ?? ALL_LEVELS.indexOf(of) <= ALL_LEVELS.indexOf(level),
  );
  if (kind === 'resolved') return ended(before.includes(level) ? before : [...before, level]);

  // The market's clock may be ahead of the wall's, and no alert may start after its end.
  const since = Number.isNaN(timestamp.getTime()) ? terms.now : Math.min(timestamp.getTime(), terms.now);
  const open = {
    ...alert(level, terms.now + terms.endsAfterMs),
    startsAt: new Date(since).toISOString(),
  };
  return [open, ...(kind === 'escalated' ? ended(before.filter((of) => of !== level)) : [])];
}

function labelsOf(
  { condition, labels }: AlertNotification,
  level: AlertLevel,
  limit: number,
): Readonly<Record<string, string>> {
  const own = Object.entries(labels)
    .map(([name, value]) => ({ name, value: shorten(oneLine(value), limit) }))
    .filter(({ value }) => value !== '');
  return {
    alertname: shorten(oneLine(condition), limit) || 'alert',
    severity: SEVERITIES[level],
    ...fieldsByName(own, labelName, ['alertname', 'severity']),
  };
}

function annotationsOf(message: MessageParts, size: MessageSize): Readonly<Record<string, string>> {
  const { fields, body, marks, runbook, id } = message;
  const limits = LIMITS[size];
  const shown = fields
    .slice(0, limits.fields)
    .map(({ name, value }) => ({ name, value: shorten(value, limits.value) }));
  return {
    summary: shorten(headline(message), limits.value),
    ...(body === '' ? {} : { description: shorten(body, limits.message) }),
    ...(marks.length === 0 ? {} : { note: marks.join(', ') }),
    ...(id === '' ? {} : { alert_id: id }),
    ...(runbook === undefined ? {} : { runbook_url: runbook }),
    ...fieldsByName(shown, labelName, ['summary', 'description', 'note', 'alert_id', 'runbook_url']),
  };
}

/** A name that every version of Prometheus takes: `Entry price` becomes `entry_price`. */
function labelName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .slice(0, 100);
  return /^[a-z_]/.test(plain) ? plain : `_${plain}`;
}
