import { type NoticeKind, assertNever } from '@opensqt/trading-events';
import type { AlertNotification, DeliveryReceipt } from '../channel';
import { DeliveryError } from '../delivery-error';
import { withHistory } from './history';

/** A chat whose messages can be changed and answered. A reference names one of them. */
export interface EditableChat {
  /** Sends a message of its own. */
  post(notification: AlertNotification): Promise<string | undefined>;
  /** Answers an earlier message; undefined when that can't be answered any more. */
  reply(notification: AlertNotification, to: string): Promise<{ readonly reference: string } | undefined>;
  /** Changes an earlier message; false when that can't be changed any more. */
  edit(notification: AlertNotification, earlier: string): Promise<boolean>;
}

/** The way in which a message follows the one that the chat already shows for its alert. */
type FollowUp = 'reply' | 'reply_then_edit' | 'edit_then_reply';

/**
 * Sends a notification to a chat. The first message about an alert is one of its own; what follows changes it, so that it always
 * shows how things are besides what was said first, and answers it. Where the earlier message is gone, a message of its own is sent, which stands for the
 * alert from then on.
 *
 * A message that wakes somebody goes first: an edit notifies nobody, so an escalation is an answer, and the edit after it can fail without
 * the delivery failing. A resolve is the other way about: the edit is what takes the alarm off the screen. Both parts are the
 * delivery then, since an edit that is made twice does no harm.
 *
 * @param warn gets what the operator should know of an edit that failed after the message was delivered
 * @returns the message that stands for the alert; undefined when the chat can't name it
 * @throws DeliveryError unless it was delivered
 */
export async function notifyInPlace(
  chat: EditableChat,
  notification: AlertNotification,
  warn: (problem: string) => void,
): Promise<DeliveryReceipt | undefined> {
  const earlier = notification.earlier?.reference;
  if (earlier === undefined) return post(chat, notification);
  const followUp = followUpOf(notification.kind);
  switch (followUp) {
    case 'reply': {
      const replied = await chat.reply(notification, earlier);
      if (replied === undefined) return post(chat, notification);
      return notification.kind === 'raised' ? replied : { reference: earlier };
    }
    case 'reply_then_edit':
      if ((await chat.reply(notification, earlier)) === undefined) return post(chat, notification);
      return showAfterwards(chat, notification, earlier, warn);
    case 'edit_then_reply': {
      const shown = await editWherePossible(chat, notification, earlier, warn);
      const replied = shown ? await chat.reply(notification, earlier) : undefined;
      return replied === undefined ? post(chat, notification) : { reference: earlier };
    }
    default:
      return assertNever(followUp);
  }
}

function followUpOf(kind: NoticeKind): FollowUp {
  switch (kind) {
    case 'escalated':
    case 'flapping':
      return 'reply_then_edit';
    case 'resolved':
      return 'edit_then_reply';
    case 'raised':
    case 'repeated':
    case 'acknowledged':
    case 'digest':
    case 'summary':
    case 'test':
      return 'reply';
    default:
      return assertNever(kind);
  }
}

async function post(
  chat: EditableChat,
  notification: AlertNotification,
): Promise<DeliveryReceipt | undefined> {
  const reference = await chat.post(withHistory(notification));
  return reference === undefined ? undefined : { reference };
}

/** The message is delivered: whatever happens now, it must not be sent again. */
async function showAfterwards(
  chat: EditableChat,
  notification: AlertNotification,
  earlier: string,
  warn: (problem: string) => void,
): Promise<DeliveryReceipt> {
  try {
    const shown = await edit(chat, notification, earlier);
    return (shown ? undefined : await post(chat, notification)) ?? { reference: earlier };
  } catch (error) {
    const why = error instanceof DeliveryError ? error.message : 'the channel failed';
    warn(
      `An alert was escalated and sent, but its first message still shows the lower level: ${why} The next message about it changes that.`,
    );
    const limited = error instanceof DeliveryError && error.outcome === 'rate_limited';
    return {
      reference: earlier,
      ...(limited && error.retryAfterMs !== undefined ? { pauseMs: error.retryAfterMs } : {}),
    };
  }
}

/** An edit whose outcome is unknown counts as made: what answers it says the same, and must not wait for ever for a slow edit. */
async function editWherePossible(
  chat: EditableChat,
  notification: AlertNotification,
  earlier: string,
  warn: (problem: string) => void,
): Promise<boolean> {
  try {
    return await edit(chat, notification, earlier);
  } catch (error) {
    if (!(error instanceof DeliveryError) || error.outcome !== 'ambiguous') throw error;
    warn(`An alert was resolved, and its first message may still show it as open: ${error.message}`);
    return true;
  }
}

/** Shows the alert as it is, below what was said first. It can't duplicate anything, and is never marked as a possible duplicate. */
function edit(chat: EditableChat, notification: AlertNotification, earlier: string): Promise<boolean> {
  return chat.edit(withHistory({ ...notification, possibleDuplicate: false }), earlier);
}
