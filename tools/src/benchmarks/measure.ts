import { performance } from 'node:perf_hooks';

/** One side of a comparison. */
export interface Side {
  /** Called before each round; not measured. */
  readonly prepare?: () => unknown;
  /** One round: does the operation {@link Comparison.operations} times. */
  readonly run: () => unknown;
}

/** The least that such work can cost, or what it replaces. */
export interface Floor extends Side {
  readonly name: string;
  /** The largest ratio of subject to floor that the design allows, or aims at. */
  readonly budget: number;
  readonly isAim?: boolean;
}

/** Something that is measured, and its floors. */
export interface Comparison {
  readonly what: string;
  readonly subject: Side;
  readonly floors: readonly Floor[];
  readonly operations: number;
  /** The rounds that are measured; a fifth as many go before, to warm up. @default 15 */
  readonly rounds?: number;
  /** Measures the processor time of this thread, to which others on the machine add little. It comes in coarse ticks: means are taken. @default false */
  readonly processorTime?: boolean;
}

/** The cells of a line in a suite's table: what, median, against, ratio, budget. */
export type Row = readonly string[];

/** Measures all sides in interleaved rounds, so that a noisy machine disturbs them alike, and takes what is typical: a row for each floor. */
export async function compare(comparison: Comparison): Promise<readonly Row[]> {
  const { what, subject, floors, operations, rounds = 15, processorTime = false } = comparison;
  const clock = processorTime ? threadCpu : () => performance.now();
  const typical = processorTime ? mean : median;
  const sides = [subject, ...floors];
  const times: number[][] = sides.map(() => []);
  for (let round = -Math.ceil(rounds / 5); round < rounds; round++) {
    for (const [index, side] of sides.entries()) {
      await side.prepare?.();
      const startedAt = clock();
      await side.run();
      const time = clock() - startedAt;
      if (round >= 0) times[index]?.push(time / operations);
    }
  }
  const [subjectMs = NaN, ...floorMs] = times.map(typical);
  return floors.map(({ name, budget, isAim = false }, index) => {
    const row = durationRow(what, subjectMs, name, floorMs[index] ?? NaN, budget);
    return isAim ? row.with(-1, `aim ${row.at(-1) ?? ''}`) : row;
  });
}

/** The row of a duration beside its floor's, both in milliseconds. */
export function durationRow(what: string, ms: number, floor: string, floorMs: number, budget?: number): Row {
  const ratio = ms / floorMs;
  const judged = budget === undefined ? '–' : verdict(ratio, budget);
  return [what, duration(ms), `${floor}: ${duration(floorMs)}`, ratio.toPrecision(2), judged];
}

/** The budget, and whether it was kept. */
export function verdict(value: number, budget: number, unit = ''): string {
  const kept = value <= budget ? 'met' : `missed by ${(value / budget).toPrecision(2)} ×`;
  return `≤ ${budget}${unit}: ${kept}`;
}

/** Milliseconds, in the unit that reads best. */
export function duration(ms: number): string {
  if (ms >= 1e3) return `${(ms / 1e3).toPrecision(3)} s`;
  if (ms >= 1) return `${ms.toPrecision(3)} ms`;
  return ms >= 0.01 ? `${(ms * 1e3).toFixed(0)} µs` : `${(ms * 1e6).toFixed(0)} ns`;
}

/** The value that a part `q` (0 to 1) of the values lies below. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

/** Processor time of this thread, in milliseconds. */
export function threadCpu(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e3;
}
