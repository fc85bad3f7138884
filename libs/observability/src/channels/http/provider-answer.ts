import { type DeliveryFailure, assertNever, formatDuration } from '@opensqt/trading-events';
import type { HttpAnswer } from '../../network/http-exchange';
import { DeliveryError } from '../delivery-error';
import { excerpt } from './redact';
import { DEFAULT_PAUSE_MS, statedPause } from './retry-after';

/** The promises of one provider, and the words for its refusals. */
export interface ProviderTerms {
  /** As in a sentence: `Slack`. */
  readonly name: string;
  /** True when a 2xx answer's body is the one that the provider promises. */
  readonly confirms: (body: string, status: number) => boolean;
  /** True when any 2xx confirms, whatever its body, even one that breaks off. */
  readonly anyBodyConfirms?: true;
  /** The meaning of a 2xx body that is an error, where a provider refuses so; undefined when it is no such error. */
  readonly refusal?: (body: string) => DeliveryFailure | undefined;
  /** True when a 400 speaks of the channel's own configuration, so that no message would ever be accepted. */
  readonly condemns?: (body: string) => boolean;
  /** The part of a body that says what was wrong. */
  readonly complaint: (body: string) => string;
  /** The operator's remedy for a channel that is refused. */
  readonly remedy: string;
  /** Texts that an error must not show, even if the provider echoes them. */
  readonly secrets: readonly string[];
}

/**
 * Decides what an answer means for the delivery.
 *
 * @param now epoch milliseconds, for pauses that are stated as a date
 * @returns the failure, or undefined when the message was delivered
 */
export function failureOf(answer: HttpAnswer, terms: ProviderTerms, now: number): DeliveryError | undefined {
  const { name, remedy } = terms;
  const outcome = outcomeOf(answer, terms);
  const said = saidBy(answer, terms);
  const pause = statedPause(answer.headers, answer.body, now);
  switch (outcome) {
    case undefined:
      return undefined;
    case 'ambiguous':
      return new DeliveryError(
        outcome,
        `${name} answered ${said} without its confirmation: the message may not have arrived. Check for a proxy or a captive portal in between.`,
      );
    case 'rate_limited': {
      const retryAfterMs = pause ?? DEFAULT_PAUSE_MS;
      const message = `${name} asks for a pause of ${formatDuration(retryAfterMs)} (${said}).`;
      return new DeliveryError(outcome, message, { retryAfterMs });
    }
    case 'transient': {
      const message = `${name} could not take the message now (${said}).`;
      return new DeliveryError(outcome, message, pause === undefined ? {} : { retryAfterMs: pause });
    }
    case 'too_large':
      return new DeliveryError(outcome, `${name} finds the message too large (${said}).`);
    case 'broken':
      return new DeliveryError(outcome, `${name} refuses this channel (${said}): ${remedy}`);
    case 'rejected':
      return new DeliveryError(outcome, `${name} rejects this message (${said}).`);
    default:
      return assertNever(outcome);
  }
}

function outcomeOf(answer: HttpAnswer, terms: ProviderTerms): DeliveryFailure | undefined {
  const { status, body, complete } = answer;
  if (status >= 200 && status < 300) {
    if (terms.anyBodyConfirms || (complete && terms.confirms(body, status))) return undefined;
    return (complete ? terms.refusal?.(body) : undefined) ?? 'ambiguous';
  }
  if (status === 429) return 'rate_limited';
  if (status === 408 || status >= 500) return 'transient';
  if (status === 413) return 'too_large';
  return isRefusalOfTheChannel(status) || (status === 400 && terms.condemns?.(body)) ? 'broken' : 'rejected';
}

function isRefusalOfTheChannel(status: number): boolean {
  return (status >= 300 && status < 400) || [401, 403, 404, 407, 410].includes(status);
}

/** The status and what came with it: `403 action_prohibited`. A cut body says nothing: a secret may be cut in it too. */
function saidBy(answer: HttpAnswer, { complaint, secrets }: ProviderTerms): string {
  const complained = answer.complete ? excerpt(complaint(answer.body), secrets) : '';
  return complained === '' ? String(answer.status) : `${answer.status} ${complained}`;
}
