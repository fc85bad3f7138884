import { DeliveryError } from '../delivery-error';
import { excerpt } from '../http/redact';

/** The stage that a message had reached. */
export type SmtpPhase = 'connecting' | 'logging_in' | 'addressing' | 'data';

/** The failure of a message that was not accepted. */
export interface SmtpTrouble {
  readonly phase: SmtpPhase;
  /** The answer of the server: a three-digit code and a text. Undefined when it said nothing, or nobody did. */
  readonly reply: { readonly code: number; readonly text: string } | undefined;
  /** The command that was refused: `MAIL FROM`, `RCPT TO`, `DATA`. */
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
 * a 5xx is the message's fault when a recipient or the text was refused, and the channel's when the login or the sender was.
 *
 * @param secrets what the error must not show, even if the server echoes it
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
  if (reply.code < 500 || reply.code === OUT_OF_SEQUENCE) {
    return new DeliveryError('transient', `The mail server could not take the message now (${said}).`);
  }
  if (phase === 'data' || command === 'DATA' || command === 'RCPT TO') {
    return isTooLarge(reply)
      ? new DeliveryError('too_large', `The mail server finds the message too large (${said}).`)
      : new DeliveryError('rejected', `The mail server rejects this message (${said}).`);
  }
  return new DeliveryError('broken', `The mail server refuses this channel (${said}): ${REMEDY}`);
}

/** 552, or the enhanced code 5.3.4. Sources: RFC 1870, section 6; RFC 3463, section 3.4 */
function isTooLarge({ code, text }: { readonly code: number; readonly text: string }): boolean {
  return code === 552 || /^\d{3}[ -]5\.3\.4\b/.test(text);
}
