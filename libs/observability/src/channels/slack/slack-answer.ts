import type { DeliveryFailure } from '@opensqt/trading-events';
import { parsedObject } from '../http/parsed-object';

/** The parts of a Web API answer that matter here. Source: https://docs.slack.dev/apis/web-api/#responses */
export interface SlackAnswer {
  readonly ok: boolean;
  /** The code of a refusal: `channel_not_found`; empty when there is none. */
  readonly error: string;
  /** The message that was posted; undefined when the answer does not name it. */
  readonly posted: Pick<SlackPosition, 'channel' | 'ts'> | undefined;
}

/** The place of a message. */
export interface SlackPosition {
  /** The channel's id, also where it was posted to by name: an edit needs the id. */
  readonly channel: string;
  readonly ts: string;
  /** The message that its thread began with; the message itself where it began one. */
  readonly threadTs: string;
}

/** The token, the app or the channel is at fault: no message would be accepted. */
const BROKEN = new Set([
  ...[
    'invalid_auth',
    'not_authed',
    'account_inactive',
    'token_revoked',
    'token_expired',
    'not_allowed_token_type',
  ],
  ...['missing_scope', 'no_permission', 'access_denied', 'ekm_access_denied'],
  ...['team_access_not_granted', 'enterprise_is_restricted', 'two_factor_setup_required', 'accesslimited'],
  ...['channel_not_found', 'not_in_channel', 'is_archived', 'restricted_action', 'user_not_found'],
  ...['restricted_action_read_only_channel', 'restricted_action_non_threadable_channel'],
  ...['messages_tab_disabled', 'cannot_dm_bot', 'channel_type_not_supported'],
  ...['method_deprecated', 'deprecated_endpoint', 'unknown_method'],
]);
const RATE_LIMITED = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);
const TRANSIENT = new Set([
  ...['fatal_error', 'internal_error', 'service_unavailable', 'request_timeout', 'update_failed'],
  ...['team_added_to_org', 'org_login_required'],
]);
const TOO_LARGE = new Set(['msg_too_long', 'msg_blocks_too_long']);
const BAD_BLOCKS = new Set(['invalid_blocks', 'invalid_blocks_format']);

/** The earlier message was deleted, is not ours any more or too old to be changed. */
const NOT_EDITABLE = new Set([
  ...['message_not_found', 'cant_update_message', 'edit_window_closed', 'is_inactive'],
  ...['channel_not_found', 'not_in_channel', 'is_archived', 'invalid_channel'],
]);
/** Nothing can be added below the earlier message, and its channel may be another than the one that is written to now. */
const NOT_ANSWERABLE = new Set([
  ...['message_not_found', 'thread_not_found', 'cannot_reply_to_message', 'invalid_thread_ts'],
  ...['restricted_action_thread_locked', 'restricted_action_thread_only_channel', 'is_inactive'],
  ...['channel_not_found', 'not_in_channel', 'is_archived', 'invalid_channel'],
]);

/** Reads an answer; a body that is none of the Web API's is neither ok nor an error. */
export function slackAnswer(body: string): SlackAnswer {
  const { ok, error, channel, ts } = parsedObject(body) ?? {};
  return {
    ok: ok === true,
    error: ok === false && typeof error === 'string' ? error : '',
    posted: isId(channel) && isId(ts) ? { channel, ts } : undefined,
  };
}

/**
 * Classifies a refusal for the delivery; undefined when the answer is none. A code that Slack adds one day rejects this one
 * message and does not condemn the channel.
 *
 * Source: https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
export function slackRefusal(body: string): DeliveryFailure | undefined {
  const { error } = slackAnswer(body);
  if (error === '') return undefined;
  if (BROKEN.has(error)) return 'broken';
  if (RATE_LIMITED.has(error)) return 'rate_limited';
  if (TRANSIENT.has(error)) return 'transient';
  return TOO_LARGE.has(error) ? 'too_large' : 'rejected';
}

/**
 * True of a webhook's acknowledgement: Slack's own `ok`, that of a workflow (`{"ok":true}`), Rocket.Chat's `{"success":true}`, with or
 * without white space around it.
 */
export function isAcknowledged(body: string): boolean {
  if (body.trim() === 'ok') return true;
  const { ok, success, error } = parsedObject(body) ?? {};
  return (ok === true || success === true) && (error === undefined || error === null);
}

/** Classifies a refusal that a gateway sends with 200: `{"success":false,"error":"…"}`, or one of the Web API's. */
export function gatewayRefusal(body: string): DeliveryFailure | undefined {
  const { ok, success } = parsedObject(body) ?? {};
  if (ok !== false && success !== false) return undefined;
  return slackRefusal(body) ?? (webhookCondemns(body) ? 'broken' : 'rejected');
}

/** The code of a webhook's refusal, or the words of a gateway's: Mattermost has `message`, Rocket.Chat `error`. */
export function webhookComplaint(body: string): string {
  const { error, message } = parsedObject(body) ?? {};
  return [error, message].find((text) => typeof text === 'string') ?? body;
}

/**
 * True of a 400 that speaks of the webhook itself. Sources: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/#errors
 * (`invalid_token`, `no_service`, `no_team`, `team_disabled`, `channel_is_archived` …); Mattermost: `Invalid webhook`; Rocket.Chat: `invalid-channel`
 */
export function webhookCondemns(body: string): boolean {
  const said = webhookComplaint(body).trim();
  return (
    BROKEN.has(said) ||
    /^(invalid_token|no_service|no_service_id|no_team|team_disabled|user_not_found|channel_is_archived|action_prohibited|posting_to_general_channel_denied|no_active_hooks)\b/.test(
      said,
    ) ||
    /invalid webhook|couldn't find the (channel|user)|(invalid|archived)-(channel|integration)|incoming webhooks have been disabled/i.test(
      said,
    )
  );
}

/** Slack can't show the blocks; it can show their text. */
export function isRefusalOfBlocks({ error }: SlackAnswer): boolean {
  return BAD_BLOCKS.has(error);
}

/** The message that was to be changed can't be. */
export function isNotEditable({ error }: SlackAnswer): boolean {
  return NOT_EDITABLE.has(error);
}

/** The message that was to be answered can't be. */
export function isNotAnswerable({ error }: SlackAnswer): boolean {
  return NOT_ANSWERABLE.has(error);
}

/** A position as the log keeps it. A message that is in no thread may begin one. */
export function slackReference({
  channel,
  ts,
  threadTs = ts,
}: Omit<SlackPosition, 'threadTs'> & Partial<SlackPosition>): string {
  return [channel, ts, ...(threadTs === ts ? [] : [threadTs])].join('/');
}

/** The position that a reference names; undefined when it is not one of this channel's. */
export function slackPosition(reference: string): SlackPosition | undefined {
  const [channel, ts, threadTs = ts, ...others] = reference.split('/');
  return isId(channel) && isId(ts) && isId(threadTs) && others.length === 0
    ? { channel, ts, threadTs }
    : undefined;
}

/** Ids and timestamps: `C024BE91L`, `1503435956.000247`. */
function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.]{1,64}$/.test(value);
}
