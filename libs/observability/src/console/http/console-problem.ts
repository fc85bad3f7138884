/** A request that can't be answered, in the terms of HTTP and with a stable code. */
export class ConsoleProblem extends Error {
  override readonly name = 'ConsoleProblem';

  /** @param retryAfter seconds after which it may succeed */
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}
