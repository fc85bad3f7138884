/** The reason that a call to an exchange failed. */
export type ExchangeErrorCode =
  'EXCHANGE_UNAVAILABLE' | 'EXCHANGE_TIMEOUT' | 'EXCHANGE_RATE_LIMITED' | 'EXCHANGE_FAILED';

/**
 * A call without an answer that says yes or no. It may have taken effect or not; it can be repeated, because orders carry a
 * client order id.
 */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';

  constructor(
    readonly code: ExchangeErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }

  /** True when a later attempt can succeed with nothing changed. */
  get transient(): boolean {
    return this.code !== 'EXCHANGE_FAILED';
  }
}
