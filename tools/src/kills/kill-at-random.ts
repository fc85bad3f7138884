import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '@opensqt/trading-events';
import type { KilledProcess } from './killed-process';

/** A script that is killed again and again, and what is looked at in between. */
export interface KillPlan<Message> {
  readonly kills: number;
  readonly random: Random;
  /** The limit of the life of a process that has started, in milliseconds. */
  readonly maxLifeMs: number;
  readonly start: (run: number) => KilledProcess<Message> | Promise<KilledProcess<Message>>;
  readonly onStart?: (process: KilledProcess<Message>, first: Message, run: number) => Promise<void>;
  /** Looks at what a killed process left. */
  readonly onKill: (process: KilledProcess<Message>) => void | Promise<void>;
}

/** One kill in so many falls while the process starts; never the first, which would leave nothing to start from. */
const DURING_START = 8;
const MAX_START_MS = 400;

/**
 * Starts a process, kills it at a random moment, and starts it again.
 *
 * @returns the number of kills that fell before the process had started
 * @throws Error (rejects) when a process ends by itself
 */
export async function killAtRandom<Message>(plan: KillPlan<Message>): Promise<number> {
  const { kills, random, maxLifeMs, start, onStart, onKill } = plan;
  let duringStart = 0;
  for (let run = 0; run < kills; run++) {
    const process = await start(run);
    try {
      const early = run > 0 && random() < 1 / DURING_START;
      const starting = process.started();
      starting.catch(() => undefined); // an early kill ends it, and kill() says when it was none
      const first = early ? await Promise.race([starting, delay(random() * MAX_START_MS)]) : await starting;
      if (first === undefined) duringStart += 1;
      else {
        await onStart?.(process, first as Message, run);
        await delay(random() * maxLifeMs);
      }
      await process.kill();
    } finally {
      await process.end();
    }
    await onKill(process);
  }
  return duringStart;
}
