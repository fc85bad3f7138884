import { DeliveryError } from '../delivery-error';
import { excerpt } from '../http/redact';

/** The stage that a message had reached. */
export type SmtpPhase = 'connecting' | 'logging_in' | 'addressing' | 'data';

/** A three-digit code and a text that begins with it. */
export interface SmtpReply {
  readonly code: number;
  readonly text: string;
}

/** The failure of a message that was not accepted. */
export interface SmtpTrouble {
  readonly phase: SmtpPhase;
  /** The answer of the server. Undefined when it said nothing, or nobody did. */
  readonly reply: SmtpReply | undefined;
  /** The command that was refused: `MAIL FROM`, `DATA`. */
  readonly command: string;
  /** A word for what happened instead of a reply: `timed out`, `ECONNREFUSED`. */
  readonly reason: string;
  /** True when the server lacks something that the configuration asks for: STARTTLS, a way to log in. */
  readonly unsupported: boolean;
}

const REMEDY =
  'check alerts.email.host, port, secure, user, password and from, and what the mail server says about them.';

/** Says that the session was in the wrong state, not that the message is refused: another session may have better luck. */
const OUT_OF_SEQUENCE = 503;

/**
 * Classifies a mail server's failure for the delivery. Replies are classed by their first digit (RFC 5321, section 4.2.1);
 * a 5xx is the message's fault when the text was refused, and the channel's when the login or the sender was.
 *
 * @param secrets texts that the error must not show, even if the server echoes it
 */
export function smtpFailure(trouble: SmtpTrouble, secrets: readonly string[]): DeliveryError {
  const { phase, reply, command, reason, unsupported } = trouble;
  if (reply === undefined) {
    if (unsupported) {
      return new DeliveryError('broken', `The mail server can't be used (${reason}): ${REMEDY}`);
    }
    return phase === 'data'
      ? new DeliveryError(
          'ambiguous',
          `The mail server got the message and did not answer (${reason}): it may have arrived.`,
        )
      : new DeliveryError(
          'transient',
          `The mail server could not be reached (${reason}). Check the network, DNS, and alerts.email.host and port.`,
        );
  }
  const said = excerpt(reply.text, secrets);
  if (isPutOff(reply)) {
    return new DeliveryError('transient', `The mail server could not take the message now (${said}).`);
  }
  if (phase === 'data' || command === 'DATA') {
    // Some servers judge the envelope only once they have the text.
    if (isUserUnknown(reply) || isRelayDenied(reply))
      return refusedByAll([{ recipient: '', reply }], secrets);
    return isTooLarge(reply)
      ? new DeliveryError('too_large', `The mail server finds the message too large (${said}).`)
      : new DeliveryError('rejected', `The mail server rejects this message (${said}).`);
  }
  return new DeliveryError('broken', `The mail server refuses this channel (${said}): ${REMEDY}`);
}

/** A recipient that the server refused. */
export interface SmtpRefusal {
  readonly recipient: string;
  readonly reply: SmtpReply;
}

/** The fate of a recipient: put off, for greylisting or a full mailbox, or refused, and why. */
export type RecipientFate = 'put off' | 'too large' | 'user unknown' | 'relay denied' | 'refused';

/** Source: RFC 3463, section 3; servers without enhanced codes say it in words. */
export function fateOf({ reply }: SmtpRefusal): RecipientFate {
  const { code, text } = reply;
  if (isPutOff(reply) || code === 552) {
    return isEnhanced(text, '5.3.4') ? 'too large' : 'put off';
  }
  if (isEnhanced(text, '5.3.4')) return 'too large';
  if (isEnhanced(text, '5.7.1') || isRelayDenied(reply)) return 'relay denied';
  const isUnknown =
    isUserUnknown(reply) ||
    /unknown|no such|not found|does ?n.t exist|invalid (mailbox|recipient)/i.test(text);
  return isUnknown ? 'user unknown' : 'refused';
}

/** The failure of a message that no recipient was accepted for. One that is only put off may have it later; nobody else ever will. */
export function refusedByAll(refusals: readonly SmtpRefusal[], secrets: readonly string[]): DeliveryError {
  const fates = refusals.map(fateOf);
  const index = Math.max(0, fates.indexOf('put off'));
  const said = excerpt(refusals[index]?.reply.text ?? '', secrets);
  switch (fates[index]) {
    case 'put off':
      return new DeliveryError('transient', `The mail server puts the recipients off (${said}).`);
    case 'too large':
      return new DeliveryError('too_large', `The mail server finds the message too large (${said}).`);
    case 'user unknown':
      return new DeliveryError(
        'broken',
        `The mail server knows no recipient (${said}): check alerts.email.to.`,
      );
    default:
      return new DeliveryError('broken', `The mail server refuses every recipient (${said}): ${REMEDY}`);
  }
}

/** Some say only in words that they greylist. */
function isPutOff(reply: SmtpReply): boolean {
  return (
    reply.code < 500 ||
    reply.code === OUT_OF_SEQUENCE ||
    isMailboxFull(reply) ||
    /gr[ae]y-?list/i.test(reply.text)
  );
}

function isUserUnknown({ text }: SmtpReply): boolean {
  return /^\d{3}[ -]5\.1\.[0-6]\b/.test(text);
}

function isRelayDenied({ text }: SmtpReply): boolean {
  return /\brelay(ing)?\b/i.test(text);
}

/** A mailbox that is full may be emptied. Sources: RFC 3463, section 3.3 */
function isMailboxFull({ text }: SmtpReply): boolean {
  return isEnhanced(text, '5.2.2');
}

/** 552, or the enhanced code 5.3.4. Sources: RFC 1870, section 6; RFC 3463, section 3.4 */
function isTooLarge({ code, text }: SmtpReply): boolean {
  return code === 552 || isEnhanced(text, '5.3.4');
}

function isEnhanced(text: string, code: string): boolean {
  return text.slice(4).startsWith(`${code} `) || text.slice(4) === code;
}
