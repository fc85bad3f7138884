/**
 * The source of times. Live systems use {@link systemClock}; replays and simulations pass one that keeps the market's time,
 * so that an hour of trades has the same hour of cooldowns and escalations at any speed.
 *
 * @example
 * const frozen: Clock = { now: () => 1_710_374_400_000 };
 */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

/** The machine's wall clock. */
export const systemClock: Clock = { now: () => Date.now() };
