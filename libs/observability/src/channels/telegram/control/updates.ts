import { oneLine } from '../../../format/plain-text';
import { parsedObject } from '../../http/parsed-object';
import { type PressedButton, pressedButton } from './keyboard';

/** A person in Telegram. */
export interface TelegramUser {
  readonly id: number;
  /** The user name, or what there is instead; one line. */
  readonly name: string;
}

/** Something that somebody asked of the bot. */
export type ControlUpdate = { readonly updateId: number } & (
  | {
      readonly kind: 'command';
      readonly user: TelegramUser;
      readonly chatId: number;
      readonly topic: number | undefined;
      /** Epoch milliseconds at which it was written. */
      readonly at: number;
      /** Without the slash. */
      readonly command: string;
      readonly argument: string;
    }
  | {
      readonly kind: 'button';
      readonly user: TelegramUser;
      readonly callbackId: string;
      readonly button: PressedButton;
      /** The message that it is under; undefined when Telegram does not show it any more. */
      readonly message:
        | {
            readonly chatId: number;
            readonly messageId: number;
            readonly topic: number | undefined;
            readonly at: number;
          }
        | undefined;
    }
  /** Anything else: it is only counted as seen. */
  | { readonly kind: 'other' }
);

const COMMAND = /^\/(\w{1,32})(?:@\w+)?(?:\s+([^]*))?$/;
const MAX_NAME = 64;

/** Reads the answer of `getUpdates`; undefined when it is none. What is not understood in it is an `other`. */
export function controlUpdates(body: string): readonly ControlUpdate[] | undefined {
  const { ok, result } = parsedObject(body) ?? {};
  if (ok !== true || !Array.isArray(result)) return undefined;
  return result.flatMap((one: unknown) => {
    const update = record(one);
    const updateId = update['update_id'];
    return Number.isSafeInteger(updateId) ? [updateOf(Number(updateId), update)] : [];
  });
}

function updateOf(updateId: number, update: Json): ControlUpdate {
  const message = record(update['message']);
  const [, command, argument = ''] = COMMAND.exec(textIn(message['text']).trim()) ?? [];
  const writer = userIn(message['from']);
  const place = placeOf(message);
  if (command !== undefined && writer !== undefined && place !== undefined) {
    const { chatId, topic, at } = place;
    const words = { command: command.toLowerCase(), argument: argument.trim() };
    return { updateId, kind: 'command', user: writer, chatId, topic, at, ...words };
  }
  const callback = record(update['callback_query']);
  const [user, callbackId] = [userIn(callback['from']), textIn(callback['id'])];
  const button = pressedButton(textIn(callback['data']));
  if (user === undefined || callbackId === '' || button === undefined) return { updateId, kind: 'other' };
  return {
    ...{ updateId, kind: 'button', user, callbackId, button },
    message: placeOf(record(callback['message'])),
  };
}

type Json = Readonly<Record<string, unknown>>;

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function userIn(value: unknown): TelegramUser | undefined {
  const { id, username, first_name: first, is_bot: isBot } = record(value);
  if (!Number.isSafeInteger(id) || isBot === true) return undefined;
  const name = oneLine(textIn(username) || textIn(first)).slice(0, MAX_NAME);
  return { id: Number(id), name: name === '' ? 'unnamed' : name };
}

function placeOf(message: Json) {
  const { id: chatId } = record(message['chat']);
  const { date, message_id: messageId, message_thread_id: topic, is_topic_message: inTopic } = message;
  if (!Number.isSafeInteger(chatId) || !Number.isSafeInteger(messageId)) return undefined;
  return {
    chatId: Number(chatId),
    messageId: Number(messageId),
    topic: inTopic === true && Number.isSafeInteger(topic) ? Number(topic) : undefined,
    at: Number.isSafeInteger(date) ? Number(date) * 1_000 : 0,
  };
}
