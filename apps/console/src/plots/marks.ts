/** Own fills of one side that lie within a mark's width of each other. */
interface Mark {
  readonly x: number;
  readonly y: number;
  readonly fills: number;
}

/** Merges marks closer together than `width` pixels; they stand in the middle of what they are of. */
export function mergeMarks(marks: readonly Mark[], width: number): readonly Mark[] {
  const merged: Mark[] = [];
  for (const mark of [...marks].sort((a, b) => a.x - b.x)) {
    const last = merged.at(-1);
    if (last && mark.x - last.x < width && Math.abs(mark.y - last.y) < width * 2) {
      const fills = last.fills + mark.fills;
      const part = mark.fills / fills;
      merged[merged.length - 1] = {
        x: last.x + (mark.x - last.x) * part,
        y: last.y + (mark.y - last.y) * part,
        fills,
      };
    } else {
      merged.push(mark);
    }
  }
  return merged;
}

/** The width of a mark in pixels: its area goes with the number of fills, up to a limit. */
export const markSize = (fills: number): number => Math.min(8 * Math.sqrt(fills), 14);

/** Values with a hole wherever more than `apart` lies between two times. */
export function withGaps(
  at: readonly number[],
  values: readonly number[],
  apart: number,
): readonly [number[], (number | null)[]] {
  const times: number[] = [];
  const held: (number | null)[] = [];
  at.forEach((time, index) => {
    const before = times.at(-1);
    if (before !== undefined && time - before > apart) {
      times.push(before + apart / 2);
      held.push(null);
    }
    times.push(time);
    held.push(values[index] ?? null);
  });
  return [times, held];
}
