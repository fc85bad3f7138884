import type { OutgoingHttpHeaders } from 'node:http';
import type { HttpAnswer } from '../../network/http-exchange';
import type { DeliveryError } from '../delivery-error';
import type { ProviderClient } from './provider-client';

/** `short` is for a provider, or a proxy before it, that found the full one too large. */
export type MessageSize = 'full' | 'short';

/** One message to one provider. */
export interface OutgoingMessage {
  readonly url: URL;
  /** The body, as a value that becomes JSON. */
  readonly body: (size: MessageSize) => unknown;
  /** Headers that depend on the body as it is sent. */
  readonly headers?: (content: string) => OutgoingHttpHeaders;
  readonly signal: AbortSignal;
  /** Gets every answer, also one that is a failure. */
  readonly onAnswer?: (answer: HttpAnswer) => void;
}

/**
 * Posts a message to a provider. What is too large (413) is posted once more, shorter, in the same attempt.
 *
 * @throws DeliveryError unless the provider accepted it
 */
export async function postMessage(client: ProviderClient, message: OutgoingMessage): Promise<void> {
  let failure = await post(client, message, 'full');
  if (failure?.outcome === 'too_large') failure = await post(client, message, 'short');
  if (failure !== undefined) throw failure;
}

async function post(
  client: ProviderClient,
  { url, body, headers, signal, onAnswer }: OutgoingMessage,
  size: MessageSize,
): Promise<DeliveryError | undefined> {
  const content = JSON.stringify(body(size));
  const answer = await client.post(url, content, signal, headers?.(content));
  onAnswer?.(answer);
  return client.failureOf(answer);
}
