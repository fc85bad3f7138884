/** Injection token of what alerts are decided by: an `AlertPolicy`. */
export const ALERT_POLICY = Symbol('ALERT_POLICY');
/** Injection token of the clock that deliveries run on. */
export const WALL_CLOCK = Symbol('WALL_CLOCK');
/** Injection token of the randomness of backoff. */
export const JITTER = Symbol('JITTER');
