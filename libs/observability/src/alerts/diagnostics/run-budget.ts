import { setImmediate } from 'node:timers/promises';

/** Times that something falls due by itself, of both sides together. */
const MAX_STEPS = 50_000;
/** Messages that are kept to be compared, of each side. */
export const MAX_MESSAGES = 50_000;
/** Steps between two turns of others. */
const TURN = 50;

/** A run that would be more work than one may be. */
export class RunTooLongError extends Error {
  override readonly name = 'RunTooLongError';

  constructor(limit: number, what: string) {
    super(
      `The run was stopped after ${limit.toLocaleString('en-US')} ${what}. Run over a shorter part, or lengthen the interval that makes so many (repeat_interval, group_window).`,
    );
  }
}

/** Bounds the steps of a run, and lets others work in between. */
export class RunBudget {
  private steps = 0;

  /** @throws RunTooLongError (rejects) when they are used up */
  async step(): Promise<void> {
    this.steps += 1;
    if (this.steps > MAX_STEPS) throw new RunTooLongError(MAX_STEPS, 'decisions about what fell due');
    if (this.steps % TURN === 0) await setImmediate();
  }
}
