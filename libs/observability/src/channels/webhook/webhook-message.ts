import type { AlertLevel, NoticeKind } from '@opensqt/trading-events';
import type { AlertNotification } from '../channel';
import { type MessageField, formatAlert, isoTime } from '../message/message';
import { messageKey } from '../message/notification-key';
import { oneLine } from '../../format/plain-text';
import { shorten } from '../message/shorten';

/** The form of {@link WebhookMessage}. Fields may be added under the same name; anything else makes a new one. */
export const WEBHOOK_SCHEMA = 'opensqt.alert/1';

/** UTF-16 units of a text in a message that the receiver found too large, and how many fields it keeps. */
const SHORTENED = { message: 1_000, text: 200, fields: 10 };

/** The body of a webhook's request; documented in docs/channels.md. */
export interface WebhookMessage {
  readonly schema: typeof WEBHOOK_SCHEMA;
  /** The `Idempotency-Key`: the same for every attempt at this message. */
  readonly id: string;
  readonly kind: NoticeKind;
  readonly level: AlertLevel;
  /** The bot that it is about; absent where the alert does not say so. */
  readonly bot?: string;
  readonly alertId: string;
  /** The first alert of the incident that it is part of; null when it began one, or stands alone. */
  readonly incidentId: string | null;
  readonly fingerprint: string;
  readonly condition: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly title: string;
  readonly message: string;
  /** In the order in which they are to be shown. */
  readonly fields: readonly MessageField[];
  /** ISO 8601, UTC; null when the alert has none. */
  readonly timestamp: string | null;
  readonly possibleDuplicate: boolean;
  /** The page that says what to do; null when nobody has said where such pages are. */
  readonly runbookUrl: string | null;
  /** Milliseconds; null when the message is on time. */
  readonly delayedMs: number | null;
}

/** A notification as data. Its texts have no control characters but line feeds, and no half characters. */
export function webhookMessage(
  notification: AlertNotification,
  size: 'full' | 'short' = 'full',
): WebhookMessage {
  const { kind, level, alertId, fingerprint, condition, labels, timestamp } = notification;
  const { title, body, fields } = formatAlert(notification);
  const short = size === 'short';
  const text = (value: string): string => (short ? shorten(value, SHORTENED.text) : value);
  return {
    schema: WEBHOOK_SCHEMA,
    id: messageKey(notification),
    kind,
    level,
    ...(labels['bot'] === undefined ? {} : { bot: text(oneLine(labels['bot'])) }),
    alertId: oneLine(alertId),
    incidentId: notification.incidentId ?? null,
    fingerprint: text(oneLine(fingerprint)),
    condition: text(oneLine(condition)),
    labels: Object.fromEntries(
      Object.entries(labels).map(([name, value]) => [text(oneLine(name)), text(oneLine(value))]),
    ),
    title: text(title),
    message: short ? shorten(body, SHORTENED.message) : body,
    fields: (short ? fields.slice(0, SHORTENED.fields) : fields).map(({ name, value }) => ({
      name: text(name),
      value: text(value),
    })),
    timestamp: isoTime(timestamp) ?? null,
    possibleDuplicate: notification.possibleDuplicate,
    runbookUrl: notification.runbookUrl ?? null,
    delayedMs: notification.delayedMs ?? null,
  };
}
