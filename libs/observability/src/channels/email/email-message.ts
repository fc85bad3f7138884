import type { AlertNotification } from '../channel';
import { type MessageParts, formatAlert, headline, whenAndWhich } from '../message/message';
import { alertKey, messageKey } from '../message/notification-key';
import { escapeMarkup } from '../../format/plain-text';
import type { MessageSize } from '../http/post-message';
import { shorten } from '../message/shorten';

/** UTF-16 units of a subject; longer ones are cut by what shows them. */
const SUBJECT = 200;
const LIMITS = {
  full: { message: 20_000, fields: 100, name: 200, value: 2_000 },
  short: { message: 1_000, fields: 10, name: 50, value: 200 },
} as const;

/** Keeps holiday notices from answering. Source: RFC 3834, section 5; the second is Outlook's. */
const AUTOMATIC = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };
/** The importance that mail clients mark and let through to a phone. Source: RFC 2156, appendix C (Importance). */
const URGENT = { Importance: 'high', 'X-Priority': '1' };

/** The content of an e-mail, and what ties it to others. */
export interface EmailMessage {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same for every attempt at one message. */
  readonly messageId: string;
  /** The alert's first message, which this one answers; absent in the first itself. */
  readonly inReplyTo?: string;
  readonly references?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Lays a notification out as an e-mail, plain and in HTML. Messages about one alert form a thread: the first one's id follows
 * from the alert, and the others refer to it.
 *
 * @param domain right half of the message ids
 */
export function emailMessage(
  notification: AlertNotification,
  domain: string,
  size: MessageSize = 'full',
): EmailMessage {
  const message = formatAlert(notification);
  const shown = shortened(message, size);
  const trigger = `<${alertKey(notification)}@${domain}>`;
  const urgent = notification.level === 'CRITICAL' && notification.kind !== 'resolved';
  const isTrigger = ['raised', 'summary', 'test'].includes(notification.kind);
  return {
    subject: shorten(`${headline(message)}${marksOf(message)}`, SUBJECT),
    text: textOf(shown),
    html: htmlOf(shown),
    messageId: isTrigger ? trigger : `<${messageKey(notification)}@${domain}>`,
    ...(isTrigger ? {} : { inReplyTo: trigger, references: trigger }),
    headers: { ...AUTOMATIC, ...(urgent ? URGENT : {}) },
  };
}

function shortened(message: MessageParts, size: MessageSize): MessageParts {
  const limits = LIMITS[size];
  const fields = message.fields.slice(0, limits.fields).map(({ name, value }) => ({
    name: shorten(name, limits.name),
    value: shorten(value, limits.value),
  }));
  const leftOut = message.fields.length - fields.length;
  return {
    ...message,
    title: shorten(message.title, limits.value),
    body: shorten(message.body, limits.message),
    fields,
    marks: [...message.marks, ...(leftOut === 0 ? [] : [`${leftOut} more fields not shown`])],
  };
}

function marksOf({ marks }: MessageParts): string {
  return marks.length === 0 ? '' : ` (${marks.join(', ')})`;
}

function textOf(message: MessageParts): string {
  const fields = message.fields.map(({ name, value }) => `${name}: ${value}`);
  const runbook = message.runbook === undefined ? '' : `Runbook: ${message.runbook}`;
  return [
    `${headline(message)}${marksOf(message)}`,
    message.body,
    fields.join('\n'),
    message.commands,
    runbook,
    whenAndWhich(message),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Only the operator's own address becomes an attribute: nothing of what a text says can. */
function htmlOf(message: MessageParts): string {
  const inLines = (text: string): string => escapeMarkup(text).replaceAll('\n', '<br>');
  const rows = message.fields.map(
    ({ name, value }) => `<tr><td><b>${inLines(name)}</b></td><td>${inLines(value)}</td></tr>`,
  );
  return [
    `<p><b>${inLines(headline(message))}</b>${inLines(marksOf(message))}</p>`,
    ...(message.body === '' ? [] : [`<p>${inLines(message.body)}</p>`]),
    ...(rows.length === 0 ? [] : [`<table>${rows.join('')}</table>`]),
    ...(message.runbook === undefined ? [] : [`<p><a href="${attribute(message.runbook)}">Runbook</a></p>`]),
    ...(message.commands === '' ? [] : [`<p><code>${inLines(message.commands)}</code></p>`]),
    `<p>${inLines(whenAndWhich(message))}</p>`,
  ].join('\n');
}

function attribute(url: string): string {
  return escapeMarkup(url).replaceAll('"', '&quot;');
}
