import { AlertLevel, type NoticeKind, assertNever } from '@opensqt/trading-events';
import type { AlertNotification } from '../channel';
import { type MessageParts, formatAlert, fieldsByName, headline, isoTime } from '../message/message';
import { alertKey } from '../message/notification-key';
import { oneLine } from '../../format/plain-text';
import type { MessageSize } from '../http/post-message';
import { shorten } from '../message/shorten';

/** PagerDuty's limit of a summary, in characters. */
const SUMMARY = 1_024;
const SOURCE = 255;
/**
 * UTF-16 units of the details. A unit takes three bytes at most, so that all of them stay well within the 512 KB of a
 * request: 3 × (20,000 + 100 × (200 + 1,000)) = 420 KB.
 */
const DETAILS = {
  full: { message: 20_000, fields: 100, name: 200, value: 1_000 },
  short: { message: 1_000, fields: 10, name: 50, value: 200 },
} as const;

/** The effect of an event on the incident. */
export type PagerDutyAction = 'trigger' | 'acknowledge' | 'resolve';

/** The body of a request to `/v2/enqueue`. */
export interface PagerDutyEvent {
  readonly routing_key: string;
  readonly event_action: PagerDutyAction;
  /** The same for every event about one alert. */
  readonly dedup_key: string;
  readonly client: 'OpenSQT';
  readonly links?: readonly [{ readonly href: string; readonly text: 'Runbook' }];
  /** Not needed to resolve. */
  readonly payload?: {
    readonly summary: string;
    readonly source: string;
    /** The subject, beside the bot. */
    readonly component?: string;
    readonly severity: 'critical' | 'error' | 'warning' | 'info';
    readonly timestamp?: string;
    readonly class: string;
    /** The first alert of the incident: PagerDuty can put together what has the same. */
    readonly group: string;
    readonly custom_details: Readonly<Record<string, string>>;
  };
}

/** The action of a message of that kind. An incident that is open records a further trigger as an alert of its own. */
export function pagerDutyAction(kind: NoticeKind): PagerDutyAction {
  switch (kind) {
    case 'raised':
    case 'escalated':
    case 'flapping':
    case 'repeated':
    case 'digest':
    case 'summary':
    case 'test':
      return 'trigger';
    case 'acknowledged':
      return 'acknowledge';
    case 'resolved':
      return 'resolve';
    default:
      return assertNever(kind);
  }
}

const SEVERITIES = {
  [AlertLevel.Info]: 'info',
  [AlertLevel.Warning]: 'warning',
  [AlertLevel.Error]: 'error',
  [AlertLevel.Critical]: 'critical',
} as const;

/**
 * Lays a notification out as an event.
 *
 * Limits: https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ (summary 1024, dedup_key 255),
 * …/events-api-v2/overview/ (512 KB)
 */
export function pagerDutyEvent(
  notification: AlertNotification,
  routingKey: string,
  size: MessageSize = 'full',
): PagerDutyEvent {
  const event_action = pagerDutyAction(notification.kind);
  const event = {
    routing_key: routingKey,
    event_action,
    dedup_key: alertKey(notification),
    client: 'OpenSQT',
  } as const;
  if (event_action !== 'trigger') return event;

  const message = formatAlert(notification);
  const timestamp = isoTime(notification.timestamp);
  return {
    ...event,
    ...(message.runbook === undefined
      ? {}
      : { links: [{ href: message.runbook, text: 'Runbook' }] as const }),
    payload: {
      summary: shorten(headline(message), SUMMARY),
      ...sourceOf(notification),
      severity: SEVERITIES[notification.level],
      ...(timestamp === undefined ? {} : { timestamp }),
      class: shorten(oneLine(notification.condition), SOURCE),
      group: notification.incidentId ?? notification.alertId,
      custom_details: detailsOf(message, size),
    },
  };
}

/** The bot, and the subject of the alert: `BTCUSDT, max_position`. Where nobody says which bot, the subject is the source. */
function sourceOf({ labels: { bot, ...labels }, condition }: AlertNotification): {
  readonly source: string;
  readonly component?: string;
} {
  const subject = shorten(oneLine([...new Set(Object.values(labels))].join(', ')), SOURCE);
  const name = shorten(oneLine(bot ?? ''), SOURCE);
  if (name !== '') return { source: name, ...(subject === '' ? {} : { component: subject }) };
  return { source: subject || shorten(oneLine(condition), SOURCE) || 'opensqt' };
}

function detailsOf(
  { body, fields, marks, id }: MessageParts,
  size: MessageSize,
): Readonly<Record<string, string>> {
  const limits = DETAILS[size];
  const shown = fields.slice(0, limits.fields).map(({ name, value }) => ({
    name: shorten(name, limits.name),
    value: shorten(value, limits.value),
  }));
  const leftOut = fields.length - shown.length;
  return fieldsByName([
    ...(body === '' ? [] : [{ name: 'Message', value: shorten(body, limits.message) }]),
    ...shown,
    ...(id === '' ? [] : [{ name: 'Alert', value: id }]),
    ...(marks.length === 0 ? [] : [{ name: 'Note', value: marks.join(', ') }]),
    ...(leftOut === 0 ? [] : [{ name: 'Fields not shown', value: String(leftOut) }]),
  ]);
}
