import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '@opensqt/trading-events';

/** Something that misbehaves until it is healed. */
export interface Flaky {
  readonly name: string;
  /** The times that it did each thing. */
  readonly moods: Readonly<Record<string, number>>;
  /** From now on it does as it should. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

/** A thing that is there and away by turns. */
export interface Outages {
  readonly random: Random;
  /** Aborts when it is to be there for good. */
  readonly healed: AbortSignal;
  readonly leave: () => Promise<void>;
  readonly comeBack: () => Promise<void>;
}

const MAX_OUTAGE_MS = 1_500;
const MAX_CALM_MS = 4_000;

/** Leaves and comes back at random moments. @returns resolves when it is there for good */
export async function comeAndGo({ random, healed, leave, comeBack }: Outages): Promise<void> {
  const wait = (maxMs: number) =>
    delay(random() * maxMs, undefined, { signal: healed }).catch(() => undefined);
  for (;;) {
    await wait(MAX_CALM_MS);
    if (healed.aborted) return;
    await leave();
    await wait(MAX_OUTAGE_MS);
    await comeBack();
  }
}

/** Counts what happened how often. */
export class Counts<Thing extends string> {
  readonly counts: Partial<Record<Thing, number>> = {};

  add(thing: Thing): void {
    this.counts[thing] = (this.counts[thing] ?? 0) + 1;
  }
}

/** Picks one by its share in a hundred; the first has what is left. */
export function pick<Thing extends string>(random: Random, shares: Readonly<Record<Thing, number>>): Thing {
  const all = Object.entries(shares) as [Thing, number][];
  let rest = random() * 100;
  for (const [thing, share] of all.slice(1)) {
    rest -= share;
    if (rest < 0) return thing;
  }
  return (all[0] as [Thing, number])[0];
}
