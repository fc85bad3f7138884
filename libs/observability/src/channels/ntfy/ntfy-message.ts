import { AlertLevel } from '@opensqt/trading-events';
import { oneLine } from '../../format/plain-text';
import type { AlertNotification } from '../channel';
import type { MessageSize } from '../http/post-message';
import { type MessageParts, formatAlert, plainHeadline, whenAndWhich } from '../message/message';
import { shorten } from '../message/shorten';

/** UTF-8 bytes. A longer message would become an attachment. Source: https://docs.ntfy.sh/publish/#limitations */
const MESSAGE: Readonly<Record<MessageSize, number>> = { full: 4_096, short: 1_000 };
const TITLE = 200;
const TAG = 64;
/** A field's share of the message: none leaves the others without room. */
const FIELD = 300;

/** The body of a message that is published as JSON. Source: https://docs.ntfy.sh/publish/#publish-as-json */
export interface NtfyMessage {
  readonly topic: string;
  readonly title: string;
  readonly message: string;
  /** 1 (no sound) to 5 (rings on and on). */
  readonly priority: 1 | 2 | 3 | 4 | 5;
  /** The first is shown as an emoji. */
  readonly tags: readonly string[];
  /** Opened when the notification is tapped. */
  readonly click?: string;
  readonly actions?: readonly [{ readonly action: 'view'; readonly label: string; readonly url: string }];
}

const PRIORITIES = {
  [AlertLevel.Info]: 2,
  [AlertLevel.Warning]: 3,
  [AlertLevel.Error]: 4,
  [AlertLevel.Critical]: 5,
} as const;
const EMOJI: Readonly<Record<AlertLevel, string>> = {
  [AlertLevel.Info]: 'large_blue_circle',
  [AlertLevel.Warning]: 'yellow_circle',
  [AlertLevel.Error]: 'orange_circle',
  [AlertLevel.Critical]: 'red_circle',
};

/** Lays a notification out as a push notification: it rings by its level, and not for what is over or taken on. */
export function ntfyMessage(
  notification: AlertNotification,
  topic: string,
  size: MessageSize = 'full',
): NtfyMessage {
  const { kind, level } = notification;
  const message = formatAlert(notification);
  const isQuiet = kind === 'resolved' || kind === 'acknowledged';
  const { runbook } = message;
  return {
    topic,
    title: shorten(plainHeadline(message), TITLE),
    message: shorten(textOf(message), MESSAGE[size], bytesOf),
    priority: isQuiet ? 2 : PRIORITIES[level],
    tags: [
      kind === 'resolved' ? 'green_circle' : EMOJI[level],
      shorten(oneLine(notification.condition), TAG),
    ],
    ...(runbook === undefined
      ? {}
      : { click: runbook, actions: [{ action: 'view', label: 'Runbook', url: runbook }] as const }),
  };
}

function textOf(message: MessageParts): string {
  const { body, fields, marks, commands } = message;
  return [
    body,
    ...fields.map(({ name, value }) => shorten(`${name}: ${value}`, FIELD)),
    ...marks,
    commands,
    whenAndWhich(message),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
