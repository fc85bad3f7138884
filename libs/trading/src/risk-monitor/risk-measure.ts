/** A figure that follows from observations, one after the other. */
export interface RiskMeasure<Key> {
  /** Records an observation and returns the figure; undefined while there are too few of them. */
  next(key: Key, value: number): number | undefined;
}

/** A measure that trips a breaker: once that is reset, the same past must not trip it again. */
export interface BreakerMeasure<Key> extends RiskMeasure<Key> {
  next(key: Key, value: number): number;
  /** Forgets all observations. */
  clear(): void;
}
