import type { DeliveryFailure } from '@opensqt/trading-events';

/** Further facts about a failed attempt. */
export interface DeliveryErrorOptions {
  readonly cause?: unknown;
  /** The pause that the provider asks for, in milliseconds. */
  readonly retryAfterMs?: number;
}

/**
 * A failed attempt, with the kind of failure that decides what happens next:
 *
 * - `ambiguous`: it may have arrived (timeout after the request was written, reset, an unexpected answer)
 * - `rate_limited`: the provider wants a pause; costs no attempt
 * - `transient`: try again later
 * - `rejected`, `too_large`: this message will never be accepted
 * - `broken`: the channel itself is (bad token, deleted webhook)
 *
 * The message never contains a URL, a token or a request body.
 */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly outcome: DeliveryFailure,
    message: string,
    options: DeliveryErrorOptions = {},
  ) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}
