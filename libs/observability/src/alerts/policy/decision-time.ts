import type { EpochMs } from '@opensqt/trading-events';

/** An event's time may be so far (ms) ahead of the clock that decisions run on: clocks of two machines differ by less. */
const AHEAD_MS = 1_000;
/** A clock that goes back by more (ms) was set; by less, nothing waits for long. */
export const SET_BACK_MS = 2 * AHEAD_MS;

/**
 * The time that is decided for. It follows the events, never goes beyond what the clock says, and goes back only when the clock was set
 * back: one event with a time of its own ends no silence and closes no summary.
 */
export class DecisionTime {
  private latest = -Infinity;
  /** True while only events have said what time it is. */
  private isOfEvents = false;
  private wasClamped = false;

  /**
   * The time to decide for something that happened then.
   *
   * @param clock the time by the clock that decisions run on; undefined while that is not known
   */
  at(occurredAt: EpochMs, clock: EpochMs | undefined): EpochMs {
    const bounded = clock === undefined ? occurredAt : Math.min(occurredAt, clock + AHEAD_MS);
    if (clock !== undefined && this.isOfEvents && this.latest > clock + AHEAD_MS) {
      this.latest = clock;
      this.wasClamped = true;
    }
    this.isOfEvents = clock === undefined;
    this.latest = Math.max(this.latest, bounded);
    return this.latest;
  }

  /** True when the clock was set back since, or has turned out to be behind the events. */
  isAheadOf(clock: EpochMs): boolean {
    return this.wasClamped || clock < this.latest - SET_BACK_MS;
  }

  /**
   * Goes back with the clock, if that was set back.
   *
   * @returns true when it was
   */
  follow(clock: EpochMs): boolean {
    const wasSetBack = this.isAheadOf(clock);
    if (wasSetBack) this.latest = Math.min(this.latest, clock);
    this.wasClamped = false;
    return wasSetBack;
  }
}

/**
 * The times that events which follow one another are believed to be of, where there is no clock to compare with: one that is later than
 * both of the next two is of their time.
 */
export function believedTimes(times: readonly EpochMs[]): readonly EpochMs[] {
  return times.map((time, index) => {
    const next = times.slice(index + 1, index + 3);
    return next.length < 2 ? time : Math.min(time, Math.max(...next));
  });
}
