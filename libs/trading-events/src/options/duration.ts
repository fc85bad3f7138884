import { scalar } from './scalar';

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d)$/;

type WrittenDuration = `${number}${keyof typeof UNITS}`;

const LONGEST: WrittenDuration = '365d';
/** The longest that a timer of the system can wait: 2^31 − 1 ms, rounded down; a longer one ends at once. */
export const TIMER_MAX: WrittenDuration = '24.8d';

/** Milliseconds of a duration such as `250ms`, `60s`, `5m`, `4h` or `1d`; undefined when it is none. */
export function parseDuration(written: unknown): number | undefined {
  const milliseconds = millisecondsOf(written);
  return milliseconds !== undefined && milliseconds <= 365 * UNITS.d ? milliseconds : undefined;
}

/** A duration as a file has it, in the largest unit that needs no fraction: `4h`. */
export function writtenDuration(milliseconds: number): string {
  const units = Object.entries(UNITS).toReversed();
  const [unit, size] = units.find(([, one]) => milliseconds % one === 0) ?? ['ms', 1];
  return milliseconds === 0 ? '0s' : `${milliseconds / size}${unit}`;
}

function millisecondsOf(written: unknown): number | undefined {
  const [, count, unit] = (typeof written === 'string' && DURATION.exec(written)) || [];
  return count === undefined || !isUnit(unit) ? undefined : Math.round(Number(count) * UNITS[unit]);
}

/** The bounds of a duration, both inclusive. `max` is {@link TIMER_MAX} where a timer waits for it. */
interface DurationBounds {
  readonly min?: WrittenDuration;
  readonly max?: WrittenDuration;
}

/** A duration: in a file a text with a unit, in code also milliseconds; milliseconds once it is read. */
export function duration({ min = '0ms', max = LONGEST }: DurationBounds = {}) {
  const [shortest = 0, longest = 0] = [min, max].map(millisecondsOf);
  const bound = shortest > 0 ? ` of at least ${min}` : '';
  return scalar<number, number | string>({
    allowed: `a duration${bound} up to ${max}, such as 250ms, 60s, 5m, 4h or 1d`,
    hint: {
      title: 'duration',
      kind: 'duration',
      type: 'string',
      pattern: String.raw`^\d+(\.\d+)?(ms|s|m|h|d)$|\$\{`,
    },
    read: (raw) => {
      const milliseconds = typeof raw === 'number' ? raw : millisecondsOf(raw);
      return milliseconds !== undefined && milliseconds >= shortest && milliseconds <= longest
        ? milliseconds
        : undefined;
    },
  });
}

function isUnit(unit: string | undefined): unit is keyof typeof UNITS {
  return unit !== undefined && Object.hasOwn(UNITS, unit);
}
