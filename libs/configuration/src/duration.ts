import { scalar } from './scalar';

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h|d)$/;
const LONGEST_DAYS = 365;

/** Milliseconds of a duration such as `250ms`, `60s`, `5m`, `4h` or `1d`; undefined when it is none. */
export function parseDuration(written: unknown): number | undefined {
  const [, count, unit] = (typeof written === 'string' && DURATION.exec(written)) || [];
  if (count === undefined || !isUnit(unit)) return undefined;
  const milliseconds = Math.round(Number(count) * UNITS[unit]);
  return milliseconds <= LONGEST_DAYS * UNITS.d ? milliseconds : undefined;
}

/** The duration in the largest unit that needs no fraction, as {@link parseDuration} reads it. */
export function formatDuration(milliseconds: number): string {
  const units = Object.entries(UNITS).toReversed();
  const [unit, size] = units.find(([, each]) => milliseconds >= each && milliseconds % each === 0) ?? [
    'ms',
    1,
  ];
  return `${milliseconds / size}${unit}`;
}

/** A duration: text with a unit in the file, milliseconds once it is read. */
export function duration({ least = 0 }: { readonly least?: number } = {}) {
  const bound = least > 0 ? ` of at least ${least}ms` : '';
  const allowed = `a duration${bound} up to ${LONGEST_DAYS}d, such as 250ms, 60s, 5m, 4h or 1d`;
  return scalar<number>({
    allowed,
    hint: { title: 'duration', type: 'string', pattern: String.raw`^\d+(\.\d+)?(ms|s|m|h|d)$|\$\{` },
    read: (raw) => {
      const milliseconds = parseDuration(raw);
      return milliseconds !== undefined && milliseconds >= least ? milliseconds : undefined;
    },
    explain: (raw) =>
      typeof raw === 'number'
        ? `a duration with its unit: write ${raw}s for seconds or ${raw}ms for milliseconds`
        : undefined,
  });
}

function isUnit(unit: string | undefined): unit is keyof typeof UNITS {
  return unit !== undefined && Object.hasOwn(UNITS, unit);
}
