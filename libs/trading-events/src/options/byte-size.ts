import { scalar } from './scalar';

const UNITS = {
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
} as const;
const SIZE = /^(\d{1,9}(?:\.\d{1,3})?)\s?(kB|MB|GB|TB|KiB|MiB|GiB|TiB)$/;

/** Bytes of a size such as `512MB` or `2GiB`; undefined when it is none. */
function parseByteSize(written: unknown): number | undefined {
  const [, count, unit] = (typeof written === 'string' && SIZE.exec(written)) || [];
  if (count === undefined || !isUnit(unit)) return undefined;
  return Math.round(Number(count) * UNITS[unit]);
}

/** A size: in a file a text with a unit, in code also bytes; bytes once it is read. */
export function byteSize({ min }: { readonly min: `${number}${keyof typeof UNITS}` }) {
  const smallest = parseByteSize(min) ?? 0;
  return scalar<number, number | string>({
    allowed: `a size of at least ${min}, such as 500MB, 2GB or 1.5GiB`,
    hint: {
      title: 'size',
      kind: 'size',
      type: 'string',
      pattern: String.raw`^\d+(\.\d+)? ?[kMGT]i?B$|\$\{`,
    },
    read: (raw) => {
      const bytes = typeof raw === 'number' ? raw : parseByteSize(raw);
      return bytes !== undefined && bytes >= smallest && bytes < Infinity ? bytes : undefined;
    },
  });
}

function isUnit(unit: string | undefined): unit is keyof typeof UNITS {
  return unit !== undefined && Object.hasOwn(UNITS, unit);
}
