/** An operator's request to reset a breaker. */
export interface BreakerReset {
  /** The operator's name. */
  readonly by: string;
  readonly reason: string;
}

/** The application's answer. */
export interface BreakerResetResult {
  /** False when no breaker of that scope was tripped. */
  readonly reset: boolean;
  /** The scopes whose breakers are tripped now. */
  readonly tripped: readonly string[];
}

/**
 * The application's breakers: the module passes an operator's request on, and never trades by itself. The application resets the
 * breaker and emits `circuit_breaker.reset` with the name and the reason.
 */
export interface BreakerPort {
  /** Rejects when it cannot be done now; the message is the operator's answer. */
  reset(scope: string, request: BreakerReset): Promise<BreakerResetResult>;
}
