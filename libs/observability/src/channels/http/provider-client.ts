import type { OutgoingHttpHeaders } from 'node:http';
import { type Clock, systemClock } from '@opensqt/trading-events';
import { type HttpAnswer, HttpFailure, exchange } from '../../network/http-exchange';
import { type Network, networkOf } from '../../network/network';
import type { ChannelEnvironment } from '../channel-definition';
import { DeliveryError } from '../delivery-error';
import { attemptSignal } from './attempt';
import { type ProviderTerms, failureOf } from './provider-answer';

/** Requests that one message may need: to answer, to edit, and a repair of each. */
export const MAX_REQUESTS = 4;

/** Posts to one provider, and classifies its answers by its terms. */
export class ProviderClient {
  readonly #terms: ProviderTerms;
  readonly #clock: Clock;
  readonly #network: Network;
  readonly #timeoutMs: number;

  /** @param timeout of one request, milliseconds */
  constructor(
    terms: ProviderTerms,
    timeout: number,
    { clock = systemClock, timeoutMs = timeout, network = networkOf() }: ChannelEnvironment,
  ) {
    this.#terms = terms;
    this.#clock = clock;
    this.#network = network;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Posts a text that is JSON once and returns the answer.
   *
   * @param headers further ones, or others than ours
   * @throws DeliveryError `transient` when nothing was written: no connection, no TLS session, or the signal aborted before
   *   them; `broken` when the proxy refuses; `ambiguous` when the connection stood and no answer came
   */
  async post(
    url: URL,
    text: string,
    signal: AbortSignal,
    headers: OutgoingHttpHeaders = {},
  ): Promise<HttpAnswer> {
    try {
      return await exchange(this.#network, {
        url,
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
        body: Buffer.from(text),
        signal: attemptSignal(signal, this.#timeoutMs),
      });
    } catch (error) {
      throw error instanceof HttpFailure ? undelivered(this.#terms.name, error) : error;
    }
  }

  /** The failure that an answer is; undefined when the message was delivered. */
  failureOf(answer: HttpAnswer): DeliveryError | undefined {
    return failureOf(answer, this.#terms, this.#clock.now());
  }
}

function undelivered(provider: string, { isWritten, reason, proxyStatus }: HttpFailure): DeliveryError {
  if (isWritten) {
    return new DeliveryError(
      'ambiguous',
      `${provider} got the request and did not answer (${reason}): the message may have arrived.`,
    );
  }
  if (proxyStatus === undefined) {
    return new DeliveryError(
      'transient',
      `${provider} could not be reached (${reason}). Check the network, DNS and any proxy in between.`,
    );
  }
  const refuses = [401, 403, 405, 407].includes(proxyStatus);
  return new DeliveryError(
    refuses ? 'broken' : 'transient',
    `The proxy does not let requests through to ${provider} (it answered ${proxyStatus}). Check alerts.proxy, HTTPS_PROXY and NO_PROXY, and the login there.`,
  );
}
