import { parsedObject } from '../http/parsed-object';

/** The parts of a Bot API answer that matter here. Source: https://core.telegram.org/bots/api#making-requests */
export interface TelegramReply {
  readonly ok: boolean;
  readonly description: string;
  /** The group became a supergroup, and this is its id now. */
  readonly migrateToChatId?: string;
  /** The message that was sent; undefined when the answer does not name it. */
  readonly messageId?: number;
}

/** A repair of a refused message that is made at once, so that it still arrives. */
export type TelegramRepair = 'new_chat' | 'no_topic' | 'plain_text' | 'shorter';

interface ReplyBody {
  readonly ok?: unknown;
  readonly description?: unknown;
  readonly result?: unknown;
  readonly parameters?: { readonly migrate_to_chat_id?: unknown } | null;
}

/** Reads an answer; a body that is none of the Bot API's is not ok, and is its own description. */
export function telegramReply(body: string): TelegramReply {
  const reply = parsedObject(body) as ReplyBody | undefined;
  const chatId = reply?.parameters?.migrate_to_chat_id;
  const { message_id: messageId }: { readonly message_id?: unknown } = reply?.result ?? {};
  return {
    ok: reply?.ok === true,
    description: typeof reply?.description === 'string' ? reply.description : body,
    ...(/^-?\d+$/.test(String(chatId)) ? { migrateToChatId: String(chatId) } : {}),
    ...(typeof messageId === 'number' && Number.isSafeInteger(messageId) ? { messageId } : {}),
  };
}

/** The repair that a refusal calls for; undefined when none would help. */
export function repairFor(status: number, reply: TelegramReply): TelegramRepair | undefined {
  if (status === 413) return 'shorter';
  if (status !== 400) return undefined;
  if (reply.migrateToChatId !== undefined) return 'new_chat';
  if (isAboutTopic(reply)) return 'no_topic';
  if (/can't parse entities/i.test(reply.description)) return 'plain_text';
  if (/message is too long/i.test(reply.description)) return 'shorter';
  return undefined;
}

/** True of a topic that is closed or gone, and of a group without topics. */
export function isAboutTopic({ description }: TelegramReply): boolean {
  return /message thread|TOPIC_(CLOSED|DELETED|ID_INVALID)|not a forum/i.test(description);
}

/**
 * True of a refusal that every further message would meet, too: there is no such chat, the bot may not write in it, is no member, or the
 * group became another one and nobody says which. So is one about the topic, once the message was tried outside it. An error that speaks of
 * one message (its markup, its length, a message that it answers) condemns nothing.
 *
 * Sources: https://github.com/tdlib/telegram-bot-api/blob/master/telegram-bot-api/Client.cpp, https://core.telegram.org/api/errors
 */
export function condemnsChat(reply: TelegramReply): boolean {
  return (
    isAboutTopic(reply) ||
    /chat not found|user not found|chat_id is empty|(wrong|invalid|can't parse) chat[_ ]id|upgraded to a supergroup|not enough rights|have no rights|need administrator rights|CHAT_(WRITE|SEND\w*|ADMIN_REQUIRED|RESTRICTED|FORBIDDEN|ID_INVALID)|USER_(IS_BLOCKED|BANNED_IN_CHANNEL)|bot (was|is) (blocked|kicked|not a member)|user is deactivated|PEER_ID_INVALID|CHANNEL_(PRIVATE|INVALID)|can't initiate conversation|group chat was (deactivated|deleted)|group is deactivated|chat was deleted/i.test(
      reply.description,
    )
  );
}

/** The chat already shows exactly this: an earlier attempt arrived. */
export function isAlreadyShown(status: number, reply: TelegramReply): boolean {
  return status === 400 && /message is not modified/i.test(reply.description);
}

/** The message that was to be changed was deleted, or can't be changed any more. */
export function isNotEditable({ description }: TelegramReply): boolean {
  return /message to edit not found|message can't be edited|MESSAGE_ID_INVALID/i.test(description);
}

/** A message as the log keeps it. */
export function telegramReference(chatId: string, messageId: number): string {
  return `${chatId}/${messageId}`;
}

/** The message of that chat that a reference names; undefined when it names none, or one of another chat. */
export function messageIdIn(chatId: string, reference: string): number | undefined {
  const [chat, id = '', ...others] = reference.split('/');
  return chat === chatId && /^\d{1,15}$/.test(id) && others.length === 0 ? Number(id) : undefined;
}
