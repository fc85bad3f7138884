/** Injection token of the clock that decisions run on: the market's, where there is one. */
export const DECISION_CLOCK = Symbol('DECISION_CLOCK');
/** Injection token of the clock that deliveries run on. */
export const WALL_CLOCK = Symbol('WALL_CLOCK');
/** Injection token of the randomness of backoff. */
export const JITTER = Symbol('JITTER');
/** Injection token of what each channel in use is told of: `Route[]`. */
export const ALERT_ROUTES = Symbol('ALERT_ROUTES');
