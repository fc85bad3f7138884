import { performance } from 'node:perf_hooks';

/** One thing that is measured, and what it is measured against. */
export interface Comparison {
  readonly name: string;
  /** Does the work that many times. */
  readonly subject: (times: number) => void;
  /** The floor: the least that such work can cost. */
  readonly floor: (times: number) => void;
  readonly floorName: string;
  /** The ratio that the design allows. */
  readonly budget: string;
}

/** What was measured, in nanoseconds per operation. */
export interface Measurement {
  readonly name: string;
  readonly subjectNs: number;
  readonly floorNs: number;
  readonly floorName: string;
  /** subject ÷ floor */
  readonly ratio: number;
  readonly budget: string;
}

const ROUNDS = 15;
const TIMES = 100_000;

/** Measures both sides in interleaved rounds, so that a noisy machine disturbs both alike, and takes the medians. */
export function compare({ name, subject, floor, floorName, budget }: Comparison): Measurement {
  const subjects: number[] = [];
  const floors: number[] = [];
  subject(TIMES);
  floor(TIMES);
  for (let round = 0; round < ROUNDS; round++) {
    subjects.push(nanosecondsPerCall(subject));
    floors.push(nanosecondsPerCall(floor));
  }
  const subjectNs = median(subjects);
  const floorNs = median(floors);
  return { name, subjectNs, floorNs, floorName, ratio: subjectNs / floorNs, budget };
}

function nanosecondsPerCall(work: (times: number) => void): number {
  const startedAt = performance.now();
  work(TIMES);
  return ((performance.now() - startedAt) * 1e6) / TIMES;
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
