/** Stable codes of what can keep the market maker from running. */
export type TradingErrorCode =
  | 'OPTIONS_INVALID'
  | 'RECORDING_UNREADABLE'
  | 'RECORDING_FORMAT_UNKNOWN'
  | 'RECORDING_UNSORTED'
  | 'RECORDING_EMPTY';

/** Says what happened, to what, and what the operator can do. */
export class TradingError extends Error {
  override readonly name = 'TradingError';

  constructor(
    readonly code: TradingErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
