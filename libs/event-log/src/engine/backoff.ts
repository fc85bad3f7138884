const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/** How long to wait after that many failures in a row (1, 2, …): 100 ms, doubled each time, 5 s at most. */
export function backoffMs(failures: number): number {
  return Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
}
