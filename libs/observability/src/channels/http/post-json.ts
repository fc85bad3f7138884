import { once } from 'node:events';
import http, { type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import { DeliveryError } from '../delivery-error';
import { reasonOf } from './attempt';

/** No provider's answer is longer; a page of a proxy's may be. */
const BODY_LIMIT = 64 * 1_024;

/** A provider's answer. Every status counts as one. */
export interface ProviderAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The first 64 KiB. */
  readonly body: string;
  /** False when there was more than that, or the connection broke first. */
  readonly complete: boolean;
}

/** Posts a value as JSON, the way {@link postText} posts a text. */
export function postJson(
  provider: string,
  url: URL,
  payload: unknown,
  signal: AbortSignal,
): Promise<ProviderAnswer> {
  return postText(provider, url, JSON.stringify(payload), signal);
}

/**
 * Posts a text that is JSON once and returns the answer. Redirects are not followed.
 *
 * Each request has a connection of its own: a kept one that the provider has closed meanwhile resets in the same way as one
 * that breaks after the request was written, and only the first may safely be tried again.
 *
 * @param provider for the error's message
 * @param headers further ones, or others than ours
 * @throws DeliveryError `transient` when nothing was written: no connection, no TLS session, or the signal aborted before
 *   them; `ambiguous` when the connection stood and no answer came. It has no cause: errors of the network carry addresses
 *   and those of URLs carry secrets.
 */
export async function postText(
  provider: string,
  url: URL,
  text: string,
  signal: AbortSignal,
  headers: OutgoingHttpHeaders = {},
): Promise<ProviderAnswer> {
  const content = Buffer.from(text);
  const secure = url.protocol === 'https:';
  const request = (secure ? https : http).request(url, {
    method: 'POST',
    agent: false,
    signal,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-length': content.byteLength,
      'user-agent': 'opensqt',
      ...headers,
    },
  });
  let connected = false;
  request.once('socket', (socket) => {
    socket.once(secure ? 'secureConnect' : 'connect', () => (connected = true));
  });
  const answered = once(request, 'response');
  // One that breaks while the answer is read shows in the answer; without a listener it would end the process.
  request.on('error', () => undefined);
  request.end(content);

  try {
    const [response] = (await answered) as [IncomingMessage];
    return { status: response.statusCode ?? 0, headers: response.headers, ...(await readBody(response)) };
  } catch (error) {
    const why = reasonOf(error, signal);
    throw connected
      ? new DeliveryError(
          'ambiguous',
          `${provider} got the request and did not answer (${why}): the message may have arrived.`,
        )
      : new DeliveryError(
          'transient',
          `${provider} could not be reached (${why}). Check the network, DNS and any proxy in between.`,
        );
  }
}

async function readBody(response: IncomingMessage): Promise<Pick<ProviderAnswer, 'body' | 'complete'>> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > BODY_LIMIT) break;
    }
    const body = Buffer.concat(chunks).subarray(0, BODY_LIMIT).toString('utf8');
    return { body, complete: size <= BODY_LIMIT };
  } catch {
    return { body: Buffer.concat(chunks).subarray(0, BODY_LIMIT).toString('utf8'), complete: false };
  }
}
