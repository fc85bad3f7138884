import type { AlertNotification } from '../channel';
import { formatAlert, headline, whenAndWhich } from '../message/message';
import { escapeMarkup } from '../../format/plain-text';
import { shorten } from '../message/shorten';

/** UTF-16 units of a message after its entities are parsed. Source: https://core.telegram.org/bots/api#sendmessage */
export const TELEGRAM_MESSAGE_LIMIT = 4_096;

/** UTF-16 units of each half of an answer, short enough for what is left of a message that had to be shortened. */
const ANSWER_BODY = 400;

/** A run of text in one style. */
export interface Span {
  readonly text: string;
  readonly bold: boolean;
  /** The address that it links to. */
  readonly href?: string;
}

/**
 * Lays a notification out for a phone: headline, marks, message, a line per field, time. The spans together are no longer
 * than the limit, whether they become HTML or plain text.
 *
 * @param limit UTF-16 units, from 500
 */
export function telegramMessage(
  notification: AlertNotification,
  limit: number = TELEGRAM_MESSAGE_LIMIT,
): readonly Span[] {
  const message = formatAlert(notification);
  const pieceLimit = Math.floor(limit / 8);
  const first = [
    bold(shorten(inert(headline(message)), pieceLimit)),
    ...(message.marks.length === 0 ? [] : [plain(`\n⚠️ ${message.marks.join(' · ')}`)]),
  ];
  const time = [
    plain(`\n\n${inert(whenAndWhich(message))}`),
    ...(message.runbook === undefined ? [] : [plain(' · '), link('Runbook', message.runbook)]),
    ...(message.commands === '' ? [] : [plain(`\n${shorten(inert(message.commands), pieceLimit)}`)]),
  ];
  const lines = message.fields.map(({ name, value }) => [
    plain('\n'),
    bold(`${shorten(inert(name), Math.floor(pieceLimit / 4))}:`),
    plain(` ${shorten(inert(value), pieceLimit)}`),
  ]);
  const fields = asManyAsFit(lines, Math.floor(limit * 0.4));
  const room = limit - lengthOf([...first, ...fields, ...time]) - '\n\n\n'.length;
  const body = shorten(inert(message.body), room);

  return [
    ...first,
    ...(body === '' ? [] : [plain(`\n\n${body}`)]),
    ...(fields.length === 0 ? [] : [plain('\n'), ...fields]),
    ...time,
  ];
}

/** Lays out an answer to a message that shows the alert in full: headline, marks and the beginning of the text. */
export function telegramAnswer(notification: AlertNotification): readonly Span[] {
  const message = formatAlert(notification);
  const body = shorten(inert(message.body), ANSWER_BODY);
  return [
    bold(shorten(inert(headline(message)), ANSWER_BODY)),
    ...(message.marks.length === 0 ? [] : [plain(`\n⚠️ ${message.marks.join(' · ')}`)]),
    ...(body === '' ? [] : [plain(`\n${body}`)]),
  ];
}

/** The spans in Telegram's HTML. */
export function toHtml(spans: readonly Span[]): string {
  return spans
    .map(({ text, bold, href }) => {
      const escaped = escapeMarkup(text);
      if (href !== undefined)
        return `<a href="${escapeMarkup(href).replaceAll('"', '&quot;')}">${escaped}</a>`;
      return bold ? `<b>${escaped}</b>` : escaped;
    })
    .join('');
}

/** The spans without markup, for when Telegram would not parse it. */
export function toPlainText(spans: readonly Span[]): string {
  return spans.map(shownText).join('');
}

function asManyAsFit(lines: readonly (readonly Span[])[], limit: number): readonly Span[] {
  const note = (left: number): Span => plain(`\n${left} more fields not shown`);
  const spans: Span[] = [];
  for (const [index, line] of lines.entries()) {
    if (lengthOf([...spans, ...line]) > limit) return [...spans, note(lines.length - index)];
    spans.push(...line);
  }
  return spans;
}

/** Telegram looks for @names in any mode and notifies their owners: a word joiner after the @ keeps it from finding one. */
function inert(text: string): string {
  return text.replace(/@(?=\w)/g, '@\u2060');
}

function bold(text: string): Span {
  return { text, bold: true };
}

function plain(text: string): Span {
  return { text, bold: false };
}

/** Nothing that came from elsewhere is linked. */
function link(text: string, href: string): Span {
  return { text, bold: false, href };
}

/** As plain text, which shows addresses in full and is the longer form. */
function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((length, span) => length + shownText(span).length, 0);
}

function shownText({ text, href }: Span): string {
  return href === undefined ? text : `${text}: ${href}`;
}
