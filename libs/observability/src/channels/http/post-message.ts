import type { OutgoingHttpHeaders } from 'node:http';
import type { Clock } from '@opensqt/trading-events';
import { type ProviderAnswer, postText } from './post-json';
import { type ProviderTerms, failureOf } from './provider-answer';

/** `short` is for a provider, or a proxy before it, that found the full one too large. */
export type MessageSize = 'full' | 'short';

/** One message to one provider. */
export interface OutgoingMessage {
  readonly terms: ProviderTerms;
  readonly url: URL;
  /** The body, as a value that becomes JSON. */
  readonly body: (size: MessageSize) => unknown;
  /** Headers that depend on the body as it is sent. */
  readonly headers?: (content: string) => OutgoingHttpHeaders;
  readonly signal: AbortSignal;
  /** For pauses that are stated as a date. */
  readonly clock: Clock;
  /** Told of every answer, also of one that is a failure. */
  readonly onAnswer?: (answer: ProviderAnswer) => void;
}

/**
 * Posts a message by a provider's terms. What is too large (413) is posted once more, shorter, in the same attempt.
 *
 * @throws DeliveryError unless the provider accepted it
 */
export async function postMessage(message: OutgoingMessage): Promise<void> {
  let failure = await post(message, 'full');
  if (failure?.outcome === 'too_large') failure = await post(message, 'short');
  if (failure !== undefined) throw failure;
}

async function post(
  { terms, url, body, headers, signal, clock, onAnswer }: OutgoingMessage,
  size: MessageSize,
) {
  const content = JSON.stringify(body(size));
  const answer = await postText(terms.name, url, content, signal, headers?.(content));
  onAnswer?.(answer);
  return failureOf(answer, terms, clock.now());
}
