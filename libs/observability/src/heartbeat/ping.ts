import { formatDuration } from '@opensqt/trading-events';
import { HttpFailure, exchange } from '../network/http-exchange';
import type { Network } from '../network/network';
import { type HeartbeatMethod, type Proof, proofIn } from './proof';

/** One request to a dead-man's switch. */
export interface Ping {
  /** A secret: it is in no result. */
  readonly url: URL;
  readonly method: HeartbeatMethod;
  /** Milliseconds for all of it, the answer's body included. */
  readonly timeoutMs: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
  readonly network: Network;
}

/**
 * Requests an address once. Redirects are not followed: a login page that answers for the switch would pass for it.
 *
 * @returns what the answer proves, or why there is none, in words that an operator may see. Never throws.
 */
export async function ping({ url, method, timeoutMs, signal, network }: Ping): Promise<Proof> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const late = { proof: 'refused', reason: `no answer within ${formatDuration(timeoutMs)}` } as const;
  try {
    const answer = await exchange(network, { url, method, signal: AbortSignal.any([timeout, signal]) });
    return !answer.complete && timeout.aborted ? late : proofIn(url, method, answer);
  } catch (error) {
    return timeout.aborted ? late : { proof: 'refused', reason: unreachable(error) };
  }
}

function unreachable(error: unknown): string {
  if (!(error instanceof HttpFailure)) return 'it could not be reached';
  const { reason, proxyStatus } = error;
  return proxyStatus === undefined
    ? `it could not be reached (${reason})`
    : `the proxy does not let it through (it answered ${proxyStatus})`;
}
