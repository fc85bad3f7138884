import { setTimeout as delay } from 'node:timers/promises';

/** The limit of a wait, and the words of its failure. */
export interface EventuallyOptions {
  /** Milliseconds. @default 100_000, less than a test may last */
  readonly within?: number;
  /** The condition in words. @default its source */
  readonly what?: string;
  /** Further evidence for the failure, such as the output of a process. */
  readonly showing?: () => unknown;
}

type Met = boolean | void; // eslint-disable-line @typescript-eslint/no-invalid-void-type -- an expectation returns nothing

const WITHIN_MS = 100_000;
const PAUSE_MS = 10;
const MAX_SOURCE_LENGTH = 200;

/**
 * Waits until a condition holds: until it returns true, or until the expectation in it is met.
 *
 * @param condition is asked again while it returns false or one of its `expect` calls fails; any other error ends the wait at once
 * @throws Error (rejects) after that time, with what was awaited and the last value seen
 * @example
 * await eventually(() => expect(slack.requests).toHaveLength(2));
 * await eventually(async () => (await health()).status === 'up', { within: 5_000, what: 'the log is healthy' });
 */
export async function eventually(
  condition: () => Met | Promise<Met>,
  { within = WITHIN_MS, what = sourceOf(condition), showing }: EventuallyOptions = {},
): Promise<void> {
  const deadline = performance.now() + within;
  for (;;) {
    const unmet = await unmetReason(condition);
    if (unmet === undefined) return;
    if (performance.now() >= deadline) {
      const evidence = showing === undefined ? '' : `\nMeanwhile:\n${textOf(showing())}`;
      throw new Error(`Not within ${within / 1_000} s: ${what}\nThe last value seen: ${unmet}${evidence}`);
    }
    await delay(PAUSE_MS);
  }
}

async function unmetReason(condition: () => unknown): Promise<string | undefined> {
  try {
    return (await condition()) === false ? 'false' : undefined;
  } catch (error) {
    if (!(error instanceof Error) || !('matcherResult' in error)) throw error;
    return error.message;
  }
}

function sourceOf(condition: () => unknown): string {
  const source = String(condition).replace(/\s+/g, ' ');
  return source.length > MAX_SOURCE_LENGTH ? `${source.slice(0, MAX_SOURCE_LENGTH)}…` : source;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
}
