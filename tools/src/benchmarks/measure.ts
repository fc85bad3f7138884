import { performance } from 'node:perf_hooks';

/** One side of a comparison. */
export interface Side {
  readonly name: string;
  /** Called before each round; not measured. */
  readonly prepare?: () => void | Promise<void>;
  /** One round: does the operation {@link Comparison.operations} times. */
  readonly run: () => unknown;
}

/** Something that is measured, and its floors: the least that such work can cost, or what it replaces. */
export interface Comparison {
  readonly what: string;
  readonly subject: Omit<Side, 'name'>;
  readonly floors: readonly Floor[];
  readonly operations: number;
  /** The rounds that are measured; a fifth as many go before, to warm up. @default 15 */
  readonly rounds?: number;
}

export interface Floor extends Side {
  /** The largest ratio of subject to floor that the design allows, or aims at. */
  readonly budget: number;
  readonly isAim?: boolean;
}

/** The cells of a line in a suite's table: what, median, against, ratio, budget. */
export type Row = readonly string[];

const ROUNDS = 15;

/** Measures all sides in interleaved rounds, so that a noisy machine disturbs them alike, and takes the medians: a row for each floor. */
export async function compare(comparison: Comparison): Promise<readonly Row[]> {
  const { what, subject, floors, operations, rounds = ROUNDS } = comparison;
  const sides = [subject, ...floors];
  const times: number[][] = sides.map(() => []);
  for (let round = -Math.ceil(rounds / 5); round < rounds; round++) {
    for (const [index, side] of sides.entries()) {
      const time = await timeOf(side);
      if (round >= 0) times[index]?.push(time / operations);
    }
  }
  const [subjectMs = NaN, ...floorMs] = times.map(median);
  return floors.map(({ name, budget, isAim = false }, index) => {
    const ms = floorMs[index] ?? NaN;
    return [
      what,
      duration(subjectMs),
      `${name}: ${duration(ms)}`,
      (subjectMs / ms).toPrecision(2),
      `${isAim ? 'aim ' : ''}${verdict(subjectMs / ms, budget)}`,
    ];
  });
}

/** The budget, and whether it was kept. */
export function verdict(value: number, budget: number, unit = ''): string {
  const kept = value <= budget ? 'met' : `missed by ${(value / budget).toPrecision(2)} ×`;
  return `≤ ${budget}${unit}: ${kept}`;
}

/** Milliseconds, in the unit that reads best. */
export function duration(ms: number): string {
  if (ms >= 1) return `${ms.toPrecision(3)} ms`;
  return ms >= 0.01 ? `${(ms * 1e3).toFixed(0)} µs` : `${(ms * 1e6).toFixed(0)} ns`;
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that a part `q` (0 to 1) of the values lies below. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}

async function timeOf({ prepare, run }: Omit<Side, 'name'>): Promise<number> {
  await prepare?.();
  const startedAt = performance.now();
  await run();
  return performance.now() - startedAt;
}
