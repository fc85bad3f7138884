import type { DurationMs, EpochMs } from '../events/domain-event';
import type { FieldRule } from './catalogue-entry';
import { Fault, wrongType } from './rejection';

const DAY_MS = 86_400_000;
/** The longest duration that an event or a request may state: ten years, in milliseconds. */
export const LONGEST_DURATION: DurationMs = 3_653 * DAY_MS;
/** The first time that an event or a request may state: the beginning of 2000, UTC. Earlier ones are in another unit. */
export const FIRST_TIME: EpochMs = Date.UTC(2000, 0);
/** The last time that an event or a request may state: the beginning of 2200, UTC. Later ones are in another unit. */
export const LAST_TIME: EpochMs = Date.UTC(2200, 0);
/** A deadline is set from a time, so that it may lie beyond the last one. */
const LAST_DEADLINE = LAST_TIME + LONGEST_DURATION;

const inMilliseconds = 'epoch milliseconds between the years 2000 and 2200';
/** Units that sources mistake for milliseconds: the number of them in one, and the remedy. */
const UNITS = [
  [1 / 1_000, 'seconds: multiply it by 1,000'],
  [1_000, 'microseconds: divide it by 1,000'],
  [1_000_000, 'nanoseconds: divide it by 1,000,000'],
] as const;

/** Milliseconds, finite, not negative, up to ten years. */
export const duration: FieldRule = number('milliseconds', 'milliseconds, zero or more', (value) =>
  value > LONGEST_DURATION ? new Fault('out_of_range', 'milliseconds, at most ten years') : value,
);

/** Epoch milliseconds. */
export const time = timeUntil(LAST_TIME);

/** Epoch milliseconds of something that is still to come. */
export const deadline = timeUntil(LAST_DEADLINE);

/** A whole number, zero or more. */
export const count: FieldRule = number('count', 'a whole number, zero or more', (value) =>
  Number.isSafeInteger(value) ? value : wrongType('a whole number, zero or more'),
);

function timeUntil(max: number): FieldRule {
  return number('epoch milliseconds', inMilliseconds, (value) => {
    if (value >= FIRST_TIME && value <= max) return value;
    const unit = UNITS.find(([perMs]) => value >= FIRST_TIME * perMs && value <= LAST_TIME * perMs)?.[1];
    return unit === undefined
      ? new Fault('out_of_range', inMilliseconds)
      : new Fault('wrong_unit', `${inMilliseconds}; this one looks like ${unit}`);
  });
}

/** A number that is finite and not negative, and whatever else `within` asks for. */
function number(kind: string, allowed: string, within: (value: number) => number | Fault): FieldRule {
  const noNumber = wrongType(allowed);
  const notFinite = new Fault('not_finite', allowed);
  const negative = new Fault('negative', allowed);
  return {
    kind,
    parse: (value) => {
      if (typeof value !== 'number') return noNumber;
      if (!Number.isFinite(value)) return notFinite;
      // Minus zero is zero: JSON has one for both.
      return value < 0 ? negative : within(value === 0 ? 0 : value);
    },
  };
}
