import type { AlertNotification } from '../channel';
import {
  type MessageField,
  type MessageParts,
  formatAlert,
  headline,
  whenAndWhich,
} from '../message/message';
import { escapeMarkup } from '../../format/plain-text';
import { shorten } from '../message/shorten';

/** Slack's limits; lengths count the text as sent, escapes included. */
const HEADER = 150;
const SECTION = 3_000;
const FIELD = 2_000;
const FIELDS_PER_SECTION = 10;
const FIELD_SECTIONS = 4;
const PREVIEW = 500;
const CONTEXT = 300;
const COMMANDS = 400;

/** Characters of a whole message that Slack takes. */
const SLACK_MESSAGE_LIMIT = 12_000;

/** Nothing in it is formatted, linked, mentioned or turned into an emoji. */
export interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}

/** A link: all that is ever marked up, and its address is the operator's. */
export interface SlackLink {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

export type SlackBlock =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: PlainText }
  | { readonly type: 'section'; readonly fields: readonly PlainText[] }
  | { readonly type: 'context'; readonly elements: readonly (PlainText | SlackLink)[] };

/** The layout of a message. */
export interface SlackLayout {
  /** The text of a phone's notification, and all that a gateway without blocks shows. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

/** Nothing in a posted message is formatted, and no address in it is fetched and shown. */
export const AS_IT_IS = { mrkdwn: false, link_names: false, unfurl_links: false, unfurl_media: false };

/**
 * Lays a notification out in Block Kit. Every text is `plain_text`, so that what an exchange or a strategy said is shown as
 * it is and can't format, link or mention anything.
 *
 * Limits: https://docs.slack.dev/reference/block-kit/blocks/section-block (text 3000, 10 fields of 2000),
 * …/header-block (150), https://docs.slack.dev/reference/methods/chat.postMessage (50 blocks, about 12,000 in all).
 *
 * @param limit characters of all texts together, from 2,000
 */
export function slackMessage(
  notification: AlertNotification,
  limit: number = SLACK_MESSAGE_LIMIT,
): SlackLayout {
  const message = formatAlert(notification);
  const shown = message.fields.slice(0, FIELD_SECTIONS * FIELDS_PER_SECTION);
  const bodyLimit = Math.min(SECTION, Math.floor(limit / 4));
  const budget = limit - HEADER - PREVIEW - CONTEXT - COMMANDS - bodyLimit;
  const fieldLimit = Math.min(FIELD, Math.floor(budget / Math.max(1, shown.length)));
  const fields = shown.map((field) => fieldText(field, fieldLimit));

  return {
    text: fitted(preview(message), PREVIEW),
    blocks: [
      { type: 'header', text: plainText(headline(message), HEADER) },
      ...(message.body === ''
        ? []
        : [{ type: 'section' as const, text: plainText(message.body, bodyLimit) }]),
      ...inGroups(fields, FIELDS_PER_SECTION).map((group) => ({ type: 'section' as const, fields: group })),
      {
        type: 'context',
        elements: [
          plainText(context(message, message.fields.length - shown.length), CONTEXT),
          ...(message.runbook === undefined ? [] : [runbookLink(message.runbook)]),
        ],
      },
      ...(message.commands === ''
        ? []
        : [{ type: 'context' as const, elements: [plainText(message.commands, COMMANDS)] }]),
    ],
  };
}

/** In an address, `&` is escaped like anywhere, and `<`, `>` and `|` are encoded already. */
function runbookLink(url: string): SlackLink {
  return { type: 'mrkdwn', text: `<${escapeMarkup(url)}|Runbook>`, verbatim: true };
}

/** Lays out an answer to a message that shows the alert in full: headline, marks and text. */
export function slackReply(notification: AlertNotification): SlackLayout {
  const text = fitted(preview(formatAlert(notification)), PREVIEW);
  return { text, blocks: [{ type: 'section', text: { type: 'plain_text', text, emoji: false } }] };
}

function preview(message: MessageParts): string {
  const marks = message.marks.length === 0 ? '' : ` (${message.marks.join(', ')})`;
  return `${headline(message)}${marks}\n${message.body}`.trimEnd();
}

function context(message: MessageParts, fieldsLeftOut: number): string {
  const leftOut = fieldsLeftOut === 0 ? [] : [`${fieldsLeftOut} more fields not shown`];
  return [...message.marks, ...leftOut, whenAndWhich(message)].join(' · ');
}

function fieldText({ name, value }: MessageField, limit: number): PlainText {
  const label = shorten(name, Math.floor(limit / 4), escapedLength);
  const text = shorten(value, limit - escapedLength(label) - 1, escapedLength);
  return plainText(`${label}\n${text}`, limit);
}

function plainText(text: string, limit: number): PlainText {
  return { type: 'plain_text', text: fitted(text, limit), emoji: false };
}

function fitted(text: string, limit: number): string {
  return escapeMarkup(shorten(text, limit, escapedLength));
}

function escapedLength(text: string): number {
  return escapeMarkup(text).length;
}

function inGroups<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, group) =>
    items.slice(group * size, (group + 1) * size),
  );
}
