/** Why a call to an exchange failed. */
export type ExchangeErrorCode =
  'EXCHANGE_UNAVAILABLE' | 'EXCHANGE_TIMEOUT' | 'EXCHANGE_RATE_LIMITED' | 'EXCHANGE_FAILED';

/**
 * A call that got no answer that says yes or no. Whether it took effect is unknown; it can be repeated, because orders
 * carry a client order id.
 */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';

  constructor(
    readonly code: ExchangeErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Whether a later attempt can succeed without anybody doing anything. */
  get transient(): boolean {
    return this.code !== 'EXCHANGE_FAILED';
  }
}
