import { AlertLevel } from '@opensqt/trading-events';
import type { AlertNotification } from '../channel';
import { type MessageField, formatAlert, headline, isoTime, whenAndWhich } from '../message/message';
import type { MessageSize } from '../http/post-message';
import { shorten } from '../message/shorten';

/** Discord's limits, in characters as sent. */
const CONTENT = 2_000;
const DESCRIPTION = 4_096;
const FIELDS = 25;
const FIELD_NAME = 256;
const FIELD_VALUE = 1_024;
const FOOTER = 200;
const COMMANDS = 400;

/** Characters of all an embed's texts together; the content is not one of them. */
const EMBED: Readonly<Record<MessageSize, number>> = { full: 6_000, short: 1_500 };

/** The body of a request to a webhook. */
export interface DiscordMessage {
  /** The text of a phone's notification. */
  readonly content: string;
  /** Nobody is notified by name, whatever a text says. */
  readonly allowed_mentions: { readonly parse: readonly [] };
  readonly embeds: readonly [DiscordEmbed];
}

export interface DiscordEmbed {
  readonly color: number;
  readonly description?: string;
  readonly fields: readonly (MessageField & { readonly inline: boolean })[];
  readonly footer: { readonly text: string };
  readonly timestamp?: string;
}

const COLORS: Readonly<Record<AlertLevel, number>> = {
  [AlertLevel.Info]: 0x34_98_db,
  [AlertLevel.Warning]: 0xf1_c4_0f,
  [AlertLevel.Error]: 0xe6_7e_22,
  [AlertLevel.Critical]: 0xe7_4c_3c,
};
const RESOLVED = 0x2e_cc_71;

/** A shorter value stands beside others. */
const INLINE = 40;

/**
 * Lays a notification out: the headline as content, the rest as an embed. Whatever means something in Discord's Markdown is
 * escaped, so that nothing is formatted, linked or mentioned.
 *
 * Limits: https://discord.com/developers/docs/resources/message#embed-object-embed-limits,
 * …/resources/webhook#execute-webhook
 */
export function discordMessage(notification: AlertNotification, size: MessageSize = 'full'): DiscordMessage {
  const message = formatAlert(notification);
  const ownFields = [
    ...(message.commands === '' ? [] : [fieldOf({ name: 'Commands', value: message.commands }, COMMANDS)]),
    ...(message.runbook === undefined ? [] : [{ name: 'Runbook', value: message.runbook, inline: false }]),
  ];
  const shown = message.fields.slice(0, FIELDS - ownFields.length);
  const leftOut = message.fields.length - shown.length;
  const notes = [...message.marks, ...(leftOut === 0 ? [] : [`${leftOut} more fields not shown`])];
  const footer = shorten([whenAndWhich(message), ...notes].join(' · '), FOOTER);

  const fieldLimit = Math.floor((EMBED[size] / 2 - FOOTER) / Math.max(1, shown.length));
  const fields = [...shown.map((field) => fieldOf(field, fieldLimit)), ...ownFields];
  const spent = fields.reduce((sum, { name, value }) => sum + name.length + value.length, footer.length);
  const description = fitted(message.body, Math.max(0, Math.min(DESCRIPTION, EMBED[size] - spent)));
  const timestamp = isoTime(notification.timestamp);

  return {
    content: fitted(headline(message), CONTENT),
    allowed_mentions: { parse: [] },
    embeds: [
      {
        color: notification.kind === 'resolved' ? RESOLVED : COLORS[notification.level],
        ...(description === '' ? {} : { description }),
        fields,
        footer: { text: footer },
        ...(timestamp === undefined ? {} : { timestamp }),
      },
    ],
  };
}

function fieldOf(field: MessageField, limit: number): DiscordEmbed['fields'][number] {
  const name = fitted(field.name, Math.min(FIELD_NAME, Math.floor(limit / 3)));
  const value = fitted(field.value, Math.min(FIELD_VALUE, limit - name.length));
  return { name, value, inline: value.length <= INLINE };
}

function fitted(text: string, limit: number): string {
  return escapeMarkdown(shorten(text, limit, (piece) => escapeMarkdown(piece).length));
}

/**
 * Puts a backslash before each character that begins something in Discord's Markdown: emphasis, code, quotes, headings, links
 * (the colon of `https:` too, which would make one by itself), mentions, time stamps, emoji.
 *
 * Source: https://discord.com/developers/docs/reference#message-formatting
 */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\*_~|`<>[\]()#@:]/g, String.raw`\$&`);
}
