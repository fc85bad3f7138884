import { performance } from 'node:perf_hooks';

/** One side of a comparison. */
export interface Side {
  readonly name: string;
  /** Called before each round; not measured. */
  readonly prepare?: () => void | Promise<void>;
  /** One round: does the operation {@link Comparison.operations} times. */
  readonly run: () => unknown;
}

/** One thing that is measured, and what it is measured against. */
export interface Comparison {
  readonly what: string;
  readonly subject: Omit<Side, 'name'>;
  /** The least that such work can cost, or what it replaces. */
  readonly floor: Side;
  readonly operations: number;
  /** How many rounds are measured; a fifth of that many go before, to warm up. @default 15 */
  readonly rounds?: number;
  /** The largest ratio of subject to floor that the design allows; undefined when it sets none. */
  readonly budget?: number;
}

const ROUNDS = 15;

/** Measures both sides in interleaved rounds, so that a noisy machine disturbs both alike, and takes the medians. */
export async function compare(comparison: Comparison): Promise<readonly string[]> {
  const { what, subject, floor, operations, rounds = ROUNDS, budget } = comparison;
  const subjects: number[] = [];
  const floors: number[] = [];
  for (let round = -Math.ceil(rounds / 5); round < rounds; round++) {
    const subjectTime = await timeOf(subject);
    const floorTime = await timeOf(floor);
    if (round < 0) continue;
    subjects.push(subjectTime / operations);
    floors.push(floorTime / operations);
  }
  const [subjectMs, floorMs] = [median(subjects), median(floors)];
  return [
    what,
    duration(subjectMs),
    `${floor.name}: ${duration(floorMs)}`,
    (subjectMs / floorMs).toPrecision(2),
    budget === undefined ? '–' : verdict(subjectMs / floorMs, budget),
  ];
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
